"""One job's status message, kept current from the first place in line to the end."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.delivery.rate_limits import EditRates
from bot.delivery.transport import Gone, NotNow, Shown, Transport
from generation.dispatch.service import AnimationService
from generation.events import Finished, JobEvent, Running, Waiting
from generation.jobs import Job

TOLD_PLACES = (1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 18, 23, 30, 40, 60, 100, 150, 200, 300, 500)
"""Places worth telling: every one near the front, ever fewer further back."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a story is told with."""

    transport: Transport
    budget: EditRates
    sleep: Callable[[float], Awaitable[None]]


class StatusMessage:
    """Shows the newest event, where it reads differently and the budget allows it."""

    def __init__(self, service: AnimationService, telling: Telling, *, resumed: bool) -> None:
        self._service = service
        self._transport = telling.transport
        self._budget = telling.budget
        self._sleep = telling.sleep
        self._resumed = resumed
        self._shown: Waiting | Running | None = None
        self._gone = False

    async def show(self, job: Job) -> None:
        """Return when the job has ended; raises `JobNotFound`."""
        feed = _Feed(self._service.watch(job.id), self._sleep)
        newest: Waiting | Running | None = None
        delay: float | None = None
        try:
            while True:
                event = await feed.next(delay)
                if isinstance(event, Finished):
                    return
                newest = event or newest
                delay = None if newest is None else await self._show(job, newest)
        finally:
            await feed.close()

    async def _show(self, job: Job, event: Waiting | Running) -> float | None:
        """Seconds after which this has to be tried again; `None` if nothing is left to show."""
        if self._gone or not self._tells(job, event):
            return None
        pace = self._transport.pace(job)
        wait = self._budget.wait(pace, job.id)
        if wait > 0:
            return wait
        self._budget.spend(pace, job.id)
        showing = await self._transport.show(job, event, resumed=self._resumed)
        match showing:
            case Shown():
                self._shown = event
                return None
            case Gone():
                self._gone = True
                return None
            case NotNow(seconds):
                self._budget.hold(pace.place, seconds)
                return seconds

    def _tells(self, job: Job, now: Waiting | Running) -> bool:
        before = self._shown
        if before is None:
            return True
        if isinstance(before, Waiting) and isinstance(now, Waiting) and not _moved(before, now):
            now = replace(now, position=before.position, length=before.length)
        return not self._transport.same(job, before, now)


def _moved(before: Waiting, now: Waiting) -> bool:
    return _step(before.position) != _step(now.position)


def _step(position: int) -> int:
    return bisect_left(TOLD_PLACES, position)


class _Feed:
    """The events of one job, each waited for no longer than somebody cares to wait."""

    def __init__(
        self,
        events: AsyncGenerator[JobEvent],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._events = events
        self._sleep = sleep
        self._upcoming: asyncio.Future[JobEvent] | None = None

    async def next(self, limit: float | None) -> JobEvent | None:
        """The next event, or `None` when `limit` seconds have passed without one."""
        if self._upcoming is None:
            self._upcoming = asyncio.ensure_future(anext(self._events))
        if limit is None:
            await asyncio.wait({self._upcoming})
        else:
            await self._within(self._upcoming, limit)
        if not self._upcoming.done():
            return None
        event = self._upcoming.result()
        self._upcoming = None
        return event

    async def _within(self, upcoming: asyncio.Future[JobEvent], limit: float) -> None:
        sleeping: asyncio.Future[None] = asyncio.ensure_future(self._sleep(limit))
        try:
            either: set[asyncio.Future[Any]] = {upcoming, sleeping}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()

    async def close(self) -> None:
        """A generator cannot be closed while somebody still waits in it."""
        if self._upcoming is not None:
            self._upcoming.cancel()
            await asyncio.gather(self._upcoming, return_exceptions=True)
        await self._events.aclose()
