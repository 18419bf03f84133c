"""Whoever is told how the jobs go: those who watch, the estimate that learns, the metrics."""

from __future__ import annotations

from dataclasses import dataclass, field

from generation.dispatch.estimate import Estimator
from generation.dispatch.metrics import Metrics
from generation.dispatch.watchers import Watchers


@dataclass(frozen=True, slots=True)
class Observers:
    watchers: Watchers = field(default_factory=Watchers)
    estimator: Estimator = field(default_factory=Estimator)
    metrics: Metrics = field(default_factory=Metrics)
