"""Snow: flakes that sway as they sink, sharp in the middle distance and large and soft near by."""

from __future__ import annotations

import numpy as np

from generation.media.frames import Field, Picture
from generation.pipelines.camera.effects.frame_context import FrameContext
from generation.pipelines.camera.effects.particles import SHUTTER, Flurry, ParticleLayer, hidden
from generation.pipelines.camera.effects.tone import Colour, brightness, saturated, veiled
from generation.pipelines.camera.random_streams import dice

LAYERS = (
    ParticleLayer(nearness=0.1, count=620, speed=0.10, size=0.0036, opacity=0.55),
    ParticleLayer(nearness=0.4, count=260, speed=0.16, size=0.0062, opacity=0.85, soft=0.0012),
    ParticleLayer(nearness=0.7, count=80, speed=0.24, size=0.0115, opacity=0.95, soft=0.003),
    ParticleLayer(nearness=1.0, count=14, speed=0.36, size=0.026, opacity=0.75, soft=0.009),
)
BREEZE = 0.35
"""The most sideways that a flake goes for its way down, on the average."""
SWAY = 0.018
"""Frame heights to both sides, for a flake close by."""
COLD: Colour = (0.93, 0.97, 1.03)
DAMP = 0.30


class Snow:
    def __init__(self, width: int, height: int, fps: int, seed: int) -> None:
        rng = dice(seed, "snow")
        self._breeze = BREEZE * (2 * rng.random() - 1)
        self._height, self._open = height, SHUTTER / fps
        self._flurries = [Flurry(layer, width, height, rng) for layer in LAYERS]

    def paint(self, frame: Picture, moment: FrameContext) -> Picture:
        light = brightness(frame)
        frame = saturated(frame, 0.80, COLD)
        frame = veiled(frame, _white(0.5 * light + 0.45), DAMP * (1 - moment.near))
        clear = np.ones(frame.shape[:2], np.float32)
        for flurry in self._flurries:
            flakes = self._flakes(flurry, moment)
            clear *= 1 - hidden(flakes, moment.near, flurry.layer.nearness)
        return veiled(frame, _white(0.5 * light + 0.70), 1 - clear)

    def _flakes(self, flurry: Flurry, moment: FrameContext) -> Field:
        wind = self._breeze * flurry.layer.speed * self._height
        sway = SWAY * self._height * (0.3 + 0.7 * flurry.layer.nearness)
        begins = flurry.places(moment.time, wind, sway, moment.drift)
        fall = flurry.layer.speed * self._height
        return flurry.drawn(begins, np.array([[wind, fall]]) * self._open)


def _white(light: float) -> Colour:
    return 0.97 * light, 0.99 * light, 1.02 * light
