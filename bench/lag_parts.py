"""The event loop's lag as the program counts it itself, in the buckets of its metrics."""

from __future__ import annotations

import math

import httpx
from prometheus_client.parser import text_string_to_metric_families

LAG = "photoplay_event_loop_lag_seconds"

Buckets = dict[float, float]
"""Upper bound in seconds → observations up to it, as Prometheus counts."""


def lag_at(url: str) -> Buckets:
    families = text_string_to_metric_families(httpx.get(f"{url}/metrics").text)
    [family] = [family for family in families if family.name == LAG]
    return {
        float(sample.labels["le"]): sample.value
        for sample in family.samples
        if sample.name == f"{LAG}_bucket"
    }


def between(before: Buckets, after: Buckets) -> Buckets:
    return {bound: after[bound] - before[bound] for bound in after}


def bound_ms(buckets: Buckets, share: float) -> float:
    """The smallest bucket bound, in ms, that at least this share of the observations keeps."""
    total = buckets[math.inf]
    return 1000 * min(bound for bound, count in buckets.items() if count >= share * total)
