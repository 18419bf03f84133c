"""Reading what was asked and what came of it; nothing here changes a row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from generation.jobs import Job, JobStatus, Requester
from generation.store.database import Database, Row
from generation.store.quota import SLACK
from generation.store.rows import job_of
from generation.store.statements import jobs


@dataclass(frozen=True, slots=True)
class Timing:
    """One finished clip: `cost` in frame·pixel·steps, `seconds` of rendering and encoding."""

    cost: float
    seconds: float


@dataclass(frozen=True, slots=True)
class JobsPage:
    """`limit` jobs after the one whose id is `after`, or from the first."""

    limit: int = 20
    after: str | None = None
    newest_first: bool = True


FIRST_PAGE = JobsPage()

BEFORE_ALL, AFTER_ALL = 0, 2**63 - 1
"""Numbers that no row has."""


class History:
    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def job(self, job_id: str) -> Job | None:
        for row in await self._database.rows(jobs.ONE, {"id": job_id}):
            return job_of(row, self._database.folder)
        return None

    async def of(self, requester: Requester, page: JobsPage) -> list[Job] | None:
        """The requester's jobs; `None` where none of theirs has the id that the page begins after.

        A deleted job still marks its place, so that whoever deletes as they read goes on.
        """
        whose = {"platform": requester.platform, "user": requester.user}
        seq = AFTER_ALL if page.newest_first else BEFORE_ALL
        if page.after is not None:
            values = {**whose, "id": page.after}
            found = await self._database.rows(jobs.PLACE_OF_USERS, values)
            if not found:
                return None
            seq = found[0]["seq"]
        statement = jobs.NEWEST_OF_USER if page.newest_first else jobs.OLDEST_OF_USER
        rows = await self._database.rows(statement, {**whose, "seq": seq, "limit": page.limit})
        return self._jobs(rows)

    async def count_of(self, requester: Requester) -> int:
        """How many of the requester's jobs there are, whatever became of them."""
        values = {"platform": requester.platform, "user": requester.user}
        [row] = await self._database.rows(jobs.COUNT_OF_USER, values)
        return int(row["jobs"])

    async def shown_to(self, requester: Requester) -> list[Job]:
        """The requester's jobs of which a message in a chat tells."""
        values = {"platform": requester.platform, "user": requester.user}
        return self._jobs(await self._database.rows(jobs.SHOWN_OF_USER, values))

    async def clips_of(self, requester: Requester, *, most: int) -> list[Job]:
        """The requester's jobs that made a clip, newest first."""
        values = {"platform": requester.platform, "user": requester.user, "limit": most}
        return self._jobs(await self._database.rows(jobs.CLIPS_OF_USER, values))

    async def untold(self, requester: Requester) -> int:
        """How many of the requester's jobs have ended, and nobody has been told yet."""
        values = {"platform": requester.platform, "user": requester.user}
        [row] = await self._database.rows(jobs.UNTOLD_OF_USER, values)
        return int(row["jobs"])

    async def made(self, requester: Requester, size: int) -> list[Job]:
        """The requester's jobs whose clip has so many bytes, newest first."""
        values = {"platform": requester.platform, "user": requester.user, "size": size}
        rows = await self._database.rows(jobs.MADE_OF_USER, values)
        return self._jobs(rows)

    async def active(self, *, limit: int = -1, skip: int = 0) -> list[Job]:
        """Everything running, then everything that waits, in the order of the line."""
        rows = await self._database.rows(jobs.ACTIVE, {"limit": limit, "skip": skip})
        return self._jobs(rows)

    async def active_of(self, requester: Requester) -> list[Job]:
        """What this requester has running, then waiting in the order of the line."""
        rows = await self._database.rows(
            jobs.ACTIVE_OF_USER,
            {"platform": requester.platform, "user": requester.user},
        )
        return self._jobs(rows)

    async def ended_of(self, requester: Requester, *, since: float) -> list[Job]:
        """The requester's jobs that ended since an epoch second, in that order."""
        values = {"platform": requester.platform, "user": requester.user, "since": since}
        rows = await self._database.rows(jobs.ENDED_OF_USER_SINCE, values)
        return self._jobs(reversed(rows))

    async def deleted_of(self, requester: Requester, *, since: float) -> list[str]:
        """Ids of the requester's jobs that were deleted since an epoch second, in that order."""
        values = {"platform": requester.platform, "user": requester.user, "since": since}
        rows = await self._database.rows(jobs.DELETED_OF_USER_SINCE, values)
        return [row["id"] for row in reversed(rows)]

    def _jobs(self, rows: Iterable[Row]) -> list[Job]:
        return [job_of(row, self._database.folder) for row in rows]

    async def timings(self, engine: str, *, last: int = 20) -> list[Timing]:
        """How long the last clips of an engine took, oldest first."""
        rows = await self._database.rows(
            jobs.TIMINGS,
            {"engine": engine, "last": last, "soon": self._clock() + SLACK},
        )
        return [Timing(row["cost"], row["render_seconds"]) for row in reversed(rows)]

    async def needed_inputs(self) -> frozenset[str]:
        """Names of the input files that a waiting or running job still reads."""
        return frozenset(row["name"] for row in await self._database.rows(jobs.NEEDED_INPUTS))

    async def owned_inputs(self, *, since: float) -> frozenset[str]:
        """Names of the input files of every job that waits, runs or was asked for since then."""
        rows = await self._database.rows(jobs.OWNED_INPUTS, {"since": since})
        return await self.needed_inputs() | {row["name"] for row in rows}

    async def counts(self) -> dict[str, int]:
        """How many jobs wait for an engine and run on one; `asked`: how many requests they are."""
        [row] = await self._database.rows(jobs.COUNTS)
        return {name: row[name] for name in ("queued", "running", "asked")}

    async def clips_by_engine(self, moment: float) -> dict[str, int]:
        """How many clips each engine has made since an epoch second, by its name."""
        values = {"moment": moment, "soon": self._clock() + SLACK}
        rows = await self._database.rows(jobs.CLIPS_BY_ENGINE, values)
        return {row["made_on"]: row["clips"] for row in rows}

    async def ended_since(self, moment: float) -> dict[JobStatus, int]:
        """How many jobs ended how, since an epoch second."""
        rows = await self._database.rows(
            jobs.ENDED_SINCE,
            {"moment": moment, "soon": self._clock() + SLACK},
        )
        return {JobStatus(row["status"]): row["jobs"] for row in rows}
