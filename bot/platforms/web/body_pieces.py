"""A body as it comes in, piece by piece, and the end of one that dawdles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request


@dataclass(frozen=True, slots=True)
class BodyPace:
    """`grace`: seconds of silence, and those that the rate is forgiven; `rate`: bytes a second."""

    grace: float = 10.0
    rate: float = 50_000.0


USUAL_PACE = BodyPace()


async def pieces(request: Request, pace: BodyPace = USUAL_PACE) -> AsyncGenerator[bytes]:
    """Raises `HTTPException`: 408 for a silent or slow one, the guard's 413 for a long one."""
    time = asyncio.get_running_loop().time
    began, received = time(), 0
    stream = request.stream()
    while True:
        due = min(time(), began + received / pace.rate) + pace.grace
        try:
            async with asyncio.timeout_at(due):
                piece = await anext(stream, None)
        except TimeoutError:
            raise HTTPException(408) from None
        except ClientDisconnect:
            raise HTTPException(400) from None  # nobody is there to hear it
        if piece is None:
            return
        received += len(piece)
        yield piece
