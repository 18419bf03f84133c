"""What every platform can ask for: submit, cancel, look, watch; none knows more than this."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from generation.dispatch.positions import Positions
from generation.dispatch.settling import Settling, outcome_of
from generation.dispatch.watchers import Watchers
from generation.dispatch.workers import Workers
from generation.errors import JobNotFound, QueueFull, QuotaExceeded, Rejected, UnsupportedOption
from generation.events import Finished, JobEvent, PhaseName, Running
from generation.jobs import AnimationRequest, Job, JobStatus, ReplyAddress, Requester, Ticket
from generation.store.database import Unwritable
from generation.store.forgetting import Emptied
from generation.store.history import FIRST_PAGE, JobsPage
from generation.store.job_queue import Put
from generation.store.quota import AS_EVERYBODY, Allowance, Limits, Standing
from generation.store.store import Store
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

FEW = 3
"""Jobs whose places are looked up one by one; more are read in one scan of the queue."""


@dataclass(frozen=True, slots=True)
class View:
    """A job's row and the event that somebody who watches it would have been told last."""

    job: Job
    event: JobEvent


class AnimationService:
    def __init__(
        self,
        store: Store,
        limits: Limits,
        workspace: Workspace,
        watchers: Watchers,
        positions: Positions,
        settling: Settling,
        workers: Workers,
    ) -> None:
        self._queue = store.queue
        self._history = store.history
        self._quota = store.quota
        self._forgetting = store.forgetting
        self._favorites = store.favorites
        self._limits = limits
        self._workspace = workspace
        self._watchers = watchers
        self._positions = positions
        self._settling = settling
        self._workers = workers

    async def check(
        self, requester: Requester, allowance: Allowance = AS_EVERYBODY, *, ahead: int = 0
    ) -> None:
        """Refuse early what `submit` would; `ahead` are theirs that are on their way to it."""
        self._workspace.check_room()
        limits = self._limits.for_(allowance)
        refusal = await self._quota.why_refused(requester, limits, ahead=ahead)
        if refusal is not None:
            raise refusal

    def check_at_once(self, ahead: int, allowance: Allowance) -> None:
        """The same for a request that was queued before: it may only not come too often at once."""
        self._workspace.check_room()
        most = self._limits.for_(allowance).queued_per_user
        if most is not None and ahead >= most:
            raise QuotaExceeded("active", used=ahead, most=most)

    async def submit(
        self,
        request: AnimationRequest,
        requester: Requester,
        *,
        key: str | None = None,
        digest: str | None = None,
        address: ReplyAddress | None = None,
        allowance: Allowance = AS_EVERYBODY,
    ) -> Ticket:
        """Queue a request whose pictures lie in the workspace.

        Raises `QuotaExceeded`, `QueueFull`, `RequestKeyReused`; its pictures are then deleted.
        """
        with self._pictures_removed_if_refused(request):
            self._workspace.check_room()
            put = await self._queue.put(
                request,
                requester,
                self._limits.for_(allowance),
                lane=self._workers.lane(request),
                key=key,
                digest=digest,
                address=address,
            )
            if put.repeated:
                self._remove_inputs(request.inputs)
            else:
                self._watchers.belong(put.job_id, requester)
                log.info("job_queued", job=put.job_id, requester=str(requester), turn=put.turn)
        return await self._ticket(put, request)

    async def _ticket(self, put: Put, request: AnimationRequest) -> Ticket:
        waiting = await self._positions.place(put.job_id)
        if waiting is None:  # a free engine took it at once
            return Ticket(put.job_id, None, self._positions.alone(request.cost), put.repeated)
        return Ticket(put.job_id, waiting.position, waiting.eta_seconds, put.repeated)

    @contextmanager
    def _pictures_removed_if_refused(self, request: AnimationRequest) -> Iterator[None]:
        """Whatever else ends it, the row may have been written: then the sweep will know."""
        try:
            yield
        except Unwritable as error:
            self._remove_inputs(request.inputs)
            raise _unwritable(error) from None
        except Rejected:
            self._remove_inputs(request.inputs)
            raise

    async def knows(self, requester: Requester, key: str) -> bool:
        """Whether a request came with this key before."""
        return await self._queue.knows(requester, key)

    async def repeated(
        self, requester: Requester, key: str, digests: Collection[str]
    ) -> Ticket | None:
        """The receipt of the request that came with this key before, if one did.

        Raises `RequestKeyReused` where that was none of `digests`.
        """
        put = await self._queue.put_before(requester, key, digests)
        if put is None:
            return None
        return await self._ticket(put, (await self.view(put.job_id)).job.request)

    async def job(self, job_id: str, requester: Requester, *, param: str = "video_id") -> Job:
        """Raises `JobNotFound`, also for a job of somebody else: it is nobody's business."""
        job = await self._history.job(job_id)
        if job is None or job.requester != requester:
            raise JobNotFound("unknown", param=param)
        return job

    async def view(self, job_id: str) -> View:
        """Row and state of one job; raises `JobNotFound`."""
        job = await self._history.job(job_id)
        if job is None:
            raise JobNotFound("unknown")
        return await self.view_of(job)

    async def view_of(self, job: Job) -> View:
        """A row that was just read, and its state."""
        return View(job, await self._event(job))

    async def videos(self, requester: Requester, page: JobsPage = FIRST_PAGE) -> list[View]:
        """The requester's jobs; raises `JobNotFound` for a page that begins after none of them."""
        jobs = await self._history.of(requester, page)
        if jobs is None:
            raise JobNotFound("unknown", param="after")
        waiting = [job.id for job in jobs if job.status is JobStatus.QUEUED]
        places = await self._positions.places(waiting) if len(waiting) > FEW else {}
        return [View(job, places.get(job.id) or await self._event(job)) for job in jobs]

    async def made_as(self, content: bytes | Path, requester: Requester) -> Job:
        """The requester's job whose clip this file is; raises `UnsupportedOption`."""
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        for job in await self._history.made(requester, size):
            if await asyncio.to_thread(self._workspace.is_clip, job.id, content):
                return job
        raise UnsupportedOption("foreign_video", "video")

    async def cancel(self, job_id: str) -> bool:
        """End a waiting or running job: row, then engine. False if it had ended before."""
        with _told_if_unwritable():
            stopped = await self._settling.cancel(job_id)
        if stopped is None:
            return False
        self._workers.interrupt(job_id)
        return True

    async def standing(self, requester: Requester, allowance: Allowance = AS_EVERYBODY) -> Standing:
        """The limits that hold for somebody, and what they have used of them."""
        limits = self._limits.for_(allowance)
        return Standing(limits, await self._quota.usage(requester, limits))

    async def active(self, requester: Requester) -> list[View]:
        """What the requester has running, then waiting."""
        jobs = await self._history.active_of(requester)
        return [View(job, await self._event(job)) for job in jobs]

    async def delete(self, job_id: str) -> bool:
        """Cancel a job, empty its row, delete its files. False if somebody did so before."""
        await self.cancel(job_id)
        with _told_if_unwritable():
            emptied = await self._forgetting.delete(job_id)
        if emptied is None:
            return False
        self._remove(emptied)
        log.info("job_deleted", job=job_id)
        return True

    async def mark(self, job_id: str, *, favorite: bool) -> bool:
        """A mark of the requester's own. False for a job that is deleted."""
        with _told_if_unwritable():
            return await self._favorites.mark(job_id, favorite=favorite)

    async def take_back(self, requester: Requester) -> None:
        """Cancel everything of this requester, also what is not in line yet."""
        with _told_if_unwritable():
            await self._forgetting.take_back(requester)
        for job in await self._history.active_of(requester):
            await self.cancel(job.id)

    async def forget(self, requester: Requester) -> int:
        """Cancel and empty everything this requester asked for; how many requests that were."""
        await self.take_back(requester)
        with _told_if_unwritable():
            emptied = await self._forgetting.forget(requester)
        for one in emptied:
            self._remove(one)
        log.info("requester_forgotten", jobs=len(emptied))
        return len(emptied)

    def _remove(self, emptied: Emptied) -> None:
        self._workspace.remove_clip(emptied.job_id)
        self._remove_inputs(emptied.inputs)

    def _remove_inputs(self, names: Iterable[str]) -> None:
        for name in names:
            self._workspace.remove_input(name)

    async def watch(self, job_id: str) -> AsyncGenerator[JobEvent]:
        """Any of `Waiting` and `Running` in order, then exactly one `Finished`, last.

        Raises `JobNotFound`.
        """
        with self._watchers.mailbox(job_id) as mailbox:
            mailbox.seed((await self.view(job_id)).event)
            async for event in mailbox.events():
                yield event

    async def watch_all(
        self, requester: Requester, *, since: float | None = None
    ) -> AsyncGenerator[Mapping[str, JobEvent]]:
        """Events of all of the requester's jobs, by id: what is going on first, then what comes.

        `since`: an epoch second from which on ends were missed and are told again. It never ends.
        """
        with self._watchers.channel(requester) as channel:
            for job in await self._history.active_of(requester):
                self._watchers.belong(job.id, requester)
                channel.seed(job.id, await self._event(job))
            missed = [] if since is None else await self._history.ended_of(requester, since=since)
            for job in missed:
                channel.seed(job.id, await self._event(job))
            async for news in channel.events():
                yield news

    async def _event(self, job: Job) -> JobEvent:
        while True:
            outcome = outcome_of(job)
            if outcome is not None:
                return Finished(outcome)
            if job.status is JobStatus.RUNNING:
                known = self._watchers.running(job.id)
                expected = self._positions.alone(job.request.cost)
                return known or Running(PhaseName.LOAD, 0, 0, expected)
            waiting = await self._positions.place(job.id)
            if waiting is not None:
                return waiting
            await asyncio.sleep(0)  # it was claimed between the two looks
            again = await self._history.job(job.id)
            assert again is not None
            job = again


@contextmanager
def _told_if_unwritable() -> Iterator[None]:
    try:
        yield
    except Unwritable as error:
        raise _unwritable(error) from None


def _unwritable(error: Unwritable) -> QueueFull:
    log.warning("not_written", reason=str(error))
    return QueueFull("unwritable")
