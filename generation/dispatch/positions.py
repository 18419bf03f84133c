"""The queue as people see it: places and honest estimates, computed at most once a second."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable

from generation.dispatch.observers import Observers
from generation.dispatch.standing import FailuresLogged
from generation.events import Waiting
from generation.store.job_queue import JobQueue
from generation.store.order import Place, QueueOrder
from generation.store.state import Mode

REFRESH = 5.0
"""Seconds after which estimates are told again though nobody moved."""

SHARED = 2
"""Pauses after which a scan is too old to be shown."""

TOGETHER, APART = 10, 0.01
"""How many are told at once, and the seconds until the next so many are."""


class Positions:
    """`capacity`: clips that can be rendered side by side now, over all engines that serve.

    `pause`: seconds between two scans of the queue.
    """

    def __init__(
        self,
        queue: JobQueue,
        observers: Observers,
        *,
        capacity: Callable[[], int],
        pause: float,
    ) -> None:
        self._queue = queue
        self._watchers = observers.watchers
        self._estimator = observers.estimator
        self._metrics = observers.metrics
        self._capacity = capacity
        self._pause = pause
        self._side_by_side = 1
        self._scanned = QueueOrder()
        self._scanned_at = -math.inf

    async def place(self, job_id: str) -> Waiting | None:
        """Where one job stands now; `None` when it does not wait."""
        place = await self._queue.position(job_id)
        self._side_by_side = max(self._capacity(), 1)
        return None if place is None else self._waiting(place)

    async def places(self, job_ids: Iterable[str]) -> dict[str, Waiting]:
        """Where these stand, as far as they wait: one scan of the queue, shared for a moment.

        The last one will do while somebody watches, who is told by one in every `pause`.
        """
        if asyncio.get_running_loop().time() - self._scanned_at >= SHARED * self._pause:
            await self._scan()
        places = map(self._scanned.place, job_ids)
        return {one.job_id: self._waiting(one) for one in places if one is not None}

    def alone(self, cost: float) -> float | None:
        """Seconds for a clip that waits for nobody; `None` without data."""
        return self._estimator.seconds(cost)

    async def run(self) -> None:
        """Tell everybody who waits whenever the queue has moved."""
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
        """A few at a time, so that nothing else waits for all who watch."""
        order = await self._scan()  # last: nothing may have moved since
        self._metrics.waiting.set(len(order))
        ran = self._watchers.all_running()
        told = sorted(self._watchers.told())
        for begin in range(0, len(told), TOGETHER):
            for job_id in told[begin : begin + TOGETHER]:
                place = order.place(job_id)
                if place is None or self._watchers.running(job_id) is not ran.get(job_id):
                    continue  # it does not wait, or was begun since we looked
                self._watchers.publish_waiting(job_id, self._waiting(place))
            await asyncio.sleep(APART)

    async def _scan(self) -> QueueOrder:
        self._scanned = await self._queue.waiting()
        self._scanned_at = asyncio.get_running_loop().time()
        self._side_by_side = max(self._capacity(), 1)
        return self._scanned

    def _waiting(self, place: Place) -> Waiting:
        mine = self._estimator.seconds(place.cost)
        ahead = self._estimator.seconds(place.cost_ahead, clips=place.position - 1)
        held = place.state.held
        if mine is None or ahead is None or place.state.mode is Mode.PAUSED:  # it ends when it ends
            return Waiting(place.position, None, place.length, held=held)
        starts_in = (ahead + self._watchers.remaining_seconds()) / self._side_by_side
        return Waiting(place.position, mine + starts_in, place.length, starts_in, held)
