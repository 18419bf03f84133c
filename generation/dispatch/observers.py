"""Whoever is told how the jobs go: those who watch, the estimate that learns, the metrics."""

from __future__ import annotations

from generation.dispatch.estimate import Estimator
from generation.dispatch.film_progress import FilmProgress
from generation.dispatch.metrics import Metrics
from generation.dispatch.watchers import Watchers


class Observers:
    def __init__(self) -> None:
        self.estimator = Estimator()
        self.films = FilmProgress(self.estimator)
        self.watchers = Watchers(self.films)
        self.metrics = Metrics()
