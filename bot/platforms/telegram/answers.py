"""Which answers to an update have begun to go out: after a kill none of them is said again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import structlog

from generation.store.database import Unwritable
from generation.store.inbox import Inbox

log = structlog.get_logger(__name__)


@dataclass
class _BeingAnswered:
    """Answers by chat: `before` those that had begun when the program ended, `begun` all so far."""

    bot: str
    number: int
    before: Counter[str]
    begun: Counter[str] = field(default_factory=Counter)


class Answers:
    """An answer is noted just before it goes out, since nobody tells us of one that is lost."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._update: ContextVar[_BeingAnswered | None] = ContextVar("update", default=None)

    @contextmanager
    def to(self, bot: str, number: int, before: str | None) -> Generator[None]:
        """Within, an update is answered; `before` is what was noted of that the last time."""
        known = Counter(json.loads(before)) if before is not None else Counter[str]()
        token = self._update.set(_BeingAnswered(bot, number, known))
        try:
            yield
        finally:
            self._update.reset(token)

    def is_due(self, chat: int) -> bool:
        """Whether the next answer into a chat has not begun to go out before."""
        update, place = self._update.get(), str(chat)
        if update is None or update.begun[place] >= update.before[place]:
            return True
        update.begun[place] += 1
        return False

    async def begin(self, chat: int) -> None:
        """It goes out now."""
        await self._count(chat, 1)

    async def undo(self, chat: int) -> None:
        """It was refused."""
        await self._count(chat, -1)

    async def _count(self, chat: int, change: int) -> None:
        update = self._update.get()
        if update is None:
            return
        update.begun[str(chat)] += change
        try:
            noted = json.dumps(update.before | update.begun)
            await self._inbox.answered(update.bot, update.number, noted)
        except Unwritable as error:  # a full disk silences nobody
            log.warning("answer_unrecorded", reason=str(error))
