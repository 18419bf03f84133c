"""JSON as it comes in: its long strings go to the disk, and only the rest is put together.

So a picture of 25 MB costs no memory, and neither do 36 MB of brackets.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterable
from typing import Any

from starlette.exceptions import HTTPException

from bot.platforms.web.fields import FieldContent, Spelling, Text
from bot.submission.uploads import IncomingUpload
from generation.errors import UnsupportedOption

MOST = 2**20
"""Bytes of a body beside its long strings."""

_FRAME = re.compile(rb'(?:[^"]++|"(?:[^"\\]|\\.){0,60000}+")*+', re.DOTALL)
"""Everything up to a string that is long or not at its end, in one go."""

_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)


class _Strings:
    """Sorts bytes into the frame and its strings."""

    def __init__(self, upload: IncomingUpload) -> None:
        self._upload = upload
        self._mark = secrets.token_hex(16)
        """Stands in the frame where a long string was; nobody outside can guess it."""
        self._string: FieldContent | None = None
        self._rest = b""
        self.frame = bytearray()
        self.long: list[FieldContent] = []

    def add(self, piece: bytes) -> None:
        piece, self._rest = self._rest + piece, b""
        at = 0
        while at < len(piece):
            at = self._outside(piece, at) if self._string is None else self._inside(piece, at)
        if len(self.frame) > MOST:
            raise HTTPException(413)

    def _outside(self, piece: bytes, at: int) -> int:
        found = _FRAME.match(piece, at)
        assert found is not None
        quote = found.end()
        self.frame += piece[at : quote + 1]
        if quote < len(piece):
            self._string = FieldContent(self._upload)
        return quote + 1

    def _inside(self, piece: bytes, at: int) -> int:
        found = _IN_STRING.match(piece, at)
        assert self._string is not None
        assert found is not None
        end = found.end()
        self._string.add(piece[at:end])
        if end < len(piece) and piece[end : end + 1] == b"\\":  # its other half is yet to come
            self._rest = b"\\"
            return len(piece)
        if end < len(piece):
            self._close(self._string)
            return end + 1
        return end

    def _close(self, string: FieldContent) -> None:
        if string.long:
            self.frame += f"{self._mark}{len(self.long)}".encode()
            self.long.append(string)
        else:
            self.frame += string.head
        self.frame += b'"'
        self._string = None

    async def flush(self) -> None:
        for string in self.long:
            await string.flush(whole=True)
        if self._string is not None:
            await self._string.flush()

    async def texts(self) -> dict[str, Text]:
        """The long strings by what stands for them."""
        found = {}
        for number, string in enumerate(self.long):
            content = await string.finish()
            found[f"{self._mark}{number}"] = Text(content, Spelling.JSON, bytes(string.head))
        return found


async def read_json(body: AsyncIterable[bytes], upload: IncomingUpload) -> Any:
    """A value whose long strings are `Text`; `None` for an empty body.

    Raises `UnsupportedOption`, `HTTPException` for one that is too much.
    """
    strings = _Strings(upload)
    async for piece in body:
        strings.add(piece)
        await strings.flush()
    if not strings.frame:
        return None
    try:
        return _filled(json.loads(strings.frame), await strings.texts())
    except (ValueError, RecursionError):
        raise UnsupportedOption("json", "body") from None


def _filled(value: Any, texts: dict[str, Text]) -> Any:
    if isinstance(value, str):
        return texts.get(value, value)
    if isinstance(value, list):
        return [_filled(one, texts) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one, texts) for name, one in value.items()}
    return value
