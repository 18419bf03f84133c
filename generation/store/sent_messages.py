"""What we wrote to whom, so that it can be taken back when they want to be forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from generation.jobs import Requester
from generation.store.database import Database
from generation.store.message_references import ChatMessage
from generation.store.statements import sent_messages

KEPT = 30 * 86400.0
"""Seconds after which it is known no more: long after a platform lets us remove it."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """`message` is its number in the chat, `age` in seconds."""

    chat: int
    message: int
    age: float


class SentMessages:
    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def note(self, where: ChatMessage, user: str) -> None:
        """Somebody has been written to; raises `Unwritable`."""
        now = self._clock()
        values = asdict(where) | {"user": user, "now": now}
        await self._database.rows(sent_messages.NOTE, values)
        await self._database.rows(sent_messages.THIN, {"before": now - KEPT})

    async def to(self, requester: Requester) -> list[SentMessage]:
        """By chat, the oldest first."""
        values = {"platform": requester.platform, "user": requester.user}
        rows = await self._database.rows(sent_messages.OF_USER, values)
        return [SentMessage(row["chat"], row["message"], self.age(row["sent_at"])) for row in rows]

    def age(self, moment: float) -> float:
        """Seconds since an epoch second."""
        return self._clock() - moment
