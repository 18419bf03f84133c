"""How a job ends: the row first, then whoever watches; files of a job that lost are removed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from generation.dispatch.circuit_breaker import CircuitBreaker
from generation.dispatch.observers import Observers
from generation.events import Cancelled, Failed, Finished, Outcome, Succeeded
from generation.jobs import Clip, Job, JobKind, JobStatus
from generation.notes import Note
from generation.store.database import Unwritable
from generation.store.history import History
from generation.store.job_queue import JobQueue, Stopped
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Settling:
    """`disk_retry`: seconds between two tries to write an outcome to a full disk."""

    def __init__(
        self,
        queue: JobQueue,
        history: History,
        workspace: Workspace,
        observers: Observers,
        breaker: CircuitBreaker,
        *,
        disk_retry: float,
    ) -> None:
        self._queue = queue
        self._history = history
        self._workspace = workspace
        self._watchers = observers.watchers
        self._metrics = observers.metrics
        self.breaker = breaker
        self._disk_retry = disk_retry

    async def succeed(
        self, job: Job, clip: Clip, *, render_seconds: float, notes: tuple[Note, ...]
    ) -> bool:
        """False if it came too late: cancelled meanwhile, or another attempt has the fence."""
        settled = await self._lasting(
            lambda: self._queue.succeed(
                job.id, job.attempt, clip, render_seconds=render_seconds, notes=notes
            )
        )
        if settled:
            if job.kind is not JobKind.FILM:  # which says nothing of an engine
                self.breaker.succeeded(job.made_on or "")
            log.info("job_succeeded", seconds=round(render_seconds, 2), bytes=clip.size)
        await self._announce(job.id, counted=settled)
        return settled

    async def fail(self, job: Job, failed: Failed) -> None:
        """The job's own failure ends it; the machine's puts it back."""
        if await self._kept(job, failed):
            await self.release(job)
            return
        settled = await self._lasting(lambda: self._queue.fail(job.id, job.attempt, failed))
        if settled:
            log.warning("job_failed", code=failed.code, reason=failed.reason)
        await self._announce(job.id, counted=settled)

    async def crash(self, job: Job, *, limit: int) -> None:
        last = job.crashes + 1 >= limit
        if last and await self._kept(job, Failed("engine_crashed", "again_and_again")):
            await self.release(job)
            return
        settled = await self._lasting(lambda: self._queue.crash(job.id, job.attempt, limit=limit))
        await self._announce(job.id, counted=settled)

    async def look(self) -> None:
        """Before a job is begun: is there room for its clip? Raises `Unwritable`."""
        await self.breaker.look()

    async def release(self, job: Job) -> None:
        """No outcome: the job keeps its place and is made later."""
        await self._lasting(lambda: self._queue.release(job.id, job.attempt))

    async def cancel(self, job_id: str) -> Stopped | None:
        """The person's own decision; `None` if the job had ended before. Raises `Unwritable`."""
        stopped = await self._queue.cancel(job_id)
        if stopped is not None:
            log.info("job_cancelled", job=job_id, running=stopped.running)
            for ended in (job_id, *stopped.scenes):
                await self.tell(ended)
        return stopped

    async def tell(self, job_id: str) -> None:
        """Of a job whose outcome has just been written."""
        await self._announce(job_id, counted=True)

    async def _announce(self, job_id: str, *, counted: bool) -> None:
        job = await self._lasting(lambda: self._history.job(job_id))
        outcome = outcome_of(job) if job is not None else None
        if job is None or outcome is None:
            return
        if not isinstance(outcome, Succeeded):
            self._workspace.remove_clip(job_id)
        if counted:
            self._metrics.outcomes.labels(job.status.value).inc()
        self._watchers.publish(job_id, Finished(outcome))

    async def _kept(self, job: Job, failed: Failed) -> bool:
        """A job that was cancelled meanwhile says nothing of the machine."""
        owned = await self._lasting(lambda: self._queue.owns(job.id, job.attempt))
        return owned and await self.breaker.keeps(job, failed)

    async def _lasting(self, step: Callable[[], Awaitable[T]]) -> T:
        """An outcome may not be lost to a full disk: it waits for room."""
        while True:
            try:
                return await step()
            except Unwritable as error:
                log.error("outcome_waits", reason=str(error))
                await asyncio.sleep(self._disk_retry)


def outcome_of(job: Job) -> Outcome | None:
    """How a row says that its job ended; `None` while it waits or runs."""
    match job.status:
        case JobStatus.SUCCEEDED:
            if job.clip is None:  # a scene that was deleted, whose film is still there
                return Failed("expired", "file")
            return Succeeded(job.clip, job.notes)
        case JobStatus.FAILED:
            code, reason = job.error_code or "generation_failed", job.error_reason or "unexpected"
            return Failed(code, reason, job.error_facts)
        case JobStatus.CANCELLED:
            return Cancelled()
        case JobStatus.QUEUED | JobStatus.RUNNING:
            return None
