"""What every platform can ask for: submit, cancel, look, watch; none knows more than this."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import structlog

from generation.dispatch.deletions import JobDeletions
from generation.dispatch.observers import Observers
from generation.dispatch.positions import Positions
from generation.dispatch.settling import Settling
from generation.dispatch.unwritten import removed_if_refused, told_if_unwritable
from generation.dispatch.views import View, Views
from generation.dispatch.workers import Workers
from generation.errors import JobNotFound, QuotaExceeded
from generation.events import Afterwards, JobDeleted, JobEvent, JobMarked
from generation.jobs import (
    AnimationRequest,
    FilmRequest,
    Job,
    ReplyAddress,
    Requester,
    Ticket,
)
from generation.store.history import FIRST_PAGE, JobsPage
from generation.store.put_values import Put
from generation.store.quota import AS_EVERYBODY, Allowance, Limits, Standing
from generation.store.store import Store
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


class AnimationService:
    def __init__(
        self,
        store: Store,
        limits: Limits,
        workspace: Workspace,
        observers: Observers,
        positions: Positions,
        settling: Settling,
        workers: Workers,
    ) -> None:
        self._queue = store.queue
        self._films = store.films
        self._variations = store.variations
        self._history = store.history
        self._quota = store.quota
        self._forgetting = store.forgetting
        self._deletions = JobDeletions(store.forgetting, workspace, observers.watchers)
        self._favorites = store.favorites
        self._limits = limits
        self._workspace = workspace
        self._watchers = observers.watchers
        self._progress = observers.films
        self._views = Views(store, observers, positions)
        self._positions = positions
        self._settling = settling
        self._workers = workers

    async def check(
        self,
        requester: Requester,
        allowance: Allowance = AS_EVERYBODY,
        *,
        ahead: int = 0,
        clips: int = 1,
    ) -> None:
        """Refuse early what `submit` would; `ahead` are theirs that are on their way to it.

        `clips` are as many as it makes.
        """
        self._workspace.check_room()
        limits = self._limits.for_(allowance)
        if why := await self._quota.why_refused(requester, limits, ahead=ahead, clips=clips):
            raise why

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
        others: Sequence[AnimationRequest] = (),
    ) -> Ticket:
        """Queue a request whose pictures lie in the workspace, and with it its other variations.

        Raises `QuotaExceeded`, `QueueFull`, `RequestKeyReused`; the pictures are then deleted.
        """
        inputs = [name for one in (request, *others) for name in one.inputs]
        with removed_if_refused(self._workspace, inputs):
            self._workspace.check_room()
            put = await self._variations.put(
                (request, *others),
                requester,
                self._limits.for_(allowance),
                lane=self._workers.lane(request),
                key=key,
                digest=digest,
                address=address,
            )
            self._take_note(put, requester, inputs)
        return await self._ticket(put, request)

    async def submit_film(
        self,
        film: FilmRequest,
        requester: Requester,
        *,
        key: str | None = None,
        digest: str | None = None,
        address: ReplyAddress | None = None,
        allowance: Allowance = AS_EVERYBODY,
    ) -> Ticket:
        """The same of a film: all of its scenes, or nothing."""
        inputs = [name for scene in film.new for name in scene.request.inputs]
        with removed_if_refused(self._workspace, inputs):
            self._workspace.check_room()
            put = await self._films.put(
                film,
                requester,
                self._limits.for_(allowance),
                lanes=[self._workers.lane(scene.request) for scene in film.new],
                key=key,
                digest=digest,
                address=address,
            )
            if not put.repeated:
                self._progress.begin(put.job_id, await self._films.states(put.job_id))
            self._take_note(put, requester, inputs)
        return await self._ticket(put, film.request)

    def _take_note(self, put: Put, requester: Requester, inputs: Iterable[str]) -> None:
        if put.repeated:
            self._workspace.remove_inputs(inputs)
        else:
            for job_id in (put.job_id, *put.others):
                self._watchers.belong(job_id, requester)
            log.info("job_queued", job=put.job_id, requester=str(requester), turn=put.turn)

    async def _ticket(self, put: Put, request: AnimationRequest) -> Ticket:
        waiting = await self._positions.place(put.job_id)
        if waiting is None:  # a free engine took it at once
            return Ticket(put.job_id, None, self._positions.alone(request.cost), put.repeated)
        return Ticket(put.job_id, waiting.position, waiting.eta_seconds, put.repeated)

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
        return await self.view_of(await self._views.job(job_id))

    async def view_of(self, job: Job) -> View:
        """A row that was just read, and its state."""
        return await self._views.of(job)

    async def videos(self, requester: Requester, page: JobsPage = FIRST_PAGE) -> list[View]:
        """The requester's jobs; raises `JobNotFound` for a page that begins after none of them."""
        jobs = await self._history.of(requester, page)
        if jobs is None:
            raise JobNotFound("unknown", param="after")
        return await self._views.of_all(jobs)

    async def made_as(self, content: bytes | Path, requester: Requester) -> Job | None:
        """The requester's job whose clip this file is."""
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        for job in await self._history.made(requester, size):
            if await asyncio.to_thread(self._workspace.is_clip, job.id, content):
                return job
        return None

    async def cancel(self, job_id: str) -> bool:
        """End a waiting or running job: row, then engine. False if it had ended before."""
        with told_if_unwritable():
            stopped = await self._settling.cancel(job_id)
        if stopped is None:
            return False
        for ended in (job_id, *stopped.scenes):
            self._workers.interrupt(ended)
        return True

    async def standing(self, requester: Requester, allowance: Allowance = AS_EVERYBODY) -> Standing:
        """The limits that hold for somebody, and what they have used of them."""
        limits = self._limits.for_(allowance)
        return Standing(limits, await self._quota.usage(requester, limits))

    async def active(self, requester: Requester) -> list[View]:
        """What the requester has running, then waiting."""
        jobs = await self._history.active_of(requester)
        return [View(job, await self._views.event(job)) for job in jobs]

    async def delete(self, job_id: str) -> bool:
        """Cancel a job, empty its row, delete its files. False if somebody did so before."""
        with told_if_unwritable():
            if await self._deletions.delete(job_id):
                return True
        await self.cancel(job_id)
        with told_if_unwritable():
            return await self._deletions.delete(job_id)

    async def mark(self, job_id: str, *, favorite: bool) -> bool:
        """A mark of the requester's own. False for a job that is deleted."""
        with told_if_unwritable():
            marked = await self._favorites.mark(job_id, favorite=favorite)
        job = await self._history.job(job_id)
        if marked and job is not None:
            self._watchers.follow_up(job_id, job.requester, JobMarked(favorite))
        return marked

    async def take_back(self, requester: Requester) -> None:
        """Cancel everything of this requester, also what is not in line yet."""
        with told_if_unwritable():
            await self._forgetting.take_back(requester)
        for job in await self._history.active_of(requester):
            await self.cancel(job.id)

    async def forget(self, requester: Requester) -> int:
        """Cancel and empty everything this requester asked for; how many requests that were."""
        await self.take_back(requester)
        with told_if_unwritable():
            return await self._deletions.forget(requester)

    async def thin(self, *, before: float) -> int:
        """Empty some of the jobs asked for before then; 0 once none is left to empty."""
        return await self._deletions.thin(before=before)

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
    ) -> AsyncGenerator[Mapping[str, JobEvent | Afterwards]]:
        """Events of all of the requester's jobs, by id: what is going on first, then what comes.

        `since`: an epoch second from which on ends and deletions were missed and are told again.
        It never ends.
        """
        with self._watchers.channel(requester) as channel:
            for job in await self._history.active_of(requester):
                self._watchers.belong(job.id, requester)
                channel.seed(job.id, await self._views.event(job))
            if since is not None:
                for job in await self._history.ended_of(requester, since=since):
                    channel.seed(job.id, await self._views.event(job))
                for job_id in await self._history.deleted_of(requester, since=since):
                    channel.follow_up(job_id, JobDeleted())
            async for news in channel.events():
                yield news
