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
        self._films = observers.films
        self._capacity = capacity
        self._pause = pause
        self._side_by_side = 1
        self._scanned = QueueOrder()
        self._scanned_at = -math.inf

    async def place(self, job_id: str) -> Waiting | None:
        """Where one job stands now, a film by its first scene; `None` when it does not wait."""
        first, last = self._ends(job_id)
        place = await self._queue.position(first)
        until = place if first == last else await self._queue.position(last)
        self._side_by_side = max(self._capacity(), 1)
        return None if place is None else self._waiting(place, until or place)

    async def places(self, job_ids: Iterable[str]) -> dict[str, Waiting]:
        """Where these stand, as far as they wait: one scan of the queue, shared for a moment.

        The last one will do while somebody watches, who is told by one in every `pause`.
        """
        if asyncio.get_running_loop().time() - self._scanned_at >= SHARED * self._pause:
            await self._scan()
        found = {job_id: self._found(job_id, self._scanned) for job_id in job_ids}
        return {job_id: waiting for job_id, waiting in found.items() if waiting is not None}

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
                waiting = self._found(job_id, order)
                if waiting is None or self._watchers.running(job_id) is not ran.get(job_id):
                    continue  # it does not wait, or was begun since we looked
                self._watchers.publish_waiting(job_id, waiting)
            await asyncio.sleep(APART)

    async def _scan(self) -> QueueOrder:
        self._scanned = await self._queue.waiting()
        self._scanned_at = asyncio.get_running_loop().time()
        self._side_by_side = max(self._capacity(), 1)
        return self._scanned

    def _ends(self, job_id: str) -> tuple[str, str]:
        """Who stands in the line for a job: itself, or the first and the last scene of a film."""
        scenes = self._films.waiting(job_id) or (job_id,)
        return scenes[0], scenes[-1]

    def _found(self, job_id: str, order: QueueOrder) -> Waiting | None:
        first, last = map(order.place, self._ends(job_id))
        return None if first is None else self._waiting(first, last or first)

    def _waiting(self, place: Place, last: Place) -> Waiting:
        """`last` is what has to be made until all of it is there."""
        held, starts_in = place.state.held, self._starts_in(place)
        eta = starts_in if last is place else self._starts_in(last)
        mine = self._estimator.seconds(last.cost)
        if starts_in is None or eta is None or mine is None:
            return Waiting(place.position, None, place.length, held=held)
        return Waiting(place.position, mine + eta, place.length, starts_in, held)

    def _starts_in(self, place: Place) -> float | None:
        ahead = self._estimator.seconds(place.cost_ahead, clips=place.position - 1)
        if ahead is None or place.state.mode is Mode.PAUSED:  # it ends when it ends
            return None
        return (ahead + self._watchers.remaining_seconds()) / self._side_by_side
