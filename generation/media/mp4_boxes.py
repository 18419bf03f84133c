"""The outermost structure of an MP4, read without any library: what lies where in the file."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


class BrokenClip(Exception):
    """The file is not an MP4 that can be played; the text says why, for a log."""


@dataclass(frozen=True, slots=True)
class Box:
    """`start` and `end` are offsets in the file, `content` that of the first byte after the header.

    All in bytes; `kind` is the four-character type.
    """

    kind: str
    start: int
    content: int
    end: int


def top_level_boxes(path: Path) -> list[Box]:
    """The boxes of a file in their order (ISO/IEC 14496-12, section 4.2).

    Raises `BrokenClip` where the sizes do not add up to the file, `OSError` where it can't be read.
    """
    with path.open("rb") as file:
        length = os.fstat(file.fileno()).st_size
        boxes: list[Box] = []
        offset = 0
        while offset < length:
            box = _read_box(file, offset, length)
            boxes.append(box)
            offset = box.end
    return boxes


def _read_box(file: BinaryIO, offset: int, length: int) -> Box:
    file.seek(offset)
    header = file.read(16)
    if len(header) < 8:
        raise BrokenClip(f"{length - offset} bytes at {offset} are no box")
    size = struct.unpack_from(">I", header)[0]
    kind = header[4:8].decode("latin-1")
    content = offset + 8
    if size == 1 and len(header) == 16:  # the size is a 64-bit one, after the type
        size = struct.unpack_from(">Q", header, 8)[0]
        content += 8
    elif size == 0:  # up to the end of the file
        size = length - offset
    end = offset + size
    if not content <= end <= length:
        raise BrokenClip(f"box {kind!r} at {offset} claims {size} bytes of {length - offset}")
    return Box(kind, offset, content, end)


def moov_comes_first(boxes: list[Box]) -> bool:
    """Whether the index precedes the pictures: then a player starts before the last byte is in."""
    kinds = [box.kind for box in boxes]
    return "moov" in kinds and "mdat" in kinds and kinds.index("moov") < kinds.index("mdat")
