"""A PNG seen as chunks: those that carry pixels are kept, those that carry colour are read.

Everything else (text, times, previews of editors) is dropped, however long or broken it is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generation.images.coding import (
    STANDARD,
    ColourTag,
    coding_by_gamma,
    coding_by_number,
    of_profile,
    readable,
)
from generation.images.primaries import Chromaticities

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

_ANIMATION: Final = (b"acTL", b"fcTL", b"fdAT")
_BESIDE_PIXELS: Final = (b"tRNS", b"eXIf")
_COLOUR: Final = (b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cLLI", b"mDCV")
_MAX_PROFILE: Final = 8 << 20
"""Bytes of an unpacked ICC profile: those of printing presses have two million."""


@dataclass(frozen=True, slots=True)
class Chunk:
    name: bytes
    body: memoryview
    sound: bool
    """Whether the checksum is right."""

    @property
    def optional(self) -> bool:
        return self.name[:1].islower()

    def packed(self) -> bytes:
        return pack(self.name, self.body)


def pack(name: bytes, body: bytes | memoryview) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(name))
    return b"".join((struct.pack(">I", len(body)), name, body, struct.pack(">I", checksum)))


def chunks(data: bytes) -> Iterator[Chunk]:
    """Up to the end of the file or the first that is cut off; of that what is there."""
    view, at = memoryview(data), len(SIGNATURE)
    while at + 8 <= len(data):
        size, name = int.from_bytes(view[at : at + 4], "big"), bytes(view[at + 4 : at + 8])
        body = view[at + 8 : at + 8 + size]
        checksum = view[at + 8 + size : at + 12 + size]
        sound = zlib.crc32(body, zlib.crc32(name)) == int.from_bytes(checksum, "big")
        yield Chunk(name, body, sound)
        at += 12 + size


def cleaned(data: bytes) -> tuple[bytes, ColourTag]:
    """The same picture with nothing but pixels, transparency, frames and orientation.

    Broken chunks that only describe are dropped; that a chunk with pixels is broken is left for
    the decoder to find. What follows the pixels describes nothing, as in browsers.
    """
    kept, colour = [SIGNATURE], dict[bytes, bytes]()
    pixels_began = False
    for chunk in chunks(data):
        pixels_began = pixels_began or chunk.name == b"IDAT"
        if not chunk.optional or chunk.name in _ANIMATION:
            kept.append(_as_it_was(data, chunk))
        elif not pixels_began and chunk.sound and chunk.name in _BESIDE_PIXELS:
            kept.append(chunk.packed())
        elif not pixels_began and chunk.sound and chunk.name in _COLOUR:
            colour.setdefault(chunk.name, bytes(chunk.body))
        if chunk.name == b"IEND":
            break
    return b"".join(kept), _colour(colour)


def _as_it_was(data: bytes, chunk: Chunk) -> bytes:
    if chunk.sound:
        return chunk.packed()
    body = bytes(chunk.body)
    wrong = zlib.crc32(body, zlib.crc32(chunk.name)) ^ 1
    return struct.pack(">I", len(body)) + chunk.name + body + struct.pack(">I", wrong)


def _colour(found: dict[bytes, bytes]) -> ColourTag:
    """cICP before iCCP before sRGB before gAMA and cHRM (PNG, third edition, 4.3)."""
    try:
        peak = _peak(found)
        if cicp := found.get(b"cICP"):
            tag = coding_by_number(cicp[0], cicp[1], peak)
            if tag is not None:
                return tag
        if (packed := found.get(b"iCCP")) and readable(profile := _profile(packed)):
            return of_profile(profile, peak)
        if b"sRGB" in found:
            return STANDARD
        if gamma := found.get(b"gAMA"):
            return coding_by_gamma(struct.unpack(">I", gamma)[0] / 1e5, _primaries(found))
    except (struct.error, IndexError):
        pass  # a broken description does not spoil good pixels
    return None


def _peak(found: dict[bytes, bytes]) -> float | None:
    """cd/m² of the brightest light: of the picture itself, or else of the screen it was made on."""
    if b"cLLI" in found and (brightest := struct.unpack(">II", found[b"cLLI"])[0]):
        return float(brightest) / 10_000
    if b"mDCV" in found and (brightest := struct.unpack(">8HII", found[b"mDCV"])[8]):
        return float(brightest) / 10_000
    return None


def _profile(packed: bytes) -> bytes:
    content = packed[packed.index(b"\0") + 2 :] if b"\0" in packed else b""
    inflating = zlib.decompressobj()
    try:
        profile = inflating.decompress(content, _MAX_PROFILE)
    except zlib.error:
        return b""  # gAMA and cHRM count then, as in browsers
    return profile if inflating.eof else b""


def _primaries(found: dict[bytes, bytes]) -> Chromaticities | None:
    if b"cHRM" not in found:
        return None
    wx, wy, rx, ry, gx, gy, bx, by = (v / 1e5 for v in struct.unpack(">8I", found[b"cHRM"]))
    return Chromaticities((rx, ry), (gx, gy), (bx, by), (wx, wy))
