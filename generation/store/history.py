"""Reading what was asked and what came of it; nothing here changes a row."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from generation.jobs import Job, JobStatus, Requester
from generation.store.database import Database
from generation.store.quota import SLACK
from generation.store.rows import REQUEST, job_of
from generation.store.statements import jobs


@dataclass(frozen=True, slots=True)
class Timing:
    """One finished clip: `cost` in frame·pixel·steps, `seconds` of rendering and encoding."""

    cost: float
    seconds: float


class History:
    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def job(self, job_id: str) -> Job | None:
        for row in await self._database.rows(jobs.ONE, {"id": job_id}):
            return job_of(row)
        return None

    async def of(self, requester: Requester, *, limit: int = 20) -> list[Job]:
        """The requester's jobs, newest first."""
        rows = await self._database.rows(
            jobs.NEWEST_OF_USER,
            {"platform": requester.platform, "user": requester.user, "limit": limit},
        )
        return [job_of(row) for row in rows]

    async def active(self, *, limit: int = -1, skip: int = 0) -> list[Job]:
        """Everything running, then everything that waits, in the order of the line."""
        rows = await self._database.rows(jobs.ACTIVE, {"limit": limit, "skip": skip})
        return [job_of(row) for row in rows]

    async def active_of(self, requester: Requester) -> list[Job]:
        """What this requester has running, then waiting in the order of the line."""
        rows = await self._database.rows(
            jobs.ACTIVE_OF_USER,
            {"platform": requester.platform, "user": requester.user},
        )
        return [job_of(row) for row in rows]

    async def timings(self, engine: str, *, last: int = 20) -> list[Timing]:
        """How long the last clips of an engine took, oldest first."""
        rows = await self._database.rows(
            jobs.TIMINGS,
            {"engine": engine, "last": last, "soon": self._clock() + SLACK},
        )
        return [Timing(row["cost"], row["render_seconds"]) for row in reversed(rows)]

    async def needed_inputs(self) -> frozenset[str]:
        """Names of the input files that a waiting or running job still reads."""
        rows = await self._database.rows(jobs.ACTIVE_REQUESTS)
        requests = (REQUEST.validate_json(row["request"]) for row in rows)
        return frozenset(name for request in requests for name in request.inputs)

    async def owned_inputs(self, *, since: float) -> frozenset[str]:
        """Names of the input files of every job that waits, runs or was asked for since then."""
        rows = await self._database.rows(jobs.OWNED_SINCE, {"since": since})
        requests = (REQUEST.validate_json(row["request"]) for row in rows)
        names = {name for request in requests for name in request.inputs}
        return await self.needed_inputs() | names

    async def counts(self) -> dict[str, int]:
        """How many jobs wait and run."""
        [row] = await self._database.rows(jobs.COUNTS)
        return {"queued": row["queued"], "running": row["running"]}

    async def ended_since(self, moment: float) -> dict[JobStatus, int]:
        """How many jobs ended how, since an epoch second."""
        rows = await self._database.rows(
            jobs.ENDED_SINCE,
            {"moment": moment, "soon": self._clock() + SLACK},
        )
        return {JobStatus(row["status"]): row["jobs"] for row in rows}
