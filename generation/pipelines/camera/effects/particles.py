"""Drops and flakes in layers of depth: where each is at a time, and how it leaves its trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.media import opencv
from generation.media.frames import Field
from generation.pipelines.camera.raster import enlarged

SHUTTER = 0.5
"""Share of a frame's time in which film is exposed; what moves is smeared by that much."""
FINE = 4
"""Binary digits of a pixel in coordinates for OpenCV's drawing, which is in whole numbers."""
GOLDEN = 0.6180339887
"""A step which fills an interval evenly: where a particle comes in again is new each time."""

Places = NDArray[np.float64]
"""(particles, 2): x, y in pixels."""


@dataclass(frozen=True, slots=True)
class ParticleLayer:
    """Particles at one distance, in units of the frame's height (and seconds).

    `nearness` 0 to 1; `count` of them in a square frame; `speed` downwards; `size` across;
    `opacity` 0 to 1; `soft` is the blur of what is out of focus.
    """

    nearness: float
    count: int
    speed: float
    size: float
    opacity: float
    soft: float = 0.0


class Flurry:
    """The particles of one layer of one clip; the same for the same stream of chance."""

    def __init__(
        self, layer: ParticleLayer, width: int, height: int, rng: np.random.Generator
    ) -> None:
        count = max(1, round(layer.count * width / height))
        self.layer = layer
        self._width, self._height = width, height
        self._across, self._down = rng.random(count), rng.random(count)
        self._pace = 0.85 + 0.3 * rng.random(count)
        self._phase, self._pitch = 2 * np.pi * rng.random(count), 0.25 + 0.5 * rng.random(count)

    def places(self, time: float, wind: float, sway: float, drift: tuple[float, float]) -> Places:
        """`wind` in pixels a second, `sway` in pixels to both sides."""
        margin = 0.1 * self._height
        tall, wide = self._height + 2 * margin, self._width + 2 * margin
        fallen = self._down + (self._pace * self.layer.speed * self._height * time) / tall
        fallen = fallen + self.layer.nearness * drift[1] / tall
        rounds = np.floor(fallen)
        swayed = sway * np.sin(2 * np.pi * self._pitch * time + self._phase)
        moved = wind * time + self.layer.nearness * drift[0] + swayed
        across = (self._across + rounds * GOLDEN + moved / wide) % 1.0
        return np.stack([across * wide - margin, (fallen - rounds) * tall - margin], axis=1)

    def drawn(self, begins: Places, moves: Places) -> Field:
        """(height, width), 0 to 1: each particle smeared from where it begins along its move."""
        mask = np.zeros((self._height, self._width), np.uint8)
        size = self.layer.size * self._height
        ends = np.stack([begins, begins + moves], axis=1)
        traces = np.rint(ends * 2**FINE).astype(np.int32)
        thickness = max(1, round(size))
        thin = min(1.0, size / thickness)
        opencv.draw_lines(mask, list(traces), thickness, FINE)
        opacity = mask.astype(np.float32) * np.float32(self.layer.opacity * thin / 255)
        if self.layer.soft:
            opacity = opencv.gaussian_blur(opacity, self.layer.soft * self._height)
        return opacity


def hidden(opacity: Field, near: Field, nearness: float) -> Field:
    """A layer is not seen in front of what is nearer than it is."""
    before = 1 - np.clip((near - np.float32(nearness + 0.15)) * 4, np.float32(0), np.float32(1))
    height, width = opacity.shape
    return opacity * enlarged(before, width, height)
