"""A JPEG that ends without its end marker: whole but for that, or really cut off?

The decoder fills what is missing with flat grey and doesn't say so. So it is decoded twice, once
ended at once and once after made-up bytes: where the two differ, nothing real is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageChops

from generation.images.limits import TOLERATED_LOSS

_END: Final = b"\xff\xd9"
_MADE_UP: Final = bytes((index * 73 + 41) % 251 for index in range(4096))
"""Bytes that decode to something else than flat grey, and hold no marker."""

_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SOF: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SOF_PROGRESSIVE: Final = (0xC2, 0xC6, 0xCA, 0xCE)
_SOS: Final = 0xDA
_NEVER_SENT: Final = 99
_BLOCK: Final = 16
"""Pixels of the side of a block, in the usual kind of JPEG."""


@dataclass(slots=True)
class _Scans:
    """How far the scans of a file have come: for every coefficient, the bits it still lacks."""

    usable: int = 0
    """Bytes up to which the file consists of whole segments and what follows the last scan's."""
    progressive: bool = False
    adds_last_bit: bool = False
    """Whether the last scan brings no more than the last bit of what is there already."""
    lacking: dict[tuple[int, int], int] = field(default_factory=dict)


def completed(data: bytes, load: Callable[[bytes], Image.Image]) -> tuple[Image.Image, float]:
    """The picture that `load` makes of it, and the share of it that is made up.

    Raises `ValueError` where more is missing than anybody would overlook.
    """
    scans = _scans(data)
    if max(scans.lacking.values(), default=_NEVER_SENT) > 1:
        raise ValueError("whole scans are missing")
    body = data[: scans.usable].rstrip(b"\xff")
    picture = load(body + _END)
    if scans.adds_last_bit:
        return picture, 0.0  # nobody sees what it lacks
    return _continued(picture, load(body + _MADE_UP + _END))


def _continued(picture: Image.Image, other: Image.Image) -> tuple[Image.Image, float]:
    """Repeat the last real line over those that are not; the share of made-up pixels."""
    differs = ImageChops.difference(picture, other).convert("L")
    box = differs.getbbox()
    if box is None:
        return picture, 0.0
    width, height = picture.size
    top = box[1]
    first = differs.crop((0, top, width, min(top + _BLOCK, height))).getbbox()
    assert first is not None
    after = max(height - top - _BLOCK, 0) * width
    share = ((width - first[0]) * min(_BLOCK, height - top) + after) / (width * height)
    if share > TOLERATED_LOSS or top == 0:
        raise ValueError("too much of the picture is missing")
    line = picture.crop((0, top - 1, width, top))
    picture.paste(line.resize((width, height - top)), (0, top))
    return picture, share


def _scans(data: bytes) -> _Scans:
    scans, at = _Scans(), 2
    while marker := _MARKER.search(data, at):
        kind, start = data[marker.start() + 1], marker.end()
        size = int.from_bytes(data[start : start + 2], "big")
        segment = data[start + 2 : start + size]
        if start + size > len(data) or size < 2:
            scans.usable = marker.start()
            return scans
        if kind in _SOF:
            scans.progressive = kind in _SOF_PROGRESSIVE
            for component in segment[6::3]:
                scans.lacking |= {(component, index): _NEVER_SENT for index in range(64)}
        elif kind == _SOS:
            _note_scan(scans, segment)
        at = start + size
    scans.usable = len(data)
    return scans


def _note_scan(scans: _Scans, header: bytes) -> None:
    count = header[0]
    first, last, bits = header[1 + 2 * count : 4 + 2 * count]
    if not scans.progressive:
        first, last, bits = 0, 63, 0
    scans.adds_last_bit = bits >> 4 == 1
    for component in header[1 : 1 + 2 * count : 2]:
        for index in range(first, last + 1):
            scans.lacking[component, index] = bits & 15
