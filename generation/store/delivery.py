"""Who still has to be handed an outcome: a state of its own, so that a restart can resume it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection

from generation.jobs import Job, ReplyAddress
from generation.store.database import Database
from generation.store.rows import job_of
from generation.store.statements import delivery

GIVE_UP_AFTER = 24 * 3600.0
"""Seconds after which an outcome nobody could be handed is only kept for the history."""

GIVE_UP_TRIES = 5
"""So often it has been tried by then, too: a clock that jumped is no day of trying."""

LONGEST_WAIT = 3600.0
"""Seconds: a try that is due later was put off under a clock that was wrong, and is due now."""


class Deliveries:
    """At least once, never twice for a recorded one."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def attach(self, job_id: str, message: str) -> bool:
        """Remember the status message that tells of this job."""
        return await self._change(delivery.ATTACH, job_id, message=message)

    async def adopt(self, job_id: str, message: str, address: ReplyAddress) -> bool:
        """The same, of one in another chat."""
        return await self._change(delivery.ADOPT, job_id, message=message, address=address)

    async def announce(self, job_id: str) -> bool:
        """The status message goes out now; False where one has begun to before."""
        return await self._change(delivery.ANNOUNCE, job_id)

    async def announce_later(self, job_id: str) -> bool:
        """It cannot have arrived."""
        return await self._change(delivery.ANNOUNCE_LATER, job_id)

    async def delivered(self, job_id: str) -> bool:
        """Record it once; False if it had been recorded before."""
        return await self._change(delivery.DELIVERED, job_id)

    async def postpone(self, job_id: str, *, seconds: float) -> bool:
        """Try again later; after a day and several tries it becomes undeliverable."""
        return await self._change(
            delivery.POSTPONE,
            job_id,
            seconds=seconds,
            give_up=GIVE_UP_AFTER,
            tries=GIVE_UP_TRIES,
        )

    async def undeliverable(self, job_id: str) -> bool:
        return await self._change(delivery.UNDELIVERABLE, job_id)

    async def readdress(self, job_id: str, address: ReplyAddress) -> bool:
        """Replace a stored address, once a secret in it has had its time or a chat has moved."""
        rows = await self._database.rows(
            delivery.READDRESS,
            {"id": job_id, "address": address},
        )
        return bool(rows)

    async def keep_file(self, job_id: str, file: str) -> bool:
        """Remember under which name the platform keeps the clip."""
        rows = await self._database.rows(delivery.KEEP_FILE, {"id": job_id, "file": file})
        return bool(rows)

    async def pending(self, platforms: Collection[str]) -> list[Job]:
        """Every job of these platforms whose outcome is still to be delivered, oldest first."""
        return await self._jobs(delivery.PENDING, platforms)

    async def ended(self, platforms: Collection[str]) -> list[Job]:
        """Those of them that have an outcome: however many wait, they are not read."""
        return await self._jobs(delivery.ENDED_PENDING, platforms)

    async def _jobs(self, statement: str, platforms: Collection[str]) -> list[Job]:
        values = {
            "now": self._clock(),
            "longest": LONGEST_WAIT,
            "platforms": json.dumps(list(platforms)),
        }
        rows = await self._database.rows(statement, values)
        return [job_of(row, self._database.folder) for row in rows]

    async def _change(self, statement: str, job_id: str, **values: object) -> bool:
        rows = await self._database.rows(
            statement,
            {"id": job_id, "now": self._clock(), **values},
        )
        return bool(rows)
