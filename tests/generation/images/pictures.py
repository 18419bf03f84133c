"""Pictures made to order: whatever a chat could send, with corners that tell which way is up."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 0)
CORNERS = (RED, GREEN, BLUE, YELLOW)
"""Top left, top right, bottom left, bottom right of `corners()`."""

Colour = tuple[int, int, int]

_ORIENTATION = 0x0112


def corners(width: int = 160, height: int = 96) -> Image.Image:
    """An RGB picture whose quarters are red, green, blue and yellow."""
    image = Image.new("RGB", (width, height))
    for index, colour in enumerate(CORNERS):
        left, top = index % 2 * width // 2, index // 2 * height // 2
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image


def corner_colours(image: Image.Image) -> list[Colour]:
    """The colours eight pixels inside each corner."""
    right, bottom = image.width - 9, image.height - 9
    places = [(8, 8), (right, 8), (8, bottom), (right, bottom)]
    return [colour_at(image, place) for place in places]


def colour_at(image: Image.Image, place: tuple[int, int]) -> Colour:
    pixel = image.getpixel(place)
    assert isinstance(pixel, tuple)
    red, green, blue = (int(value) for value in pixel)
    return red, green, blue


def near(one: Colour, other: Colour, tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def encoded(image: Image.Image, file_format: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[_ORIENTATION] = orientation
    return tags


def stored_as(upright: Image.Image, orientation: int) -> Image.Image:
    """What a camera held that way stores: the pixels that the orientation turns upright."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    return upright if undo is None else upright.transpose(undo)


def png(width: int, height: int, depth: int, colour: int, raw: bytes) -> bytes:
    """A PNG put together by hand: `raw` are its scan lines with their filter bytes."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(raw, 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, body) for name, body in parts)


def png_chunks(data: bytes) -> list[bytes]:
    """The names of a PNG's chunks, in order."""
    names, at = [], 8
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return names


def display_p3() -> bytes:
    """An ICC profile with the primaries of Display P3 (after Apple's, with a plain gamma)."""
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(2.2 * 256))
    text = b"P3 for tests\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(81),
        b"cprt": b"text\0\0\0\0" + b"none\0\0\0\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": _xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": _xyz(0.15710, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content
    kinds = struct.pack(">I4x4s4s4s4s", 0, bytes.fromhex("02400000"), b"mntr", b"RGB ", b"XYZ ")
    head = kinds[4:].rjust(24, b"\0") + bytes(12) + b"acsp"
    head = head.ljust(68, b"\0") + _xyz(0.9642, 1.0, 0.8249)[8:]
    profile = head.ljust(128, b"\0") + table + body
    return struct.pack(">I", len(profile)) + profile[4:]


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(v * 65536) for v in (x, y, z)))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
