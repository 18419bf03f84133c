"""Why a file that is a picture by its first bytes is none for us, found while it is decoded."""

from __future__ import annotations

from typing import Final

from generation.images.formats import Refused
from generation.images.limits import MAX_ASPECT, MAX_PIXELS, MIN_SIDE

DAMAGED: Final = Refused("damaged")
TOO_COMPLEX: Final = Refused("too_complex")
TOO_SLOW: Final = Refused("too_slow")
INVISIBLE: Final = Refused("invisible")
FLOATING: Final = Refused("floating_tiff")
RARE_TIFF: Final = Refused("rare_tiff")
RARE_HEIF: Final = Refused("rare_heif")


class Refusal(Exception):
    """Carries the reason out of the depth of the decoding."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def check_size(width: int, height: int) -> None:
    """The contract's limits; raises `Refusal`."""
    if width * height > MAX_PIXELS:
        raise Refusal(_too_many_pixels(width, height))
    size = {"width": width, "height": height}
    if min(width, height) < MIN_SIDE:
        raise Refusal(Refused("too_small", {**size, "least": MIN_SIDE}))
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise Refusal(Refused("too_narrow", {**size, "most": MAX_ASPECT}))


def no_such_size(width: int, height: int) -> Refused:
    return Refused("no_such_size", {"width": width, "height": height})


def _too_many_pixels(width: int, height: int) -> Refused:
    millions = max(width * height / 1e6, MAX_PIXELS / 1e6 + 0.1)
    facts = {"megapixels": round(millions, 1), "most": MAX_PIXELS // 10**6}
    return Refused("too_many_pixels", facts)
