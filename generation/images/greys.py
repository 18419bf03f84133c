"""Greys of more than eight bits, as scanners, telescopes and depth cameras write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

_BITS_PER_SAMPLE: Final = 258
_PHOTOMETRIC: Final = 262
_ROWS: Final = 256
"""Rows at a time, so that the memory holds one copy of the numbers and not three."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """The values that are shown black and white; white may be the smaller one."""

    black: float
    white: float


def eight_bits(image: Image.Image) -> Image.Image:
    """An `L` picture from one of the modes `I;16`, `I` and `F`; no number is shown as black."""
    scale = _scale(image)
    factor = 255 / (scale.white - scale.black) if scale.white != scale.black else 0.0
    grey = Image.new("L", image.size)
    for top, rows in _strips(image):
        levels = np.nan_to_num((rows - scale.black) * factor, nan=0.0, posinf=255, neginf=0)
        strip = np.clip(levels + 0.5, 0, 255).astype(np.uint8)
        grey.paste(Image.fromarray(strip), (0, top))
    return grey


def _scale(image: Image.Image) -> _Scale:
    if image.mode.startswith("I;16"):
        black, white = 0.0, float((1 << _bits(image)) - 1)
    else:
        black, white = _extent(image)
        if image.mode == "F" and black >= 0 and white <= 1:
            black, white = 0.0, 1.0  # light as a share of white, the usual meaning of such numbers
    return _Scale(white, black) if _white_is_zero(image) else _Scale(black, white)


def _extent(image: Image.Image) -> tuple[float, float]:
    """The least and the largest number; those without a scale of their own are shown by them."""
    least, largest = np.inf, -np.inf
    for _, rows in _strips(image):
        numbers = rows[np.isfinite(rows)]
        if numbers.size:
            least, largest = min(least, numbers.min()), max(largest, numbers.max())
    return (float(least), float(largest)) if least <= largest else (0.0, 0.0)


def _strips(image: Image.Image) -> Iterator[tuple[int, NDArray[np.float64]]]:
    for top in range(0, image.height, _ROWS):
        bottom = min(top + _ROWS, image.height)
        strip = image.crop((0, top, image.width, bottom))
        yield top, np.asarray(strip).astype(np.float64)


def _bits(image: Image.Image) -> int:
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return int(image.tag_v2.get(_BITS_PER_SAMPLE, (16,))[0])
    return 16


def _white_is_zero(image: Image.Image) -> bool:
    return (
        isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(_PHOTOMETRIC, 1) == 0
    )
