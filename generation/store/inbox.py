"""What came from a chat, on the disk before the chat is told that we have it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from generation.store.database import Database
from generation.store.statements import inbox

KEPT, GIVEN_UP = 86400.0, 7 * 86400.0
"""Seconds for which a number is known, and an update waits for a start of its bot."""

MOST_TRIES = 3
"""So often may the program end while an update is dealt with; then it is given up."""


@dataclass(frozen=True, slots=True)
class Update:
    """`content` as it came; `user` is whose it is, where anybody's."""

    number: int
    user: str | None
    content: str


@dataclass(frozen=True, slots=True)
class Left:
    """An update to be taken up again; `answers` as they were noted last.

    `tries` are the times that the program ended while it was dealt with.
    """

    number: int
    content: str
    answers: str | None = None
    tries: int = 0

    @property
    def given_up(self) -> bool:
        return self.tries >= MOST_TRIES


class Inbox:
    """`bot` names a bot of a platform: each has numbers of its own."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def put(self, platform: str, bot: str, updates: Sequence[Update]) -> set[int]:
        """Keep them; the numbers of those that had not come before. Raises `Unwritable`."""
        now = self._clock()
        values = {"bot": bot, "platform": platform, "now": now}
        rows = await self._database.rows(
            inbox.PUT, values | {"updates": json.dumps([asdict(update) for update in updates])}
        )
        return {row["number"] for row in rows}

    async def waiting(self, bot: str) -> list[Left]:
        """Everything that was left, oldest first; what is given up is the caller's to say."""
        rows = await self._database.rows(inbox.WAITING, {"bot": bot})
        return [Left(row["number"], row["content"], row["answers"], row["tries"]) for row in rows]

    async def tried(self, bot: str, numbers: Collection[int], change: Literal[1, -1]) -> None:
        """One try more, or one less; raises `Unwritable`."""
        values = {"bot": bot, "numbers": json.dumps(sorted(numbers)), "change": change}
        await self._database.rows(inbox.TRIED, values)

    async def answered(self, bot: str, number: int, answers: str) -> None:
        """Note what of the answers to an update has begun to go out; raises `Unwritable`."""
        values = {"bot": bot, "number": number, "answers": answers}
        await self._database.rows(inbox.ANSWERED, values)

    async def done(self, bot: str, numbers: Collection[int]) -> None:
        """They have been dealt with: nothing but the number is left."""
        if numbers:
            values = {"bot": bot, "numbers": json.dumps(sorted(numbers))}
            await self._database.rows(inbox.DONE, values)

    async def thin(self) -> None:
        """Give up what nobody will send again, or take up again."""
        now = self._clock()
        values = {"before": now - KEPT, "given_up": now - GIVEN_UP}
        await self._database.rows(inbox.THIN, values)
