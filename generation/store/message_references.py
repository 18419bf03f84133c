"""What messages in chats are about, across restarts: a question of ours is about a picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from generation.jobs import Job
from generation.store.database import Database
from generation.store.rows import job_of
from generation.store.statements import jobs, message_references

KEPT = 30 * 86400.0
"""Seconds after which nobody answers a question any more."""

OPEN = 86400.0
"""Seconds in which words without an answer are meant for the newest picture."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`message` is its number in the chat."""

    platform: str
    chat: int
    message: int


class MessageReferences:
    """What a message is `about` is written down as its platform likes."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def remember(
        self, where: ChatMessage, about: str, *, user: str, is_open: bool = False
    ) -> None:
        """`user` is whose it is; `is_open`: the next words in the chat may be meant for it."""
        now = self._clock()
        values = {"about": about, "user": user, "open": int(is_open), "now": now}
        await self._database.rows(message_references.PUT, asdict(where) | values)
        await self._database.rows(message_references.THIN, {"before": now - KEPT})

    async def about(self, where: ChatMessage, *, written_at: float = 0.0) -> str | None:
        """What this message is about, if that is known; `written_at` in epoch seconds."""
        values = asdict(where) | {"written_at": written_at}
        rows = await self._database.rows(message_references.ONE, values)
        return rows[0]["about"] if rows else None

    async def repeated(self, where: ChatMessage, about: str) -> bool:
        """Whether another message in the chat is about the same."""
        values = asdict(where) | {"about": about}
        return bool(await self._database.rows(message_references.REPEATED, values))

    async def open(self, by: ChatMessage) -> str | None:
        """What words are meant for; they may ask again after they have used it."""
        since = {"since": self._clock() - OPEN}
        rows = await self._database.rows(message_references.OPEN, asdict(by) | since)
        return rows[0]["about"] if rows else None

    async def use(self, by: ChatMessage) -> None:
        """The words for what is open have come."""
        await self._database.rows(message_references.USE, asdict(by))

    async def use_one(self, where: ChatMessage, by: int) -> None:
        """A message of ours has been answered by a press, about what is open here."""
        await self._database.rows(message_references.USE_ONE, asdict(where) | {"by": by})

    async def move(self, platform: str, chat: int, to: int) -> None:
        """A chat has another number now, with all its messages; new ones there count anew."""
        values = {"platform": platform, "chat": chat, "to": to, "now": self._clock()}
        await self._database.rows(message_references.MOVE, values)

    async def jobs(self, where: ChatMessage) -> list[Job]:
        """Those whose status message has this number, in whichever chat of the platform."""
        values = {"platform": where.platform, "message": str(where.message)}
        rows = await self._database.rows(jobs.OF_MESSAGE, values)
        return [job_of(row, self._database.folder) for row in rows]
