"""What a server sends, read within bounds: answers, events and files that may never end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from generation.remote.errors import BrokenAnswer, EndlessFile, HalfFile

MOST_ANSWER = 2**20
"""Bytes of an answer that is no file, and of one event."""

MOST_CLIP = 2**30
"""Bytes of a clip; a minute in full quality has a tenth of it."""

PIECE = 2**20
"""Bytes that are written at once."""

HIDDEN = b"[key]"


@dataclass(frozen=True, slots=True)
class FarAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Bodies:
    """`key` is told to nobody, also where the server repeats it; `limit`: seconds of an answer."""

    def __init__(self, key: str | None, limit: float) -> None:
        self._key = (key or "").encode()
        self._limit = limit

    async def whole(self, answer: httpx.Response) -> FarAnswer:
        """Raises `BrokenAnswer`, `httpx.HTTPError`."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._limit):
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > MOST_ANSWER:
                        raise BrokenAnswer("The server's answer has no end.")
        except TimeoutError:
            raise httpx.ReadTimeout("the answer has no end") from None
        told = body.replace(self._key, HIDDEN) if self._key else body
        return FarAnswer(answer.status_code, answer.headers, bytes(told))

    async def file(self, answer: httpx.Response, to: Path) -> None:
        """Bounded, and off the loop: a slow disk may not stop everybody else.

        Raises `EndlessFile`, `HalfFile`, `OSError`.
        """
        size, pieces = 0, bytearray()
        with to.open("wb") as file:
            try:
                async for piece in answer.aiter_bytes():
                    pieces += piece
                    if len(pieces) < PIECE:
                        continue
                    size += len(pieces)
                    if size > MOST_CLIP:
                        raise EndlessFile(f"it is larger than {MOST_CLIP:,} bytes")
                    await asyncio.to_thread(file.write, pieces)
                    pieces = bytearray()
            except httpx.HTTPError as error:
                raise HalfFile(str(error)) from None
            await asyncio.to_thread(file.write, pieces)

    async def events(self, answer: httpx.Response) -> AsyncGenerator[tuple[str, str]]:
        """As the HTML standard has it (9.2.6), of which only `event` and `data` matter here."""
        name, data = "", ""
        async for line in _lines(answer.aiter_bytes()):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if name:
                    yield name, data
                name, data = "", ""
            elif field == "event":
                name = value
            elif field == "data" and len(data) < MOST_ANSWER:
                data += value


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncGenerator[str]:
    """They end there where one is too long to be one."""
    rest = b""
    async for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode(errors="replace")
        if len(rest) > MOST_ANSWER:
            return
