"""Keeps one engine serving: starts it, tries again with back-off, leaves it out where it fails."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import structlog

from generation.dispatch.circuit_breaker import CircuitBreaker
from generation.dispatch.engine_state import EngineStatus
from generation.dispatch.metrics import Metrics
from generation.dispatch.pacing import Pacing
from generation.engine.protocol import Engine, ServerAway, WorkerLost
from generation.store.database import Unwritable
from generation.store.job_queue import JobQueue

log = structlog.get_logger(__name__)

BACK_OFF_MAX = 60.0


class EngineKeeper:
    """`draining` keeps the engine from new work; what it makes it finishes."""

    def __init__(
        self,
        engine: Engine,
        queue: JobQueue,
        breaker: CircuitBreaker,
        metrics: Metrics,
        pacing: Pacing,
    ) -> None:
        self.engine = engine
        self._queue = queue
        self._breaker = breaker
        self._metrics = metrics
        self._pacing = pacing
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._starting = asyncio.Lock()
        self._at_once = asyncio.Event()

    @property
    def draining(self) -> bool:
        return not self._wanted.is_set()

    @property
    def reason(self) -> str | None:
        """Why it is out."""
        return self._breaker.why_out(self.engine.name)

    def status(self, *, busy: bool) -> EngineStatus:
        if self.draining:
            return EngineStatus.DRAINING
        if self.reason is not None:
            return EngineStatus.OUT
        if not self.engine.ready:
            return EngineStatus.STARTING
        return EngineStatus.WORKING if busy else EngineStatus.IDLE

    def drain(self) -> None:
        self._wanted.clear()
        self._queue.wake()

    def resume(self) -> None:
        """Also where it was left out: it is tried at once."""
        self._breaker.try_now(self.engine.name)
        self._wanted.set()
        self._at_once.set()
        self._queue.wake()

    async def serving(self) -> None:
        """Return once the engine is ready and may be given work. Raises `Unwritable`."""
        while True:
            await self._wanted.wait()
            if self._breaker.is_left_out(self.engine.name):
                await asyncio.sleep(self._pacing.disk_retry)
            elif self.engine.ready:
                return
            else:
                await self._start()

    async def _start(self) -> None:
        delay = self._pacing.back_off
        async with self._starting:
            while not self.engine.ready:
                self._metrics.engine_starts.inc()
                try:
                    await self.engine.start()
                except WorkerLost as lost:
                    told = await self._not_started(lost, delay)
                    delay = self._pacing.back_off if told else min(delay * 2, BACK_OFF_MAX)
                else:
                    self._breaker.started(self.engine.name)

    async def _not_started(self, lost: WorkerLost, delay: float) -> bool:
        """Try again after a while; where that is of no use, once the queue was resumed.

        True where something has changed since.
        """
        name = self.engine.name
        log.error("engine_does_not_start", engine=name, reason=str(lost), next_try_in=delay)
        self._metrics.engine_losses.inc()
        paused = False
        with suppress(Unwritable):  # then nothing can be claimed either
            paused = await self._breaker.not_started(name, lost)
        self._queue.wake()  # what it had begun far away is others' now
        if paused:
            await self._queue.until_resumed()
            return False
        return await self._something_changes(lost, delay)

    async def _something_changes(self, lost: WorkerLost, within: float) -> bool:
        self._at_once.clear()
        waits: set[asyncio.Task[Any]] = {asyncio.create_task(self._at_once.wait())}
        if isinstance(lost, ServerAway) and lost.back is not None:
            waits.add(asyncio.create_task(lost.back()))
        try:
            first = asyncio.FIRST_COMPLETED
            changed, _ = await asyncio.wait(waits, timeout=within, return_when=first)
        finally:
            for wait in waits:
                wait.cancel()
        return bool(changed)
