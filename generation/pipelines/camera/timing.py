"""When each shot of a clip moves: even speed in the middle, soft ends, one into the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""One value a frame."""

RAMP = 0.15
"""Share of a clip in which a move gathers or loses its speed."""
AT_ONCE = 1e-9
"""The same where it has its speed already."""
EVEN, EVENER = 0.95, 0.99
"""How even the speed of a loop is between its turns, and that of a boomerang, which is meant to be
seen to turn: 0 is a pendulum's, 1 turns within no time."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a path, in shares of it from 0 to 1, in which one shot moves."""

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


@dataclass(frozen=True, slots=True)
class Course:
    """How a clip goes along its path: `at` is the share of it that is covered at each frame.

    `seconds` are those of one way. One that `returns` leads from its last frame into its first.
    `before` frames of an earlier clip come first: what is unsteady by itself goes on from them.
    """

    at: Curve
    fps: int
    seconds: float
    before: int = 0
    returns: bool = False

    @property
    def frames(self) -> int:
        return len(self.at)

    @property
    def lasts(self) -> float:
        """Seconds until it begins anew, if it does."""
        return self.frames / self.fps


def onward(frames: int, fps: int, before: int = 0) -> Course:
    return Course(clock(frames), fps, (frames - 1) / fps, before)


def round_trip(frames: int, fps: int, *, from_the_end: bool) -> Course:
    """Forth along the path and back: from one end of it, or from its middle.

    In the middle the speed is even, so that the seam of a loop is not seen. No two frames are the
    same as long as their number is odd: each turn lies between two of them. The path itself needs
    no ramps: the turns are soft enough.
    """
    even = EVENER if from_the_end else EVEN
    begins = -0.25 + 0.25 / frames if from_the_end else 0.0
    turned = np.arange(frames) / frames + begins
    way = np.arcsin(even * np.sin(2 * np.pi * turned)) / np.arcsin(even)
    return Course(0.5 + 0.5 * way, fps, frames / fps / 2, returns=True)


def windows(shots: int, *, soft: bool = True) -> list[Window]:
    """Equal parts of the path; neighbours share a ramp, so that one melts into the next.

    `soft`: whether the first gathers its speed and the last one loses it.
    """
    ramp = min(RAMP, 0.3 / max(shots, 1))
    edges = [(k / shots - ramp / 2, k / shots + ramp / 2) for k in range(1, shots)]
    outer = ramp if soft else AT_ONCE
    edges = [(0.0, outer), *edges, (1.0 - outer, 1.0)]
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
