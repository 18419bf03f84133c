"""Requests of one address take turns: who sends a thousand at once waits for nobody but themselves.

A turn ends when the answer begins, when the body is waited for, or after `LONGEST`: it is for the
work that answers take, not for streams, uploads and whatever else is waiting.
"""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.platforms.web.errors import CLOSING, from_rejection
from bot.platforms.web.identity import address_of
from bot.platforms.web.languages import catalogue_of
from generation.errors import QuotaExceeded
from generation.turns import FairTurns

AT_ONCE = 48
"""Requests that are worked on at the same time."""

EACH = 16
"""Of them of one address."""

MOST_WAITING = 256
"""Requests of one address that wait for their turn; the next is refused."""

LONGEST = 0.25
"""Seconds after which a request that waits for something else lets others come in."""

RETRY_AFTER = 1.0

HEALTH = "/healthz"
"""It costs next to nothing, and who asks wants to know how long an answer takes."""


class RequestTurns:
    """Behind trusted proxies the address is the one that they forward."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._turns = FairTurns(AT_ONCE, EACH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == HEALTH:
            await self._app(scope, receive, send)
            return
        address = address_of(HTTPConnection(scope))
        if self._turns.waiting(address) >= MOST_WAITING:
            await _refusal(scope)(scope, receive, send)
            return
        turn = await self._turns.begin(address)
        longest = asyncio.get_running_loop().call_later(LONGEST, turn.leave)

        async def listen() -> Message:
            turn.leave()
            return await receive()

        async def say(message: Message) -> None:
            turn.leave()
            await send(message)

        try:
            await self._app(scope, listen, say)
        finally:
            longest.cancel()
            turn.leave()


def _refusal(scope: Scope) -> ASGIApp:
    error = QuotaExceeded("moment", most=MOST_WAITING, retry_after=RETRY_AFTER)
    refusal = from_rejection(error, catalogue_of(HTTPConnection(scope)))
    refusal.headers.update(CLOSING)
    return refusal
