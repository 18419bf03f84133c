"""What an AVIF or HEIF file says about its main picture, in the boxes before its pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from generation.images.coding import coding_by_number
from generation.images.colour import Coding

_CONTAINERS: Final = {b"meta": 4, b"iprp": 0, b"ipco": 0}
"""Boxes made of boxes, and the bytes before the first."""
_VIDEO: Final = (1, 6, 11, 14, 15)
_SRGB: Final = 13
"""Still pictures name the curves of video and are made for sRGB's: so browsers take them."""
_MAX_BOXES: Final = 10_000


@dataclass(slots=True)
class Boxes:
    """The facts of a `meta` box, by item and property number."""

    primary: int = 0
    codecs: dict[int, bytes] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    belongings: dict[int, list[int]] = field(default_factory=dict)

    @property
    def codec(self) -> bytes:
        """How the main picture is coded; for one put together from tiles, how those are."""
        codec = self.codecs.get(self.primary, b"")
        if codec in (b"grid", b"iden", b"iovl", b"tmap"):
            return next((c for c in self.codecs.values() if c in _PIXELS), codec)
        return codec

    @property
    def colour(self) -> Coding | None:
        """By the numbers of its `nclx` box; `None` where it has none."""
        own = [self.properties[n - 1] for n in self.belongings.get(self.primary, []) if n > 0]
        peak = next((_peak(body) for name, body in own if name == b"clli"), None)
        for name, body in own:
            if name == b"colr" and body[:4] == b"nclx":
                primaries, transfer = _number(body, 4, 2), _number(body, 6, 2)
                transfer = _SRGB if transfer in _VIDEO else transfer
                return coding_by_number(primaries, transfer, peak)
        return None


_PIXELS: Final = frozenset(
    {b"hvc1", b"av01", b"avc1", b"vvc1", b"jpeg", b"j2k1", b"unci", b"evc1", b"lhv1", b"mski"}
)
"""Kinds of items that hold pixels themselves."""


def boxes(data: bytes) -> Boxes:
    """Raises `ValueError`, `LookupError` or the like for a file that isn't put together so."""
    found = Boxes()
    for name, body in _walk(data, 0, len(data)):
        if name == b"pitm":
            found.primary = _number(body, 4, 4 if body[0] else 2)
        elif name == b"infe" and body[0] >= 2:
            wide = 4 if body[0] == 3 else 2
            found.codecs[_number(body, 4, wide)] = body[6 + wide : 10 + wide]
        elif name == b"ipma":
            found.belongings |= _belongings(body)
    found.properties = list(_properties(data))
    return found


def _walk(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of `meta` in which facts are found, without those that hold pixels."""
    for name, at, stop in _boxes(data, start, end):
        if name in (b"meta", b"iprp"):
            yield from _walk(data, at + _CONTAINERS[name], stop)
        elif name == b"iinf":
            version = data[at]
            yield from _walk(data, at + (8 if version else 6), stop)
        elif name in (b"pitm", b"infe", b"ipma"):
            yield name, data[at:stop]


def _properties(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """In the order in which `ipma` counts them."""
    levels = [(0, len(data))]
    for wanted in (b"meta", b"iprp", b"ipco"):
        start, end = levels[-1]
        inner = next((at, stop) for name, at, stop in _boxes(data, start, end) if name == wanted)
        levels.append((inner[0] + _CONTAINERS[wanted], inner[1]))
    for name, at, stop in _boxes(data, *levels[-1]):
        yield name, data[at : min(stop, at + 64)]


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of the content of each box."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        size, name, head = _number(data, start, 4), data[start + 4 : start + 8], 8
        if size == 1:
            size, head = _number(data, start + 8, 8), 16
        stop = end if size == 0 else min(start + size, end)
        if size != 0 and size < head:
            raise ValueError("a box smaller than its own head")
        yield name, start + head, stop
        start = stop


def _belongings(body: bytes) -> dict[int, list[int]]:
    """From `ipma`: the property numbers of each item, counted from 1."""
    version, long = body[0], body[3] & 1
    at, found = 8, dict[int, list[int]]()
    for _ in range(min(_number(body, 4, 4), _MAX_BOXES)):
        wide = 2 if version < 1 else 4
        item, count = _number(body, at, wide), body[at + wide]
        at += wide + 1
        step = 2 if long else 1
        mask = 0x7FFF if long else 0x7F
        found[item] = [_number(body, at + step * n, step) & mask for n in range(count)]
        at += step * count
    return found


def _peak(body: bytes) -> float | None:
    return float(_number(body, 0, 2)) or None


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
