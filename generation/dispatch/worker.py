"""Claims jobs in fair order, has one engine animate them, and writes down what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import structlog

from generation.dispatch.beginnings import Beginnings
from generation.dispatch.engine_keeper import EngineKeeper
from generation.dispatch.engine_state import NOT_SERVING, EngineState, of_card
from generation.dispatch.observers import Observers
from generation.dispatch.pacing import AS_USUAL, Pacing
from generation.dispatch.settling import Settling
from generation.dispatch.slots import Slot, Slots
from generation.engine import protocol as engine
from generation.engine.protocol import Animation, Engine, Outcome, Phase, WorkerLost
from generation.events import Cancelled, Failed, PhaseName, Running
from generation.jobs import UNREADABLE, Job
from generation.notes import Note
from generation.store.claims import Claimant
from generation.store.database import Unwritable
from generation.store.store import Store
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

MAX_CRASHES = 3


@dataclass
class _Progress:
    """How one attempt goes: what the estimate and the next event are made from."""

    job: Job
    clock: Callable[[], float]
    notes: list[Note] = field(default_factory=list)
    phase: PhaseName = PhaseName.LOAD
    step: int = 0
    steps: int = 0
    preview: bytes | None = None
    began: float | None = None

    def begin(self) -> bool:
        """True the first time: loading is over, the work on the picture begins."""
        if self.began is not None:
            return False
        self.began = self.clock()
        return True

    def elapsed(self) -> float:
        return self.clock() - self.began if self.began is not None else 0.0


class Worker:
    """One worker owns one engine; `run` goes on until `stop`, then ends with its last job."""

    def __init__(
        self,
        store: Store,
        keeper: EngineKeeper,
        claimant: Callable[[Engine], Claimant],
        workspace: Workspace,
        observers: Observers,
        settling: Settling,
        pacing: Pacing = AS_USUAL,
    ) -> None:
        self._queue = store.queue
        self._beginnings = Beginnings(store.films, workspace)
        self.keeper = keeper
        self._engine = engine = keeper.engine
        self._claimant = claimant
        self._workspace = workspace
        self._watchers = observers.watchers
        self._estimator = observers.estimator
        self._metrics = observers.metrics
        self._settling = settling
        self._pacing = pacing
        self._slots = Slots(lambda: engine.capacity if engine.ready else max(1, engine.capacity))
        self._stopping = asyncio.Event()
        self._limits: dict[str, asyncio.Timeout] = {}

    @property
    def state(self) -> EngineState:
        engine, known = self._engine, self._engine.capabilities
        return EngineState(
            engine.name,
            known.engine,
            known.model,
            self.keeper.status(busy=bool(self._limits)),
            engine.capacity,
            jobs=tuple(self._limits),
            reason=self.keeper.reason,
        )

    @property
    def states(self) -> list[EngineState]:
        """One for each of its cards, where it serves on several."""
        whole = self.state
        if whole.status in NOT_SERVING or not self._engine.cards:
            return [whole]
        return [of_card(whole, card) for card in self._engine.cards]

    async def run(self) -> None:
        async with asyncio.TaskGroup() as jobs:
            standing = [jobs.create_task(one) for one in (self._claim(jobs), self._look_after())]
            await self._stopping.wait()
            for one in standing:
                one.cancel()

    def stop(self) -> None:
        """Take no more work; `run` returns when what is being made has ended."""
        self._stopping.set()

    def interrupt(self, job_id: str) -> None:
        """End a job that was cancelled in the table: its time is over now."""
        limit = self._limits.get(job_id)
        if limit is not None and not limit.expired():
            limit.reschedule(asyncio.get_running_loop().time())

    async def _look_after(self) -> None:
        """An engine that changes while nothing is made is started again, or has more places."""
        while True:
            await self._engine.changed.wait()
            self._engine.changed.clear()
            self._slots.look_again()
            self._queue.wake()

    async def _claim(self, jobs: asyncio.TaskGroup) -> None:
        while True:
            slot = await self._slots.take()
            job = await self._next()
            jobs.create_task(self._work(job, slot))

    async def _next(self) -> Job:
        """The next in fair order, as soon as there is one and the engine can make it."""
        while True:
            try:
                await self.keeper.serving()
                await self._slots.fit()
                if not self._engine.ready:  # it has ended while it had no place
                    continue
                await self._settling.look()
                news = self._queue.news()
                job = await self._queue.take(self._claimant(self._engine))
            except Unwritable as error:
                log.error("nothing_is_claimed", reason=str(error))
                await asyncio.sleep(self._pacing.disk_retry)
                continue
            if job is not None:
                return job
            await news.wait()

    async def _work(self, job: Job, slot: Slot) -> None:
        bound = {"job": job.id, "attempt": job.attempt, "engine": self._engine.name}
        with structlog.contextvars.bound_contextvars(**bound):
            if job.started_at is not None:
                waited = (job.started_at - job.created_at).total_seconds()
                self._metrics.wait_seconds.observe(waited)
            log.info("job_started", crashes=job.crashes)
            try:
                await self._attempt(_Progress(job, self._pacing.stopwatch), slot)
            except asyncio.CancelledError:
                with suppress(Unwritable):  # the next start puts it back as well
                    await asyncio.shield(self._queue.release(job.id, job.attempt))
                raise
            except Unwritable as error:  # it was not begun: whether it still is ours is not known
                log.error("job_put_back", reason=str(error))
                await self._settling.release(job)
            except Exception:  # a defect here must not stop the queue for everybody else
                log.exception("job_broke_the_worker")
                await self._settling.fail(job, Failed("generation_failed", "unexpected"))
            finally:
                slot.free()

    async def _attempt(self, progress: _Progress, slot: Slot) -> None:
        job = progress.job
        try:
            async with asyncio.timeout(None) as limit:
                outcome = await self._made(progress, limit, slot)
        except TimeoutError:  # of a cancelled job, too: then the row says so already
            await self._settling.fail(job, Failed("timed_out", "too_slow"))
        except WorkerLost as lost:
            await self._lose(job, lost)
        else:
            if outcome is not None:
                await self._settle(progress, outcome)

    async def _made(
        self, progress: _Progress, limit: asyncio.Timeout, slot: Slot
    ) -> Outcome | None:
        """The engine's outcome; `None` for a job that was cancelled before we could be told."""
        job = progress.job
        self._limits[job.id] = limit
        try:
            if not await self._queue.owns(job.id, job.attempt):
                return None
            if job.request == UNREADABLE:
                return Failed("generation_failed", "unreadable")
            self._tell(progress)
            lacking = await self._beginnings.find(job)
            if lacking is not None:
                return lacking
            return await self._animate(progress, limit, slot)
        finally:
            del self._limits[job.id]

    async def _animate(self, progress: _Progress, limit: asyncio.Timeout, slot: Slot) -> Outcome:
        animation = self._animation(progress.job)
        async with aclosing(self._engine.animate(animation)) as reports:
            async for report in reports:
                match report:
                    case engine.Done() | Failed() | Cancelled():
                        return report
                    case Phase(name):
                        progress.phase = name
                        if progress.begin():
                            now = asyncio.get_running_loop().time()
                            limit.reschedule(now + self._pacing.time_limit)
                        if name is PhaseName.ENCODE:
                            slot.free()
                    case engine.Step(index, total):
                        progress.step, progress.steps = index, total
                    case Note():
                        progress.notes.append(report)
                        continue
                    case engine.Preview(jpeg):
                        progress.preview = jpeg
                    case engine.Heartbeat():
                        continue
                    case engine.Accepted(far_id):
                        await self._queue.is_far(progress.job.id, progress.job.attempt, far_id)
                        continue
                    case engine.OnCard(card):
                        await self._queue.is_on(progress.job.id, progress.job.attempt, card)
                        continue
                self._tell(progress)
        raise WorkerLost("the engine's reports ended without an outcome", guilty=False)

    def _animation(self, job: Job) -> Animation:
        return Animation(
            job=job.id,
            attempt=job.attempt,
            request=job.request,
            image=self._workspace.input(job.request.image),
            clip=self._workspace.clip(job.id),
            thumbnail=self._workspace.thumbnail(job.id),
            far_id=job.far_id,
        )

    async def _settle(self, progress: _Progress, outcome: Outcome) -> None:
        job = progress.job
        match outcome:
            case engine.Done(clip):
                seconds = progress.elapsed()
                notes = (*job.request.notes, *progress.notes)
                if await self._settling.succeed(job, clip, render_seconds=seconds, notes=notes):
                    self._estimator.learn(job.request.cost, seconds)
                    self._metrics.render_seconds.observe(seconds)
                    self._metrics.clips.labels(self._engine.name).inc()
            case Failed():
                await self._settling.fail(job, outcome)
            case Cancelled():  # nobody asked for it in the table: it is only put back
                await self._settling.release(job)

    async def _lose(self, job: Job, lost: WorkerLost) -> None:
        log.warning("engine_lost", reason=str(lost), guilty=lost.guilty)
        self._metrics.engine_losses.inc()
        if lost.device:
            await self._settling.breaker.device_lost(self._engine.name, str(lost))
        if lost.guilty and not self._stopping.is_set():  # whoever stops us may have ended it
            await self._settling.crash(job, limit=MAX_CRASHES)
        else:
            await self._settling.release(job)

    def _tell(self, progress: _Progress) -> None:
        remaining = self._remaining(progress)
        self._watchers.publish(
            progress.job.id,
            Running(progress.phase, progress.step, progress.steps, remaining, progress.preview),
        )

    def _remaining(self, progress: _Progress) -> float | None:
        """Seconds left: by its own pace once a fifth is done, by the last clips' before."""
        done = progress.step / progress.steps if progress.steps else 0.0
        if done >= 0.2:
            return progress.elapsed() * (1 - done) / done
        expected = self._estimator.seconds(progress.job.request.cost)
        return None if expected is None else max(expected - progress.elapsed(), 0.0)
