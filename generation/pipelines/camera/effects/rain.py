"""Rain: streaks as long as a drop falls while the shutter is open, grey light, wet air."""

from __future__ import annotations

import numpy as np

from generation.media.frames import Picture
from generation.pipelines.camera.effects.frame_context import FrameContext
from generation.pipelines.camera.effects.particles import SHUTTER, Flurry, ParticleLayer, hidden
from generation.pipelines.camera.effects.tone import Colour, brightness, saturated, veiled
from generation.pipelines.camera.random_streams import dice

LAYERS = (
    ParticleLayer(nearness=0.15, count=700, speed=1.1, size=0.0016, opacity=0.42),
    ParticleLayer(nearness=0.45, count=300, speed=1.7, size=0.0024, opacity=0.46),
    ParticleLayer(nearness=0.75, count=90, speed=2.5, size=0.0034, opacity=0.46, soft=0.001),
    ParticleLayer(nearness=1.0, count=16, speed=3.4, size=0.0062, opacity=0.42, soft=0.0035),
)
SLANT = 0.14
"""The most sideways that a drop goes for its way down."""
GREY: Colour = (0.84, 0.88, 0.93)
DAMP = 0.22
"""Opacity of the wet air before what is farthest."""


class Rain:
    def __init__(self, width: int, height: int, fps: int, seed: int) -> None:
        rng = dice(seed, "rain")
        self._slant = SLANT * (2 * rng.random() - 1)
        self._height, self._open = height, SHUTTER / fps
        self._flurries = [Flurry(layer, width, height, rng) for layer in LAYERS]

    def paint(self, frame: Picture, moment: FrameContext) -> Picture:
        light = brightness(frame)
        frame = saturated(frame, 0.60, GREY)
        frame = veiled(frame, _shade(0.45 * light + 0.25), DAMP * (1 - moment.near))
        opacity = np.zeros(frame.shape[:2], np.float32)
        for flurry in self._flurries:
            trace = self._traces(flurry, moment)
            opacity += hidden(trace, moment.near, flurry.layer.nearness)
        return veiled(frame, _shade(0.75 * light + 0.30), np.minimum(opacity, np.float32(0.8)))

    def _traces(self, flurry: Flurry, moment: FrameContext) -> np.ndarray:
        fall = flurry.layer.speed * self._height
        places = flurry.places(moment.time, self._slant * fall, 0.0, moment.drift)
        return flurry.drawn(places, np.array([[self._slant * fall, fall]]) * self._open)


def _shade(light: float) -> Colour:
    return 0.95 * light, 0.98 * light, 1.03 * light
