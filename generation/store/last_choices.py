"""What somebody chose last where options are tapped, so that they need not choose it again."""

from __future__ import annotations

import time
from collections.abc import Callable

from generation.jobs import Requester
from generation.store.database import Database
from generation.store.statements import last_choices

KEPT = 365 * 86400.0
"""Seconds after which nobody remembers having chosen it."""


class LastChoices:
    """A choice is written down as its platform likes."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def remember(self, requester: Requester, choice: str) -> None:
        """Raises `Unwritable`."""
        now = self._clock()
        values = {"platform": requester.platform, "user": requester.user}
        await self._database.rows(last_choices.PUT, values | {"choice": choice, "now": now})
        await self._database.rows(last_choices.THIN, {"before": now - KEPT})

    async def of(self, requester: Requester) -> str | None:
        values = {"platform": requester.platform, "user": requester.user}
        rows = await self._database.rows(last_choices.ONE, values)
        return str(rows[0]["choice"]) if rows else None
