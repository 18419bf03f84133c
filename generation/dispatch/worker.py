"""Claims jobs in fair order, has one engine animate them, and writes down what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import structlog

from generation.dispatch.observers import Observers
from generation.dispatch.pacing import AS_USUAL, Pacing
from generation.dispatch.settling import Settling
from generation.engine import protocol as engine
from generation.engine.protocol import Animation, Engine, Outcome, Phase, WorkerLost
from generation.events import Cancelled, Failed, PhaseName, Running
from generation.jobs import UNREADABLE, Job
from generation.notes import Note
from generation.store.database import Unwritable
from generation.store.job_queue import JobQueue
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

MAX_CRASHES = 3
BACK_OFF_MAX = 60.0


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
        queue: JobQueue,
        engine: Engine,
        workspace: Workspace,
        observers: Observers,
        settling: Settling,
        pacing: Pacing = AS_USUAL,
    ) -> None:
        self._queue = queue
        self._engine = engine
        self._workspace = workspace
        self._watchers = observers.watchers
        self._estimator = observers.estimator
        self._metrics = observers.metrics
        self._settling = settling
        self._pacing = pacing
        self._starting = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._limits: dict[str, asyncio.Timeout] = {}

    async def run(self) -> None:
        async with asyncio.TaskGroup() as jobs:
            claiming = jobs.create_task(self._claim(jobs))
            await self._stopping.wait()
            claiming.cancel()

    def stop(self) -> None:
        """Take no more work; `run` returns when what is being made has ended."""
        self._stopping.set()

    def interrupt(self, job_id: str) -> None:
        """End a job that was cancelled in the table: its time is over now."""
        limit = self._limits.get(job_id)
        if limit is not None and not limit.expired():
            limit.reschedule(asyncio.get_running_loop().time())

    async def _claim(self, jobs: asyncio.TaskGroup) -> None:
        await self._warm()
        free = asyncio.Semaphore(self._engine.capacity)
        while True:
            await free.acquire()
            try:
                await self._warm()
                await self._settling.look()
                job = await self._queue.claim(self._engine.capabilities.engine)
            except Unwritable as error:
                log.error("nothing_is_claimed", reason=str(error))
                free.release()
                await asyncio.sleep(self._pacing.disk_retry)
                continue
            jobs.create_task(self._work(job, free))

    async def _warm(self) -> None:
        delay = self._pacing.back_off
        async with self._starting:
            while not self._engine.ready:
                self._metrics.engine_starts.inc()
                try:
                    await self._engine.start()
                except WorkerLost as lost:
                    await self._not_started(lost, delay)
                    delay = min(delay * 2, BACK_OFF_MAX)
                else:
                    self._settling.breaker.started(self._engine)

    async def _not_started(self, lost: WorkerLost, delay: float) -> None:
        """Try again after a while; where that is of no use, once the queue was resumed."""
        log.error("engine_does_not_start", reason=str(lost), next_try_in=delay)
        self._metrics.engine_losses.inc()
        paused = False
        with suppress(Unwritable):  # then nothing can be claimed either
            paused = await self._settling.breaker.not_started(self._engine, lost)
        if paused:
            await self._queue.until_resumed()
        else:
            await asyncio.sleep(delay)

    async def _work(self, job: Job, free: asyncio.Semaphore) -> None:
        slot = _Slot(free)
        with structlog.contextvars.bound_contextvars(job=job.id, attempt=job.attempt):
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

    async def _attempt(self, progress: _Progress, slot: _Slot) -> None:
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
        self, progress: _Progress, limit: asyncio.Timeout, slot: _Slot
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
            await self._warm()
            return await self._animate(progress, limit, slot)
        finally:
            del self._limits[job.id]

    async def _animate(self, progress: _Progress, limit: asyncio.Timeout, slot: _Slot) -> Outcome:
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
            case Failed():
                await self._settling.fail(job, outcome)
            case Cancelled():  # nobody asked for it in the table: it is only put back
                await self._settling.release(job)

    async def _lose(self, job: Job, lost: WorkerLost) -> None:
        log.warning("engine_lost", reason=str(lost), guilty=lost.guilty)
        self._metrics.engine_losses.inc()
        if lost.device:
            await self._settling.breaker.device_lost(str(lost))
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


class _Slot:
    """A place in the engine, given back once: when encoding begins or the job ends."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free: asyncio.Semaphore | None = free

    def free(self) -> None:
        if self._free is not None:
            self._free.release()
            self._free = None
