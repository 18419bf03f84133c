"""Questions of ours, written down before they are sent: an answer that is lost makes none deaf."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from generation.store.database import Database
from generation.store.message_references import KEPT
from generation.store.statements import intended_questions


@dataclass(frozen=True, slots=True)
class Question:
    """`asked` is how it can be recognised in its chat, `subject` what one of several is about."""

    platform: str
    chat: int
    asked: str
    subject: str


class IntendedQuestions:
    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def put(self, question: Question, about: str, *, user: str) -> str:
        """What it is about: as it was put the first time. Raises `Unwritable`."""
        now, values = self._clock(), asdict(question)
        await self._database.rows(intended_questions.THIN, {"before": now - KEPT})
        put = values | {"about": about, "user": user, "now": now}
        await self._database.rows(intended_questions.PUT, put)
        [row] = await self._database.rows(intended_questions.ONE, values)
        return str(row["about"])

    async def all(self, platform: str, chat: int, asked: str) -> list[str]:
        """What every question of this kind there is about, the newest first."""
        values = {"platform": platform, "chat": chat, "asked": asked}
        rows = await self._database.rows(intended_questions.ALL, values)
        return [row["about"] for row in rows]

    async def drop(self, question: Question) -> None:
        """It is known by its number from now on."""
        await self._database.rows(intended_questions.DROP, asdict(question))
