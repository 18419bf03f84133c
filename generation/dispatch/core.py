"""Puts together what every front, test and benchmark stands on: rows, engines and a service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from generation.dispatch.circuit_breaker import CircuitBreaker
from generation.dispatch.drained import Drained
from generation.dispatch.engine_keeper import EngineKeeper
from generation.dispatch.engine_metrics import EngineCollector
from generation.dispatch.joiner import Joiner
from generation.dispatch.observers import Observers
from generation.dispatch.offering import Offering
from generation.dispatch.pacing import AS_USUAL, Pacing
from generation.dispatch.positions import Positions
from generation.dispatch.service import AnimationService
from generation.dispatch.settling import Settling
from generation.dispatch.standing import FailuresLogged
from generation.dispatch.worker import Worker
from generation.dispatch.workers import Workers
from generation.engine.protocol import Engine
from generation.errors import Misconfigured
from generation.store.database import Database, Unwritable
from generation.store.quota import HOUR, Limits
from generation.store.store import Store
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


class Core:
    """`engines` serve one queue together; `secret` is the data folder's.

    Who puts a program together takes from it what its parts need; no part is given the whole.
    """

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        engines: Sequence[Engine],
        limits: Limits,
        secret: bytes,
        *,
        pacing: Pacing = AS_USUAL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = workspace
        self.offered = Offering(engines)
        self.secret = secret
        self.clock = clock
        self.store = store = Store(database, secret, clock=clock)
        self.observers = observers = Observers()
        self.workers = workers = Workers(engines, Drained(workspace.folder / "drained.json"))
        self.positions = Positions(
            store.queue, observers, capacity=lambda: workers.capacity, pause=pacing.positions
        )
        self.breaker = breaker = CircuitBreaker(store.queue, workspace, pacing)
        settling = Settling(
            store.queue, store.history, workspace, observers, breaker, disk_retry=pacing.disk_retry
        )
        self._pacing = pacing
        self.joiner = Joiner(store, workspace, settling, pacing)
        workers.employ([self._worker(engine, settling) for engine in engines], self.joiner)
        observers.metrics.registry.register(EngineCollector(workers.states))
        self.service = AnimationService(
            store,
            limits,
            workspace,
            observers,
            self.positions,
            settling,
            self.workers,
        )

    def _worker(self, engine: Engine, settling: Settling) -> Worker:
        queue, metrics, pacing = self.store.queue, self.observers.metrics, self._pacing
        return Worker(
            self.store,
            EngineKeeper(engine, queue, self.breaker, metrics, pacing),
            self.workers.claimant,
            self.workspace,
            self.observers,
            settling,
            pacing,
        )

    async def resume(self) -> None:
        """What the last process left: jobs to make again, timings to learn from.

        Raises `Misconfigured`.
        """
        try:
            recovered = await self.store.queue.recover()
            await self.breaker.begin()
            timings = await self.store.history.timings(self.workers.engine)
            films = await self.store.films.unended()
        except Unwritable as error:
            raise Misconfigured(f"The database in data_dir cannot be used: {error}.") from None
        if recovered:
            log.info("jobs_recovered", count=recovered)
        await self._remove_leftovers()
        for film_id, scenes in films.items():
            self.observers.films.begin(film_id, scenes)
        for timing in timings:
            self.observers.estimator.learn(timing.cost, timing.seconds)

    async def _remove_leftovers(self) -> None:
        """Older pictures than are kept are the sweep's: their job may be older than we look."""
        since = self.clock() - self.workspace.keep_inputs - HOUR
        with FailuresLogged("remove_leftovers"):
            owned = await self.store.history.owned_inputs(since=since)
            removed = await asyncio.to_thread(self.workspace.remove_leftovers, owned)
            if removed:
                log.info("leftovers_removed", files=removed)

    async def watch_machine(self) -> None:
        """As long as the program runs: no claim without room, and a pause ends with its cause."""
        while True:
            with FailuresLogged("watch_machine"):
                await self.breaker.look()
            await asyncio.sleep(self._pacing.disk_retry)
