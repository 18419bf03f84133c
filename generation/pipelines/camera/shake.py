"""A camera that is nowhere fixed: the unsteadiness of a hand, and the drift of one that floats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.pipelines.camera.random_streams import dice
from generation.pipelines.camera.timing import Curve

LOWEST, HIGHEST = 0.3, 3.0
"""Hz. Below it is walking about, above it is muscle tremor, which lenses and eyes smooth away."""
VOICES = 14
SWAY = 0.0055
"""Root mean square of the sway in frame widths."""
ROLL = 0.0035
"""The same of the roll in radians."""
BREATH = 0.003
"""The same of the distance to the picture, as a share of it."""
DRIFT = 0.02
"""How far a floating camera gets from its place, in frame widths."""
SLOWEST = (0.05, 0.09)
"""Hz, in which it goes there and back."""


@dataclass(frozen=True, slots=True)
class Sway:
    """One value a frame: `x`, `y` in frame sizes, `roll` in radians, `zoom` as a logarithm."""

    x: Curve
    y: Curve
    roll: Curve
    zoom: Curve

    def after(self, frames: int) -> Sway:
        """Without the first `frames`."""
        return Sway(self.x[frames:], self.y[frames:], self.roll[frames:], self.zoom[frames:])


def shake(
    frames: int, fps: int, seed: int, extent: float, pace: float, period: float | None = None
) -> Sway:
    """Amplitudes fall as 1/f, so that each octave is half as wide as the one below it.

    It begins anew after `period` seconds, where there is one, without a jump.
    """
    rng = dice(seed, "handheld")
    time = np.arange(frames) / fps
    x, y, roll, zoom = (_voices(time, rng, pace**0.5, period) for _ in range(4))
    return Sway(
        x=extent * SWAY * x,
        y=extent * SWAY * 0.8 * y,
        roll=extent * ROLL * roll,
        zoom=extent * BREATH * zoom,
    )


def drift(
    frames: int, fps: int, seed: int, extent: float, pace: float, period: float | None = None
) -> Sway:
    """One slow wave for each way it can go, so that it never goes back on its own path."""
    rng = dice(seed, "drift")
    pitch, calm = _whole(pace * rng.uniform(*SLOWEST, size=(4, 1)), period)
    turns = np.arange(frames) / fps * pitch
    x, y, roll, zoom = extent * DRIFT * calm * np.sin(2 * np.pi * (turns + rng.random((4, 1))))
    return Sway(x=x, y=0.7 * y, roll=0.4 * roll, zoom=1.2 * zoom)


def _whole(pitch: Curve, period: float | None) -> tuple[Curve, Curve]:
    """Whole turns within the period, and by how much they are smaller so as to be no quicker."""
    if period is None:
        return pitch, np.ones_like(pitch)
    whole = np.maximum(np.round(pitch * period), 1.0) / period
    return whole, np.minimum(pitch / whole, 1.0)


def _voices(
    time: Curve, rng: np.random.Generator, pace: float, period: float | None = None
) -> Curve:
    edges = np.geomspace(LOWEST, HIGHEST, VOICES + 1)
    pitch = edges[:-1] * (edges[1:] / edges[:-1]) ** rng.random(VOICES)
    phase = 2 * np.pi * rng.random(VOICES)
    pitch, calm = _whole(np.clip(pitch * pace, LOWEST, HIGHEST), period)
    # Equally many voices an octave, each with amplitude 1/f, are a power of 1/f³ in each hertz.
    loudness = (pitch / pitch[0]) ** -1.0
    waves = (calm * loudness)[:, None] * np.sin(2 * np.pi * pitch[:, None] * time + phase[:, None])
    sway: Curve = waves.sum(axis=0) / np.sqrt((loudness**2).sum() / 2)
    return sway
