"""Every engine as its metrics show it, asked of the workers whenever somebody collects them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from generation.dispatch.engine_state import EngineState, EngineStatus


class EngineCollector(Collector):
    def __init__(self, states: Callable[[], Sequence[EngineState]]) -> None:
        self._states = states

    def collect(self) -> Iterable[GaugeMetricFamily]:
        labels = ["engine", "kind", "model"]
        status = GaugeMetricFamily(
            "photoplay_engine_status",
            "1 for how the engine stands now.",
            labels=[*labels, "status"],
        )
        jobs = GaugeMetricFamily("photoplay_engine_jobs", "What it makes now.", labels=labels)
        places = GaugeMetricFamily(
            "photoplay_engine_capacity", "Clips it renders at once.", labels=labels
        )
        for state in self._states():
            named = [state.name, state.engine, state.model]
            for one in EngineStatus:
                status.add_metric([*named, one.value], float(one is state.status))
            jobs.add_metric(named, len(state.jobs))
            places.add_metric(named, state.capacity)
        return status, jobs, places
