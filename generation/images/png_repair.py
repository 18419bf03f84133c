"""A PNG that ends too early or whose pixel stream has wrong checksums, with every line it has."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from generation.images.limits import MAX_PIXELS, TOLERATED_LOSS
from generation.images.png_chunks import SIGNATURE, chunks, pack

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LIKE_ABOVE: Final = b"\x02"
"""The filter after which a line of zeros repeats the line above."""


def mended(data: bytes) -> tuple[bytes, float]:
    """A whole PNG and the share of its lines that is made up; they repeat the last real one.

    Raises `ValueError` where more is missing than anybody would overlook.
    """
    header, beside, stream = b"", [SIGNATURE], []
    for chunk in chunks(data):
        if chunk.name == b"IDAT":
            stream.append(chunk.body)
        elif chunk.name == b"IHDR":
            header = bytes(chunk.body)
        if chunk.name in (b"IHDR", b"PLTE", b"tRNS", b"eXIf") and chunk.sound and not stream:
            beside.append(chunk.packed())
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if interlaced or colour not in _CHANNELS or width * height > MAX_PIXELS:
        raise ValueError("lines can't be counted")
    line = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    lines = _inflated(b"".join(stream), line * height)
    missing = height - len(lines) // line
    if missing > TOLERATED_LOSS * height:
        raise ValueError("too many lines are missing")
    whole = b"".join(
        [lines[: (height - missing) * line], (_LIKE_ABOVE + bytes(line - 1)) * missing]
    )
    beside += [pack(b"IDAT", zlib.compress(whole, 1)), pack(b"IEND", b"")]
    return b"".join(beside), missing / height


def _inflated(stream: bytes, most: int) -> bytes:
    """What can be unpacked, checksum or not: the two bytes of a zlib header are left out."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces, left = [], most
    try:
        for at in range(2, len(stream), 1 << 16):
            pieces.append(inflating.decompress(stream[at : at + (1 << 16)], left))
            left -= len(pieces[-1])
            if left <= 0 or inflating.eof:
                break
            while inflating.unconsumed_tail and left > 0:
                pieces.append(inflating.decompress(inflating.unconsumed_tail, left))
                left -= len(pieces[-1])
    except zlib.error:
        pass  # what came before it is good
    return b"".join(pieces)
