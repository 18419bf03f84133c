"""Which painters a clip needs, in the order of the world: first the light, then the air in it."""

from __future__ import annotations

from generation.directions.vocabulary import Effect
from generation.media.frames import Field, Picture
from generation.pipelines.camera.effects.fog import Fog
from generation.pipelines.camera.effects.light import Light
from generation.pipelines.camera.effects.looks import (
    AFTERGLOW,
    BLUE_HOUR,
    GOLDEN_HOUR,
    NIGHT,
    SUNRISE,
    TWILIGHT,
    Look,
)
from generation.pipelines.camera.effects.rain import Rain
from generation.pipelines.camera.effects.snow import Snow

Painter = Light | Fog | Rain | Snow

HOURS: dict[Effect, tuple[Look, ...]] = {
    Effect.SUNSET: (GOLDEN_HOUR, AFTERGLOW),
    Effect.NIGHT: (TWILIGHT, NIGHT),
    Effect.DAWN: (BLUE_HOUR, SUNRISE),
}


def painters_for(
    effects: tuple[Effect, ...],
    small: Picture,
    near: Field,
    *,
    width: int,
    height: int,
    fps: int,
    seed: int,
) -> list[Painter]:
    """`small` is a reduced copy of the picture and `near` its depth; hours follow as asked."""
    painters: list[Painter] = []
    looks = tuple(look for effect in effects for look in HOURS.get(effect, ()))
    if looks:
        painters.append(Light(looks, small, near))
    if Effect.FOG in effects:
        painters.append(Fog(seed))
    if Effect.RAIN in effects:
        painters.append(Rain(width, height, fps, seed))
    if Effect.SNOW in effects:
        painters.append(Snow(width, height, fps, seed))
    return painters
