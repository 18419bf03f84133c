"""What a child process prints, taken in so that none can keep its parent busy with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

PIECE: Final = 1 << 16
"""Bytes that are taken at once, as many as a pipe holds."""

LONGEST: Final = 500
"""Characters of a line that are kept."""

BURST, RATE = 1000, 50.0
"""Lines that come at once, and in each second from then on; of a flood the others are dropped."""

PAUSE: Final = 0.1
"""Seconds in which a flood has to wait in its pipe."""


def lines(piece: bytes) -> list[str]:
    """Those in it that say anything; the work grows with its length and no faster."""
    stripped = (line.strip() for line in piece.decode(errors="replace").splitlines())
    return [line[:LONGEST] for line in stripped if line]


async def printed(stream: asyncio.StreamReader) -> AsyncGenerator[str]:
    """Lines until the stream ends: all of them, or of a flood the last ones in each piece."""
    clock = asyncio.get_running_loop().time
    left, counted = float(BURST), clock()
    while piece := await stream.read(PIECE):
        now = clock()
        left, counted = min(BURST, left + (now - counted) * RATE), now
        for line in lines(piece)[-max(1, int(left)) :]:
            left -= 1
            yield line
        if left < 1:
            await asyncio.sleep(PAUSE)


async def last_printed(stream: asyncio.StreamReader) -> str:
    """The end of what is printed until the stream ends."""
    kept = b""
    while piece := await stream.read(PIECE):
        kept = (kept + piece)[-4 * LONGEST :]
    return kept.decode(errors="replace")[-LONGEST:]
