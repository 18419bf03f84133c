"""Pictures that a chat keeps on its own servers: fetched with a cap, a time limit and patience."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog

from bot.submission.uploads import IncomingUpload
from generation.store.dealing import elsewhere

log = structlog.get_logger(__name__)

PIECE = 2**16
"""Bytes that are asked of a connection at a time."""


class NotFetched(Exception):
    """It cannot be had; `again`: perhaps in a moment, or `after` so many seconds."""

    def __init__(self, reason: str, *, again: bool, after: float = 0.0) -> None:
        super().__init__(reason)
        self.again = again
        self.after = after


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: `limit` for a picture with all its tries, `silence` in which not a byte comes."""

    limit: float = 30.0
    silence: float = 10.0
    tries: int = 3
    pause: float = 0.5
    asked_for: float = 30.0
    """So many seconds more are waited where a server asks for them, all together."""


USUAL_PATIENCE = Patience()

Opened = AbstractAsyncContextManager[AsyncIterator[bytes]]
Open = Callable[[str], Opened]
"""Begins to fetch what lies at an address; raises `NotFetched`."""


@asynccontextmanager
async def over_http(url: str) -> AsyncGenerator[AsyncIterator[bytes]]:
    """An answer's body; where an address sends us elsewhere nobody follows."""
    try:
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                again = answer.status >= 500 or answer.status in (408, 429)
                after = answer.headers.get("Retry-After", "")
                seconds = float(after) if again and after.isdecimal() else 0.0
                raise NotFetched(f"status {answer.status}", again=again, after=seconds)
            yield answer.content.iter_chunked(PIECE)
    except (aiohttp.ClientError, OSError) as error:
        raise NotFetched(type(error).__name__, again=True) from None


async def fetched(
    opened: Callable[[], Opened], upload: IncomingUpload, patience: Patience = USUAL_PATIENCE
) -> Path:
    """The bytes as a file; raises `NotFetched`, `ImageTooLarge`, `QueueFull`."""
    try:
        async with elsewhere(), asyncio.timeout(patience.limit) as limit, upload.turn():
            granted = 0.0
            for left in reversed(range(patience.tries)):
                try:
                    return await _tried(opened, upload, patience)
                except NotFetched as error:
                    log.info("picture_not_fetched", reason=str(error), left=left)
                    granted += error.after
                    if not (error.again and left and granted <= patience.asked_for):
                        raise
                    after = error.after
                await _asleep(max(patience.pause, after), limit, granted=after)
    except TimeoutError:
        log.info("picture_not_fetched", reason="too slow", left=0)
    raise NotFetched("too slow", again=False)


async def _asleep(seconds: float, limit: asyncio.Timeout, *, granted: float) -> None:
    """What a server asks for is not taken off our own patience."""
    when = limit.when()
    if when is not None:
        limit.reschedule(when + granted)
    await asyncio.sleep(seconds)


async def _tried(opened: Callable[[], Opened], upload: IncomingUpload, patience: Patience) -> Path:
    try:
        async with asyncio.timeout(patience.silence) as silence, opened() as pieces:
            return await upload.store(_heard(pieces, silence, patience))
    except TimeoutError:
        raise NotFetched("silence", again=True) from None


async def _heard(
    pieces: AsyncIterator[bytes], silence: asyncio.Timeout, patience: Patience
) -> AsyncGenerator[bytes]:
    time = asyncio.get_running_loop().time
    async for piece in pieces:
        silence.reschedule(time() + patience.silence)
        yield piece
