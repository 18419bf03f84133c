"""Data URLs: pictures as base64, short ones at once, long ones piece by piece from their file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from bot.platforms.web.fields import Spelling
from generation.errors import InvalidImage

DATA_URL = re.compile(r"\s*data:[^,;]{0,100}(?:;[^,;]{1,100}){0,5};base64,", re.IGNORECASE)
"""Of whatever kind it says it is: what it is, the bytes tell."""

PIECE = 2**18
"""Bytes of text that are decoded at a time; the first hold the whole beginning of the URL."""

LONGEST_ESCAPE = 6
"""Bytes, as in `\\u002b`."""

SPACE = b" \t\r\n\v\f"


def from_data_url(url: str, name: str) -> bytes:
    """Raises `InvalidImage`, naming the field."""
    match = DATA_URL.match(url)
    if match is None:
        raise _of(name, InvalidImage("not_a_data_url", field=name))
    content = "".join(url[match.end() :].split()).rstrip("=")
    try:
        return base64.b64decode(content + "=" * (-len(content) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _of(name, InvalidImage("not_base64")) from None


def decoded(source: Path, spelling: Spelling, name: str) -> Iterator[bytes]:
    """What a data URL in a file holds; raises `InvalidImage`, naming the field."""
    texts = _read(source, spelling)
    first = next(texts, b"").decode("latin-1")
    match = DATA_URL.match(first)
    if match is None:
        raise _of(name, InvalidImage("not_a_data_url", field=name))
    rest = first[match.end() :].encode("latin-1").translate(None, SPACE)
    try:
        for text in texts:
            yield base64.b64decode(rest[: _whole(rest)], validate=True)
            rest = rest[_whole(rest) :] + text.translate(None, SPACE)
        rest = rest.rstrip(b"=")
        yield base64.b64decode(rest + b"=" * (-len(rest) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _of(name, InvalidImage("not_base64")) from None


def _whole(text: bytes) -> int:
    """How much of it can be decoded before the rest is known."""
    return len(text.rstrip(b"=")) // 4 * 4


def _read(source: Path, spelling: Spelling) -> Iterator[bytes]:
    """A file's text as it is meant; what is written in several bytes is never cut in two."""
    rest = b""
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            piece = rest + piece
            cut = len(piece)
            if spelling.escape:
                begin = piece.rfind(spelling.escape, len(piece) - LONGEST_ESCAPE)
                cut = begin if begin >= 0 else cut
            rest = piece[cut:]
            yield spelling.read(piece[:cut])
    yield spelling.read(rest)


def _of(name: str, error: InvalidImage) -> InvalidImage:
    scene, bracket, field = name.rpartition("].")
    error.param = scene + bracket + field.partition(".")[0]
    return error
