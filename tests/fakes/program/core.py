"""A whole service in a temporary folder, with a stepped engine and a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from generation.dispatch.estimate import Estimator
from generation.dispatch.metrics import Metrics
from generation.dispatch.positions import Positions
from generation.dispatch.service import AnimationService
from generation.dispatch.settling import Settling
from generation.dispatch.watchers import Watchers
from generation.dispatch.worker import Worker
from generation.engine.protocol import Engine
from generation.jobs import AnimationRequest, Requester
from generation.store.database import Database
from generation.store.delivery import Deliveries
from generation.store.forgetting import Forgetting
from generation.store.history import History
from generation.store.job_queue import JobQueue
from generation.store.moderation import ModerationRecords
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Admission, Limits, Quota
from generation.workspace import Workspace

NO_LIMITS = Limits(None, None, None, queue_size=1_000_000)
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


class House:
    """One process's worth of objects on a data folder; open it again to restart."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        engine: Engine,
        clock: Clock,
        limits: Limits,
        *,
        free_bytes: int = 10**12,
        time_limit: float = 3600.0,
    ) -> None:
        self.clock = clock
        self.engine = engine
        self.database = database
        pseudonyms = Pseudonyms(b"the house's secret")
        self.queue = JobQueue(database, pseudonyms=pseudonyms, clock=clock)
        self.history = History(database)
        self.quota = Quota(database, pseudonyms=pseudonyms, clock=clock)
        self.deliveries = Deliveries(database, clock=clock)
        self.records = ModerationRecords(database, clock=clock)
        self.forgetting = Forgetting(database, pseudonyms, clock=clock)
        self.watchers = Watchers()
        self.estimator = Estimator()
        self.metrics = Metrics()
        self.workspace = Workspace(
            folder,
            keep_inputs=86400,
            keep_clips=7 * 86400,
            clock=clock,
            free_bytes=lambda _: free_bytes,
        )
        self.workspace.create()
        self.line = Positions(self.queue, self.watchers, self.estimator, self.metrics, pause=0.0)
        self.verdict = Settling(
            self.queue,
            self.history,
            self.workspace,
            self.watchers,
            self.metrics,
            disk_retry=0.01,
        )
        self.worker = Worker(
            self.queue,
            engine,
            self.workspace,
            self.watchers,
            self.estimator,
            self.verdict,
            self.metrics,
            time_limit=time_limit,
            back_off=0.001,
            clock=clock,
        )
        self.service = AnimationService(
            self.queue,
            self.history,
            Admission(self.quota, limits),
            self.workspace,
            self.watchers,
            self.line,
            self.verdict,
            [self.worker],
            engine="stepped",
            forgetting=self.forgetting,
        )

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """With the worker and the line running, as in the program."""
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self.worker.run()), tasks.create_task(self.line.run())]
            yield
            for task in running:
                task.cancel()


@asynccontextmanager
async def house(
    folder: Path,
    engine: Engine,
    *,
    clock: Clock | None = None,
    limits: Limits = NO_LIMITS,
    free_bytes: int = 10**12,
    time_limit: float = 3600.0,
) -> AsyncGenerator[House]:
    folder.mkdir(exist_ok=True)
    database = await Database.open(folder / "photoplay.db")
    try:
        yield House(
            database,
            folder,
            engine,
            clock or Clock(),
            limits,
            free_bytes=free_bytes,
            time_limit=time_limit,
        )
    finally:
        await database.close()
