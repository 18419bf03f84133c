"""What an operator wants to see on a graph; one object owns the numbers."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560)

LAGS = (0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 5)


class Metrics:
    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.waiting = Gauge("photoplay_queue_depth", "Jobs that wait.", registry=registry)
        self.wait_seconds = self._seconds("wait", "From a request to its start.", SECONDS)
        self.render_seconds = self._seconds("render", "From its start to the clip.", SECONDS)
        self.loop_lag = self._seconds("event_loop_lag", "How late the loop woke up.", LAGS)
        self.outcomes = self._count("jobs", "Jobs that ended, by outcome.", "outcome")
        self.clips = self._count("engine_clips", "Clips made, by engine.", "engine")
        self.engine_starts = self._count("engine_starts", "Starts: all but the first again.")
        self.engine_losses = self._count("engine_losses", "Engines that died or were killed.")

    def _seconds(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        name = f"photoplay_{name}_seconds"
        return Histogram(name, text, buckets=buckets, registry=self.registry)

    def _count(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"photoplay_{name}_total", text, labels, registry=self.registry)
