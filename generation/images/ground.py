"""What is seen behind a picture with transparent parts: white, or near-black for white cut-outs."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageOps

from generation.images.refusals import INVISIBLE, Refusal

_LIGHT_GROUND: Final = (255, 255, 255)
_DARK_GROUND: Final = (24, 24, 24)
_VERY_LIGHT: Final = 200
"""Luminance (0-255) from which something is hard to see on white."""
_MOSTLY: Final = 0.9
_CUT_OUT: Final = 0.75
"""Share of the picture that something on a transparent ground covers at most."""


def grounded(colours: Image.Image, alpha: Image.Image) -> Image.Image:
    """Lay a cut-out on white, or on near-black where it would vanish on white.

    Raises `Refusal` where nothing is to be seen.
    """
    opacities = alpha.histogram()
    most = max(value for value, count in enumerate(opacities) if count)
    if most == 0:
        raise Refusal(INVISIBLE)
    seen = alpha.point(lambda value: 255 if value * 2 >= most else 0)
    lights = ImageOps.grayscale(colours).histogram(mask=seen)
    vanishes = sum(lights[_VERY_LIGHT:]) >= _MOSTLY * sum(lights)
    # Rounded corners of a light screenshot stay white: only a real cut-out gets a dark ground.
    cut_out = sum(lights) <= _CUT_OUT * alpha.width * alpha.height
    ground = Image.new("RGB", colours.size, _DARK_GROUND if vanishes and cut_out else _LIGHT_GROUND)
    ground.paste(colours, mask=alpha)
    return ground
