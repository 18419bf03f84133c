"""Which frame or page of a file is the picture: the first with something to see."""

from __future__ import annotations

import struct
from typing import Final

from PIL import Image, ImageChops, TiffImagePlugin

_ANIMATED: Final = ("GIF", "PNG", "WEBP", "AVIF")
_MOST_FRAMES: Final = 150
"""Looked at before the first is taken after all: some seconds of film."""
_MOST_PIXELS: Final = 400_000_000
_MOST_PAGES: Final = 50
_BLACK: Final = 16
"""The lightest level that still counts as black: where video levels begin."""

_NEW_SUBFILE_TYPE: Final = 254
_OLD_SUBFILE_TYPE: Final = 255
_REDUCED: Final = 2
_SUB_IFDS: Final = 330


def first_to_see(image: Image.Image) -> Image.Image:
    """Of an animation the first frame that is neither transparent nor black; decoded.

    The first of all where every one of them is, or where what follows is broken.
    """
    image.load()
    if image.format not in _ANIMATED or not _may_move(image):
        return image
    first = image.copy()
    if getattr(image, "default_image", False) or not _shows(image):
        return _later(image) or _carrying(first, image)
    return image


def to_main_page(image: TiffImagePlugin.TiffImageFile) -> bool:
    """Turn to the first page that is no preview; False where there is none, as in raw files.

    Where several pages all call themselves previews, the largest is the picture.
    """
    previews: dict[int, int] = {}
    for page in range(_MOST_PAGES):
        try:
            image.seek(page)
        except (EOFError, OSError, SyntaxError, ValueError, LookupError, struct.error):
            break
        if _SUB_IFDS in image.tag_v2 and _is_preview(image):
            return False  # the real one is inside, and not developed
        if not _is_preview(image):
            return True
        previews[page] = image.width * image.height
    if len(previews) < 2:
        return False
    image.seek(max(previews, key=lambda page: previews[page]))
    return True


def _is_preview(image: TiffImagePlugin.TiffImageFile) -> bool:
    new, old = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0), image.tag_v2.get(_OLD_SUBFILE_TYPE, 0)
    return bool(new & 1) or old == _REDUCED


def _may_move(image: Image.Image) -> bool:
    """GIF is asked at once: it would have to be read to its end to know."""
    return image.format == "GIF" or bool(getattr(image, "is_animated", False))


def _later(image: Image.Image) -> Image.Image | None:
    most = min(_MOST_FRAMES, _MOST_PIXELS // (image.width * image.height))
    for number in range(1, most):
        try:
            image.seek(number)
            image.load()
        except (EOFError, OSError, SyntaxError, ValueError, struct.error):
            return None
        if _shows(image):
            return image
    return None


def _shows(image: Image.Image) -> bool:
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        seen = colours.getchannel("A").point(lambda value: 255 if value > _BLACK else 0)
        light = ImageChops.darker(colours.convert("L"), seen)
        return seen.getbbox() is not None and _lightest(light) > _BLACK
    return _lightest(image.convert("L")) > _BLACK


def _lightest(grey: Image.Image) -> float:
    lightest = grey.getextrema()[1]
    assert isinstance(lightest, int | float)
    return lightest


def _carrying(frame: Image.Image, source: Image.Image) -> Image.Image:
    frame.format = source.format
    return frame
