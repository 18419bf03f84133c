"""An icon file holds one picture in several sizes: the largest, as a file of its own.

Pillow decodes an icon while it opens it, so its size is looked at here first.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from generation.images.png_chunks import SIGNATURE

_DIRECTORY: Final = struct.Struct("<HHH")
_ENTRY: Final = struct.Struct("<BBBBHHII")
_MOST_ENTRIES: Final = 256
_ONE_ICON: Final = (0, 1, 1)
_OLD_SIDE: Final = 256
"""A side that the directory's one byte cannot say is written there as 0."""


class _Entry(NamedTuple):
    width: int
    height: int
    colours: int
    reserved: int
    planes: int
    bits: int
    size: int
    offset: int

    @property
    def quality(self) -> tuple[int, int]:
        return (self.width or _OLD_SIDE) * (self.height or _OLD_SIDE), self.bits


def largest(data: bytes) -> bytes:
    """A PNG, or an icon file with one bitmap; raises `struct.error` or `ValueError` if broken."""
    count = _DIRECTORY.unpack_from(data)[2]
    size = _DIRECTORY.size
    entries = [
        _Entry(*_ENTRY.unpack_from(data, size + number * _ENTRY.size))
        for number in range(min(count, _MOST_ENTRIES))
    ]
    best = max(entries, key=lambda entry: entry.quality)
    picture = data[best.offset : best.offset + best.size]
    if picture.startswith(SIGNATURE):
        return picture
    alone = best._replace(offset=size + _ENTRY.size, size=len(picture))
    return _DIRECTORY.pack(*_ONE_ICON) + _ENTRY.pack(*alone) + picture


def bitmap_size(icon: bytes) -> tuple[int, int]:
    """(width, height) that the bitmap of an icon file with one says of itself."""
    width, both = struct.unpack_from("<ii", icon, _DIRECTORY.size + _ENTRY.size + 4)
    return width, both // 2  # its mask stands below it and is counted
