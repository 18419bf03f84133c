"""When each shot of a clip moves: even speed in the middle, soft ends, one into the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""One value a frame."""

RAMP = 0.15
"""Share of a clip in which a move gathers or loses its speed."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a clip, in shares of it from 0 to 1, in which one shot moves."""

    begin: tuple[float, float]
    end: tuple[float, float]

    def progress(self, clock: Curve) -> Curve:
        """The way covered at each time, from 0 to 1; its slope is constant between the ramps."""
        whole = sum(self.end) / 2 - sum(self.begin) / 2
        return (_ramped(clock, *self.begin) - _ramped(clock, *self.end)) / whole

    def presence(self, clock: Curve) -> Curve:
        """How far the shot is on, from 0 to 1."""
        return _risen(clock, *self.begin) - _risen(clock, *self.end)

    @property
    def share(self) -> float:
        return sum(self.end) / 2 - sum(self.begin) / 2


def windows(shots: int) -> list[Window]:
    """Equal parts of the clip; neighbours share a ramp, so that one melts into the next."""
    ramp = min(RAMP, 0.3 / max(shots, 1))
    edges = [(k / shots - ramp / 2, k / shots + ramp / 2) for k in range(1, shots)]
    edges = [(0.0, ramp), *edges, (1.0 - ramp, 1.0)]
    return [Window(edges[k], edges[k + 1]) for k in range(shots)]


def clock(frames: int) -> Curve:
    """The time of each frame as a share of the clip: the first at 0, the last at 1."""
    return np.linspace(0.0, 1.0, frames)


def _risen(time: Curve, start: float, stop: float) -> Curve:
    """A raised cosine from 0 to 1, flat on both sides."""
    x = np.clip((time - start) / (stop - start), 0.0, 1.0)
    return 0.5 - 0.5 * np.cos(np.pi * x)


def _ramped(time: Curve, start: float, stop: float) -> Curve:
    """The integral of `_risen`."""
    x = np.clip((time - start) / (stop - start), 0.0, 1.0)
    within = (stop - start) * (x / 2 - np.sin(np.pi * x) / (2 * np.pi))
    return within + np.maximum(time - stop, 0.0)
