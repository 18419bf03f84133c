"""The hours of the day as numbers: what light does to colours, from which others are blended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.pipelines.camera.effects.tone import Colour


@dataclass(frozen=True, slots=True)
class Look:
    """How one hour looks, as factors and powers of each of red, green and blue.

    `luma` is what is left of the picture's mean brightness. `power` above 1 deepens the shadows.
    `far` and `near` multiply the far and the near parts. `glow` is the light above the horizon,
    `lamps` how much small lights shine, 0 to 1.
    """

    luma: float
    saturation: float
    power: Colour
    far: Colour
    near: Colour
    glow: Colour = (0.0, 0.0, 0.0)
    lamps: float = 0.0


GOLDEN_HOUR = Look(
    luma=0.93,
    saturation=1.08,
    power=(0.92, 1.02, 1.18),
    far=(1.10, 1.00, 0.84),
    near=(1.05, 0.96, 0.82),
    glow=(0.22, 0.12, 0.02),
)
AFTERGLOW = Look(
    luma=0.62,
    saturation=1.05,
    power=(1.02, 1.28, 1.26),
    far=(1.20, 0.84, 0.80),
    near=(0.90, 0.74, 0.82),
    glow=(0.50, 0.22, 0.05),
    lamps=0.3,
)
TWILIGHT = Look(
    luma=0.70,
    saturation=0.72,
    power=(1.22, 1.12, 1.00),
    far=(0.86, 0.94, 1.14),
    near=(0.86, 0.92, 1.08),
    lamps=0.45,
)
NIGHT = Look(
    luma=0.40,
    saturation=0.50,
    power=(1.36, 1.22, 1.04),
    far=(0.62, 0.82, 1.22),
    near=(0.78, 0.90, 1.16),
    lamps=1.0,
)
BLUE_HOUR = Look(
    luma=0.50,
    saturation=0.60,
    power=(1.28, 1.16, 1.00),
    far=(0.80, 0.92, 1.22),
    near=(0.82, 0.92, 1.14),
    glow=(0.10, 0.05, 0.08),
    lamps=0.4,
)
SUNRISE = Look(
    luma=1.0,
    saturation=1.0,
    power=(0.95, 1.00, 1.04),
    far=(1.10, 0.98, 0.94),
    near=(1.05, 0.98, 0.92),
    glow=(0.40, 0.22, 0.14),
)


def between(first: Look, second: Look, share: float) -> Look:
    """0 is the first, 1 the second."""
    return Look(
        luma=first.luma + share * (second.luma - first.luma),
        saturation=first.saturation + share * (second.saturation - first.saturation),
        power=_mixed(first.power, second.power, share),
        far=_mixed(first.far, second.far, share),
        near=_mixed(first.near, second.near, share),
        glow=_mixed(first.glow, second.glow, share),
        lamps=first.lamps + share * (second.lamps - first.lamps),
    )


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = np.array(first) + share * (np.array(second) - np.array(first))
    return float(red), float(green), float(blue)
