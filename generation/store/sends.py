"""What was written where in the last minute, so that a restart does not begin to count anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from generation.store.database import Database
from generation.store.statements import sends

MINUTE = 60.0

SLACK = 1.0
"""Seconds: a moment further ahead than this is from a clock that was wrong."""


class Sends:
    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def note(self, place: str) -> None:
        """Before it is written there; raises `Unwritable`."""
        await asyncio.shield(self._note(place))

    async def ages(self) -> list[tuple[str, float]]:
        """Each place and how many seconds ago it was, the oldest first; raises `Unwritable`."""
        now = self._clock()
        rows = await self._database.rows(sends.RECENT, {"old": now - MINUTE, "soon": now + SLACK})
        return [(row["place"], max(now - row["sent_at"], 0.0)) for row in rows]

    async def _note(self, place: str) -> None:
        now = self._clock()
        values = {"place": place, "now": now, "old": now - MINUTE, "soon": now + SLACK}
        async with self._database.transaction() as run:
            await run(sends.REMOVE_OLD, values)
            await run(sends.ADD, values)
