"""An asyncio queue whose memory is SQLite: a transition is one statement, 0 rows is too late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from generation.errors import Expired, QuotaExceeded, RequestKeyReused
from generation.events import Failed
from generation.jobs import AnimationRequest, Clip, Job, ReplyAddress, Requester
from generation.notes import Note
from generation.store import origin
from generation.store.claims import FOR_ALL, Claimant, Lane
from generation.store.database import Database, Row
from generation.store.order import Place, QueueOrder, order_of, place_of
from generation.store.pseudonym import Pseudonyms
from generation.store.put_values import Put, limits_of, row_of, told_of
from generation.store.quota import Limits, Quota
from generation.store.rows import FACTS, NOTES, clip_row, job_of
from generation.store.state import Mode, QueueState, state_of
from generation.store.statements import claim, jobs, queue_state


@dataclass(frozen=True, slots=True)
class Stopped:
    """A cancel took effect; `running` tells whether an engine has to be interrupted.

    `scenes` are those that ended with their film.
    """

    running: bool
    scenes: tuple[str, ...] = ()


class JobQueue:
    """`moved` is set whenever the queue may have moved; who waits clears it before a look."""

    def __init__(
        self,
        database: Database,
        *,
        pseudonyms: Pseudonyms,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._quota = Quota(database, pseudonyms=pseudonyms, clock=clock)
        self._news = asyncio.Event()
        self.moved = asyncio.Event()

    async def put(
        self,
        request: AnimationRequest,
        requester: Requester,
        limits: Limits,
        *,
        lane: Lane = FOR_ALL,
        key: str | None = None,
        digest: str | None = None,
        address: ReplyAddress | None = None,
    ) -> Put:
        """Queue a request, or return the row that the same key made before.

        Raises `QuotaExceeded`, `QueueFull`, `RequestKeyReused`, and `Expired` where what it came
        from was forgotten meanwhile.
        """
        values = {
            **row_of(request, requester, lane),
            **told_of(key, digest, address),
            **limits_of(limits, self._pseudonyms.of(requester), self._clock()),
        }
        for row in await self._database.rows(jobs.PUT, values):
            self.announce()
            return Put(row["id"], row["turn"], row["seq"])
        return await self._repeated_or_refused(requester, limits, key, digest)

    async def put_whole(
        self,
        together: Callable[[Mapping[str, object]], Awaitable[Put | None]],
        requester: Requester,
        limits: Limits,
        *,
        clips: int,
        key: str | None,
        digest: str | None,
    ) -> Put:
        """Queue several rows or nothing; raises as `put` does.

        `together` is one transaction; it is given the values of the limits that `jobs.PUT` asks
        for, and `None` comes of it where they stand in its way.
        """
        allowed = limits_of(limits, self._pseudonyms.of(requester), self._clock(), clips=clips)
        made = await asyncio.shield(together(allowed))
        if made is None:
            return await self._repeated_or_refused(requester, limits, key, digest, clips=clips)
        self.announce()
        return made

    async def _repeated_or_refused(
        self,
        requester: Requester,
        limits: Limits,
        key: str | None,
        digest: str | None,
        *,
        clips: int = 1,
    ) -> Put:
        """What came of a request that nothing was queued for; raises as `put` does."""
        if key is not None:
            before = await self.put_before(requester, key, [digest])
            if before is not None:
                return before
        if not await origin.stands(self._database):
            raise Expired("forgotten")
        raise await self._quota.why_refused(requester, limits, clips=clips) or QuotaExceeded(
            "moment", retry_after=1.0
        )

    async def put_before(
        self, requester: Requester, key: str, digests: Collection[str | None]
    ) -> Put | None:
        """The row that this key made before, if it did; `digests`: every way to write the request.

        Raises `RequestKeyReused`.
        """
        for row in await self._of_key(requester, key):
            if row["deleted_at"] is not None:
                raise RequestKeyReused("deleted")  # and what it asked for is forgotten
            if row["request_digest"] not in digests:
                raise RequestKeyReused("other_content")
            return Put(row["id"], row["turn"], row["seq"], repeated=True)
        return None

    async def knows(self, requester: Requester, key: str) -> bool:
        """Whether there was a request with this key before."""
        return bool(await self._of_key(requester, key))

    async def _of_key(self, requester: Requester, key: str) -> list[Row]:
        return await self._database.rows(
            jobs.PUT_BEFORE,
            {"platform": requester.platform, "user": requester.user, "key": key},
        )

    def news(self) -> asyncio.Event:
        """Is set once when anything has changed: taken before a look, waited for after it."""
        return self._news

    def wake(self) -> None:
        """Have everybody look again who waits for a job."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def take(self, claimant: Claimant) -> Job | None:
        """Mark the next job that this engine may have as running; `None` where none waits."""
        values = {"now": self._clock(), **claimant.values()}
        for row in await self._database.rows(claim.CLAIM, values):
            self.moved.set()
            return job_of(row, self._database.folder)
        return None

    async def is_far(self, job_id: str, attempt: int, far_id: str) -> bool:
        """Write down under which id a server makes it, so that it is found there again."""
        values = {"id": job_id, "attempt": attempt, "far_id": far_id}
        return bool(await self._database.rows(jobs.FAR, values))

    async def is_on(self, job_id: str, attempt: int, card: str) -> None:
        """Write down which card of its engine makes it."""
        await self._database.rows(jobs.ON, {"id": job_id, "attempt": attempt, "card": card})

    async def next_up(self, count: int) -> list[Job]:
        """The first of those who wait."""
        rows = await self._database.read(jobs.NEXT_UP, {"count": count})
        return [job_of(row, self._database.folder) for row in rows]

    async def until_resumed(self) -> None:
        """Return at once unless the queue is paused, else when it no longer is."""
        while True:
            news = self.news()
            if await self.mode() is not Mode.PAUSED:
                return
            await news.wait()

    async def position(self, job_id: str) -> Place | None:
        """Where a waiting job stands; `None` when it does not wait."""
        for row in await self._database.rows(jobs.POSITION, {"id": job_id}):
            return place_of(job_id, row)
        return None

    async def owns(self, job_id: str, attempt: int) -> bool:
        """Whether this attempt still is the one that runs."""
        rows = await self._database.rows(
            jobs.OWNED,
            {"id": job_id, "attempt": attempt},
        )
        return bool(rows)

    async def waiting(self) -> QueueOrder:
        """Everything that waits, next first."""
        [row] = await self._database.read_in_turn(jobs.WAITING)
        return order_of(row)

    async def recover(self) -> int:
        """Put back what was running when the last process ended; its place is kept."""
        rows = await self._database.rows(jobs.RECOVER)
        self.announce()
        return len(rows)

    async def release(self, job_id: str, attempt: int) -> bool:
        """Put one running job back without blame: its engine was lost or the bot stops."""
        return await self._change(jobs.RELEASE, job_id, attempt)

    async def crash(self, job_id: str, attempt: int, *, limit: int) -> bool:
        """Blame a death of the engine on this job: back in line, or failed at the `limit`th."""
        return await self._change(jobs.CRASH, job_id, attempt, limit=limit)

    async def succeed(
        self,
        job_id: str,
        attempt: int,
        clip: Clip,
        *,
        render_seconds: float,
        notes: tuple[Note, ...],
    ) -> bool:
        return await self._change(
            jobs.SUCCEED,
            job_id,
            attempt,
            clip=clip_row(clip, self._database.folder),
            render_seconds=render_seconds,
            notes=NOTES.dump_json(notes).decode(),
        )

    async def fail(self, job_id: str, attempt: int, failed: Failed) -> bool:
        return await self._change(
            jobs.FAIL,
            job_id,
            attempt,
            code=failed.code,
            reason=failed.reason,
            facts=FACTS.dump_json(dict(failed.facts)).decode(),
        )

    async def cancel(self, job_id: str) -> Stopped | None:
        """End a waiting or running job, a film with its scenes; `None` if it had ended before."""
        rows = await self._database.rows(jobs.CANCEL, {"id": job_id, "now": self._clock()})
        if not rows:
            return None
        self.announce()
        begun = any(row["started_at"] is not None for row in rows)
        return Stopped(begun, tuple(row["id"] for row in rows if row["id"] != job_id))

    async def set_mode(self, mode: Mode, reason: str | None = None) -> None:
        """`reason`: a sentence for those who ask why nothing moves."""
        await self._database.rows(
            queue_state.SET,
            {"mode": mode, "reason": reason},
        )
        self.announce()

    async def hold(self, reason: str) -> bool:
        """Pause until `resume_held` or the operator's word; False if it is paused already."""
        rows = await self._database.rows(queue_state.HOLD, {"reason": reason})
        self.announce()
        return bool(rows)

    async def resume_held(self) -> bool:
        """End a pause that `hold` made; False for none, and for one that the operator made."""
        rows = await self._database.rows(queue_state.RESUME_HELD)
        self.announce()
        return bool(rows)

    async def mode(self) -> Mode:
        return (await self.state()).mode

    async def state(self) -> QueueState:
        return await read_state(self._database)

    async def _change(self, statement: str, job_id: str, attempt: int, **values: object) -> bool:
        rows: list[Row] = await self._database.rows(
            statement, {"id": job_id, "attempt": attempt, "now": self._clock(), **values}
        )
        self.announce()
        return bool(rows)

    def announce(self) -> None:
        """Something has changed: whoever waits looks again."""
        self.wake()
        self.moved.set()


async def read_state(database: Database) -> QueueState:
    """How the queue stands, for whoever only looks into its database."""
    [row] = await database.rows(queue_state.READ)
    return state_of(row)
