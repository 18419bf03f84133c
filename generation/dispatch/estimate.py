"""How long a clip will take, learned from the last ones; silent until there is data."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from statistics import median

from generation.store.history import Timing

MEMORY = 20
"""Clips remembered: enough to smooth out noise, few enough to follow a change of load."""


class Estimator:
    """Fits `seconds = start + rate·cost` to the last clips, weighing relative errors equally.

    Weighted least squares with weights 1/seconds², so a thumbnail counts as much as a film; with
    costs too alike to tell the two apart it falls back to the median rate.
    """

    def __init__(self, timings: Iterable[Timing] = ()) -> None:
        self._timings = deque(timings, maxlen=MEMORY)
        self._fitted: tuple[float, float] | None = None

    def learn(self, cost: float, seconds: float) -> None:
        """`cost` in frame·pixel·steps, `seconds` of rendering and encoding without start-up."""
        if seconds > 0:
            self._timings.append(Timing(cost, seconds))
            self._fitted = None

    def seconds(self, cost: float, *, clips: int = 1) -> float | None:
        """Expected seconds for so many clips of this cost together; `None` without data."""
        if not self._timings:
            return None
        self._fitted = start, rate = self._fitted or self._fit()
        return start * clips + rate * cost

    def _fit(self) -> tuple[float, float]:
        weights = [1 / timing.seconds**2 for timing in self._timings]
        total = sum(weights)
        pairs = list(zip(weights, self._timings, strict=True))
        mean_cost = sum(w * t.cost for w, t in pairs) / total
        mean_seconds = sum(w * t.seconds for w, t in pairs) / total
        spread = sum(w * (t.cost - mean_cost) ** 2 for w, t in pairs)
        if spread > 1e-3 * total * mean_cost**2:
            slope = sum(w * (t.cost - mean_cost) * (t.seconds - mean_seconds) for w, t in pairs)
            rate = slope / spread
            start = mean_seconds - rate * mean_cost
            if rate > 0 and start >= 0:
                return start, rate
        return 0.0, median(timing.seconds / timing.cost for timing in self._timings)
