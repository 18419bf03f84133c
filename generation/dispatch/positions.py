"""The line as people see it: places and honest estimates, computed at most once a second."""

from __future__ import annotations

import asyncio

from generation.dispatch.estimate import Estimator
from generation.dispatch.metrics import Metrics
from generation.dispatch.standing import FailuresLogged
from generation.dispatch.watchers import Watchers
from generation.events import Waiting
from generation.store.job_queue import JobQueue, Mode, Place

PAUSE = 1.0
"""Seconds between two scans of the line, however much it moves."""

REFRESH = 5.0
"""Seconds after which estimates are told again though nobody moved."""


class Positions:
    """`capacity` is how many clips are rendered side by side."""

    def __init__(
        self,
        queue: JobQueue,
        watchers: Watchers,
        estimator: Estimator,
        metrics: Metrics,
        *,
        capacity: int = 1,
        pause: float = PAUSE,
    ) -> None:
        self._queue = queue
        self._watchers = watchers
        self._estimator = estimator
        self._metrics = metrics
        self._capacity = capacity
        self._pause = pause

    async def place(self, job_id: str) -> Waiting | None:
        """Where one job stands now; `None` when it does not wait."""
        place = await self._queue.position(job_id)
        return None if place is None else self._waiting(place, await self._queue.mode())

    def alone(self, cost: float) -> float | None:
        """Seconds for a clip that waits for nobody; `None` without data."""
        return self._estimator.seconds(cost)

    async def run(self) -> None:
        """Tell everybody who waits whenever the line has moved."""
        while True:
            try:
                async with asyncio.timeout(REFRESH):
                    await self._queue.moved.wait()
            except TimeoutError:
                pass
            self._queue.moved.clear()
            with FailuresLogged("positions"):
                await self.tell()
            await asyncio.sleep(self._pause)

    async def tell(self) -> None:
        places = await self._queue.line()
        self._metrics.waiting.set(len(places))
        mode = await self._queue.mode()
        watched = self._watchers.watched()
        for place in places:
            if place.job_id in watched or self._watchers.running(place.job_id):
                self._watchers.publish(place.job_id, self._waiting(place, mode))

    def _waiting(self, place: Place, mode: Mode) -> Waiting:
        mine = self._estimator.seconds(place.cost)
        ahead = self._estimator.seconds(place.cost_ahead, clips=place.position - 1)
        if mine is None or ahead is None or mode is Mode.PAUSED:  # a pause ends when it ends
            return Waiting(place.position, None, place.length)
        starts_in = (ahead + self._watchers.remaining_seconds()) / self._capacity
        return Waiting(place.position, mine + starts_in, place.length, starts_in)
