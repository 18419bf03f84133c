"""What is painted over each frame, and at what time of its own, so that no seam is seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from generation.pipelines.camera.effects.painters import Painter

FADE = 1.0
"""Seconds in which one weather becomes another; of a short clip a quarter."""


@dataclass(frozen=True, slots=True)
class WeatherLayer:
    """One weather: `time` in seconds, `progress` 0 to 1, and its share of the frame, 0 to 1."""

    painters: list[Painter]
    time: float
    progress: float
    share: float = 1.0


WeatherLayers = tuple[WeatherLayer, ...]
"""Each is laid over those before it, by its share."""

Weather = Callable[[int], WeatherLayers]
"""What is seen in a frame."""


def passing(painters: list[Painter], frames: int, fps: int) -> Weather:
    def layers(index: int) -> WeatherLayers:
        return (WeatherLayer(painters, index / fps, index / max(frames - 1, 1)),)

    return layers


def around(painters: list[Painter], frames: int, fps: int) -> Weather:
    """The end becomes what was before the beginning; the light comes and goes."""
    whole = frames / fps
    fade = min(FADE, whole / 4)

    def layers(index: int) -> WeatherLayers:
        time = index / fps
        progress = 0.5 - 0.5 * math.cos(2 * math.pi * index / frames)
        share = _smooth((time - (whole - fade)) / fade)
        now = WeatherLayer(painters, time, progress)
        return (now, WeatherLayer(painters, time - whole, progress, share)) if share > 0 else (now,)

    return layers


@dataclass(frozen=True, slots=True)
class Since:
    """Where an earlier clip left off: the `time` and the `progress` of its last frame."""

    time: float
    progress: float


def lasting(painters: list[Painter], since: Since, frames: int, fps: int) -> Weather:
    """The same weather goes on, its light becomes what it was about to."""

    def layers(index: int) -> WeatherLayers:
        share = _smooth((index + 1) / frames)
        progress = since.progress + (1 - since.progress) * share
        return (WeatherLayer(painters, since.time + (index + 1) / fps, progress),)

    return layers


def turning(before: Weather, after: Weather, frames: int, fps: int) -> Weather:
    """Another weather comes up over what was there."""
    fade = max(min(FADE * fps, frames / 4), 1.0)

    def layers(index: int) -> WeatherLayers:
        share = _smooth((index + 1) / fade)
        if share >= 1:
            return after(index)
        (new,) = after(index)
        return (*before(index), WeatherLayer(new.painters, new.time, new.progress, share))

    return layers


def _smooth(share: float) -> float:
    x = min(max(share, 0.0), 1.0)
    return x * x * (3 - 2 * x)
