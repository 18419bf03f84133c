"""Who still has to be handed an outcome: a state of its own, so that a restart can resume it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from generation.jobs import Job, ReplyAddress
from generation.store.database import Database
from generation.store.rows import job_of

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
        return await self._change("message = :message", job_id, message=message)

    async def delivered(self, job_id: str) -> bool:
        """Record it once; False if it had been recorded before."""
        return await self._change("delivery = 'delivered'", job_id)

    async def postpone(self, job_id: str, *, seconds: float) -> bool:
        """Try again later; after a day and several tries it becomes undeliverable."""
        return await self._change(
            "delivery_tries = delivery_tries + 1, next_try_at = :now + :seconds, "
            "delivery = CASE WHEN finished_at < :now - :give_up AND delivery_tries + 1 >= :tries "
            "THEN 'undeliverable' ELSE 'pending' END",
            job_id,
            seconds=seconds,
            give_up=GIVE_UP_AFTER,
            tries=GIVE_UP_TRIES,
        )

    async def undeliverable(self, job_id: str) -> bool:
        return await self._change("delivery = 'undeliverable'", job_id)

    async def readdress(self, job_id: str, address: ReplyAddress) -> bool:
        """Replace a stored address, once a secret in it has had its time or a chat has moved."""
        rows = await self._database.rows(
            "UPDATE jobs SET address = :address "
            "WHERE id = :id AND address IS NOT NULL RETURNING id",
            {"id": job_id, "address": address},
        )
        return bool(rows)

    async def pending(self, platforms: Collection[str]) -> list[Job]:
        """Every story of these platforms that is not told to its end, oldest first."""
        rows = await self._database.rows(
            "SELECT * FROM jobs WHERE delivery = 'pending' "
            "AND (next_try_at <= :now OR next_try_at > :now + :longest) ORDER BY seq",
            {"now": self._clock(), "longest": LONGEST_WAIT},
        )
        return [job for job in map(job_of, rows) if job.requester.platform in platforms]

    async def _change(self, change: str, job_id: str, **values: object) -> bool:
        rows = await self._database.rows(
            f"UPDATE jobs SET {change} WHERE id = :id AND delivery = 'pending' RETURNING id",
            {"id": job_id, "now": self._clock(), **values},
        )
        return bool(rows)
