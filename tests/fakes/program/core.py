"""A whole service in a temporary folder, with a stepped engine and a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from generation.dispatch.core import Core
from generation.dispatch.pacing import Pacing
from generation.engine.protocol import Engine
from generation.jobs import AnimationRequest, Job, Requester
from generation.store.claims import Claimant
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits
from generation.workspace import Workspace

NO_LIMITS = Limits(None, None, None, queue_size=1_000_000)
PSEUDONYMS = Pseudonyms(b"the house's secret")
ANN, BEN, CAT = (Requester("web", name) for name in ("ann", "ben", "cat"))


class Clock:
    """Epoch seconds that pass only when told."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        """Until so much has been told to pass."""
        due = self.now + seconds
        while self.now < due:  # noqa: ASYNC110 (the test turns this clock)
            await asyncio.sleep(0.002)


def wish(prompt: str = "the waves roll in", *, frames: int = 9, side: int = 64) -> AnimationRequest:
    return AnimationRequest(prompt, "photo.png", side, side, frames, 24, seed=7)


async def claimed(queue: JobQueue, kind: str = "stepped") -> Job:
    """The next job, as an engine that can make everything claims it."""
    while True:
        news = queue.news()
        job = await queue.take(Claimant(kind, kind))
        if job is not None:
            return job
        await news.wait()


class Disk:
    """As much room as the test says."""

    def __init__(self, free: int = 10**12) -> None:
        self.free = free

    def __call__(self, _: Path) -> int:
        return self.free


class House:
    """One process's worth of objects on a data folder; open it again to restart."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        engines: Sequence[Engine],
        clock: Clock,
        limits: Limits,
        *,
        time_limit: float,
    ) -> None:
        hurried = Pacing(
            time_limit, back_off=0.001, disk_retry=0.01, positions=0.0, stopwatch=clock
        )
        self.core = core = Core(
            database, workspace, engines, limits, b"a secret", pacing=hurried, clock=clock
        )
        self.clock = clock
        self.database = database
        self.breaker = core.breaker
        self.engine = engines[0]
        self.workspace = workspace
        self.queue = core.store.queue
        self.history = core.store.history
        self.deliveries = core.store.deliveries
        self.inbox = core.store.inbox
        self.references = core.store.message_references
        self.sends = core.store.sends
        self.sent_messages = core.store.sent_messages
        self.records = core.store.moderation
        self.forgetting = core.store.forgetting
        self.watchers = core.observers.watchers
        self.estimator = core.observers.estimator
        self.positions = core.positions
        self.workers = core.workers
        self.service = core.service

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """With the workers at work and the places told, as in the program."""
        async with asyncio.TaskGroup() as tasks:
            standing = (self.workers.run(), self.positions.run(), self.core.watch_machine())
            running = [tasks.create_task(one) for one in standing]
            yield
            for task in running:
                task.cancel()


@asynccontextmanager
async def house(
    folder: Path,
    *engines: Engine,
    clock: Clock | None = None,
    limits: Limits = NO_LIMITS,
    disk: Disk | None = None,
    time_limit: float = 3600.0,
) -> AsyncGenerator[House]:
    clock = clock or Clock()
    workspace = Workspace(
        folder,
        keep_inputs=86400,
        keep_clips=7 * 86400,
        clock=clock,
        steady=clock,
        free_bytes=disk or Disk(),
    )
    workspace.create()
    database = await Database.open(folder / "photoplay.db")
    try:
        yield House(database, workspace, engines, clock, limits, time_limit=time_limit)
    finally:
        await database.close()
