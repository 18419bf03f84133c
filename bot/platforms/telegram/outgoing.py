"""The one gate that everything written into Telegram's chats passes, the most urgent first.

Telegram's limits (bots FAQ): about one message a second in a chat, 20 a minute in a group, 30 a
second in all; an edit counts like a message. Whoever writes more is refused for a while.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

import structlog
from telegram.error import NetworkError, RetryAfter

from bot.platforms.telegram.trouble import was_sent
from generation.store.database import Unwritable
from generation.store.sends import Sends

log = structlog.get_logger(__name__)

CHAT = 1.05
"""Seconds between two messages in one chat: a little more, for what the network shifts."""

MINUTE, GROUP_MINUTE, GROUP_PROGRESS = 61.0, 20, 15
"""Messages a minute in a group, and how many of them may tell of progress."""

SECOND, ALL_SECOND, ALL_PROGRESS = 1.05, 25, 20
"""The same for a second and all chats together."""

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds between two tries of an answer that cannot have reached Telegram."""

REMEMBERED = 1000
"""Chats above which those that were quiet for a minute are forgotten."""

Result = TypeVar("Result")


class Urgency(IntEnum):
    """A result goes before an answer, and both before progress."""

    RESULT = 0
    ANSWER = 1
    PROGRESS = 2


CHAT_NUMBER = re.compile(r"-?\d+", re.ASCII)


@dataclass
class _Chat:
    """`sent`: when something was written in the last minute, newest last."""

    sent: deque[float] = field(default_factory=deque)
    waiting: list[tuple[Urgency, int]] = field(default_factory=list)
    held_until: float = 0.0


class Outgoing:
    """`sends` survives a restart; `clock` and `sleep` count the seconds between two messages."""

    def __init__(
        self,
        sends: Sends,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sends = sends
        self._clock = clock
        self._sleep = sleep
        self._chats: dict[int, _Chat] = {}
        self._all: deque[float] = deque()
        self._numbers = itertools.count()
        self._loaded: asyncio.Future[None] | None = None

    async def call(
        self, chat: int, urgency: Urgency, send: Callable[[], Awaitable[Result]]
    ) -> Result:
        """Write once it is its turn; where Telegram asks for patience, in this chat alone.

        Raises what `send` raises.
        """
        await self._turn(chat, urgency)
        try:
            return await send()
        except RetryAfter as error:
            seconds = seconds_of(error)
            log.info("chat_held", chat=chat, seconds=seconds)
            known = self._known(chat)
            known.held_until = max(known.held_until, self._clock() + seconds)
            raise

    async def patiently(self, chat: int, send: Callable[[], Awaitable[Result]]) -> Result:
        """An answer, again and again as long as Telegram says later, or the network is away.

        Raises what `send` raises.
        """
        pauses = iter(PAUSES)
        while True:
            try:
                return await self.call(chat, Urgency.ANSWER, send)
            except RetryAfter:
                continue
            except NetworkError as error:
                pause = None if was_sent(error) else next(pauses, None)
                if pause is None:
                    raise
                log.info("answer_waits_for_the_network", chat=chat, seconds=pause)
                await self._sleep(pause)

    def room(self, chat: int) -> float:
        """Seconds until progress may be shown there: it waits in no line, for it would be old."""
        known = self._known(chat)
        return max(self._delay(chat, known, Urgency.PROGRESS), CHAT if known.waiting else 0.0)

    async def _turn(self, chat: int, urgency: Urgency) -> None:
        await self._load()
        known, ticket = self._known(chat), (urgency, next(self._numbers))
        insort(known.waiting, ticket)
        try:
            while True:
                ahead = known.waiting.index(ticket)
                delay = max(self._delay(chat, known, urgency), ahead * CHAT)
                if delay <= 0:
                    break
                await self._sleep(delay)
            self._all.append(self._clock())
            await self._note(chat)
            known.sent.append(self._clock())
        finally:
            known.waiting.remove(ticket)

    async def _note(self, chat: int) -> None:
        if chat > 0:  # a private chat has no minute
            return
        try:
            await self._sends.note(str(chat))
        except Unwritable as error:  # a full disk silences nobody
            log.warning("sending_unrecorded", reason=str(error))

    def _delay(self, chat: int, known: _Chat, urgency: Urgency) -> float:
        now, progress = self._clock(), urgency is Urgency.PROGRESS
        _forget(known.sent, now - MINUTE)
        _forget(self._all, now - SECOND)
        waits = [0.0, known.held_until - now]
        if known.sent:
            waits.append(known.sent[-1] + CHAT - now)
        if chat < 0:
            most = GROUP_PROGRESS if progress else GROUP_MINUTE
            waits.append(_until_free(known.sent, most, MINUTE) - now)
        most = ALL_PROGRESS if progress else ALL_SECOND
        waits.append(_until_free(self._all, most, SECOND) - now)
        return max(waits)

    def _known(self, chat: int) -> _Chat:
        if chat not in self._chats and len(self._chats) >= REMEMBERED:
            now = self._clock()
            self._chats = {one: at for one, at in self._chats.items() if not _quiet(at, now)}
        return self._chats.setdefault(chat, _Chat())

    async def _load(self) -> None:
        """What was written before a restart, once; whoever comes meanwhile waits for it."""
        if self._loaded is None:
            self._loaded = asyncio.ensure_future(self._read())
        if not self._loaded.done():
            await asyncio.shield(self._loaded)

    async def _read(self) -> None:
        try:
            ages = await self._sends.ages()
        except Unwritable as error:
            log.warning("sendings_unread", reason=str(error))
            return
        now = self._clock()
        for place, age in ages:
            if CHAT_NUMBER.fullmatch(place):  # other platforms name their places otherwise
                self._known(int(place)).sent.append(now - age)


def seconds_of(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())


def _forget(moments: deque[float], before: float) -> None:
    while moments and moments[0] <= before:
        moments.popleft()


def _until_free(moments: deque[float], most: int, window: float) -> float:
    """When there will be fewer than `most` in the window."""
    return moments[-most] + window if len(moments) >= most else 0.0


def _quiet(known: _Chat, now: float) -> bool:
    last = known.sent[-1] if known.sent else 0.0
    return not known.waiting and known.held_until <= now and last <= now - MINUTE
