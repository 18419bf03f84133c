"""Counts what is being dealt with: an update that ends the program is not taken up for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Literal

import structlog

from generation.store.database import Unwritable
from generation.store.inbox import Inbox

log = structlog.get_logger(__name__)


class Dealing:
    """With some updates of a bot. `alone` is held by one at a time of those that were tried before:
    what ends the program must not take others along.
    """

    def __init__(
        self, inbox: Inbox, bot: str, numbers: Collection[int], alone: asyncio.Lock | None = None
    ) -> None:
        self._inbox = inbox
        self._bot = bot
        self._numbers = numbers
        self._alone = alone
        self._away = 0

    @asynccontextmanager
    async def counted(self) -> AsyncGenerator[None]:
        """A try, unless all that happens within is that somebody stops us."""
        async with AsyncExitStack() as stack:
            if self._alone is not None:
                await stack.enter_async_context(self._alone)
            await self._count(1)
            try:
                yield
            except (asyncio.CancelledError, GeneratorExit):
                await asyncio.shield(self.give_back())
                raise

    @asynccontextmanager
    async def elsewhere(self) -> AsyncGenerator[None]:
        """What others are waited for within ends no program: it is no try."""
        self._away += 1
        if self._away == 1:
            await self._count(-1)
            if self._alone is not None:
                self._alone.release()
        try:
            yield
        finally:
            self._away -= 1
            if self._away == 0:
                if self._alone is not None:
                    await self._alone.acquire()
                await self._count(1)

    async def give_back(self) -> None:
        """It was stopped, and ended nothing."""
        await self._count(-1)

    async def _count(self, change: Literal[1, -1]) -> None:
        try:
            await self._inbox.tried(self._bot, self._numbers, change)
        except Unwritable as error:  # a full disk keeps nobody from being answered
            log.warning("try_unrecorded", reason=str(error))


_CURRENT: ContextVar[Dealing | None] = ContextVar("dealing", default=None)


@asynccontextmanager
async def dealing(with_: Dealing) -> AsyncGenerator[None]:
    """Within, these updates are dealt with."""
    token = _CURRENT.set(with_)
    try:
        async with with_.counted():
            yield
    finally:
        _CURRENT.reset(token)


@asynccontextmanager
async def elsewhere() -> AsyncGenerator[None]:
    """Within, others are waited for, whatever is being dealt with."""
    current = _CURRENT.get()
    if current is None:
        yield
        return
    async with current.elsewhere():
        yield
