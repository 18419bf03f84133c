"""The size that a file says it has, before a library reads on: some say what no picture can be."""

from __future__ import annotations

import struct
from typing import Final

from generation.images.formats import PictureFormat

_CORE_HEADER: Final = 12
"""Bytes of the oldest header of a BMP, whose sides have 16 bits and no sign."""


def declared_size(data: bytes, kind: PictureFormat) -> tuple[int, int] | None:
    """`None` for kinds whose sides cannot be wrong by themselves, and for a header cut off."""
    try:
        if kind is PictureFormat.PNG:
            width, height = struct.unpack_from(">ii", data, 16)  # over 31 bits is not allowed
        elif kind is PictureFormat.BMP:
            core = int.from_bytes(data[14:18], "little") == _CORE_HEADER
            width, height = struct.unpack_from("<HH" if core else "<ii", data, 18)
            height = abs(height)  # a negative one only says that the first line is on top
        else:
            return None
    except struct.error:
        return None
    return width, height
