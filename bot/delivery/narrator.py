"""Keeps every status message current and delivers every outcome, across restarts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.delivery.rate_limits import EditRates
from bot.delivery.status_message import StatusMessage
from bot.delivery.transport import Delivered, Later, Transport, Undeliverable
from generation.dispatch.service import AnimationService
from generation.dispatch.standing import FailuresLogged
from generation.errors import JobNotFound
from generation.events import Finished
from generation.jobs import Delivery, Job
from generation.store.database import Unwritable
from generation.store.delivery import Deliveries
from generation.store.recording import recorded

log = structlog.get_logger(__name__)

LOOK = 60.0
"""Seconds between two looks for jobs that nobody has asked to follow."""

GLANCE = 1.0
"""Seconds after which the end looks again at what is still to be handed over, though none ended."""

DISK_RETRY = 5.0
"""Seconds between two tries to read or record deliveries on a full disk."""

AGAIN, AGAIN_MAX = 30.0, 3600.0
"""Seconds before a delivery that broke is tried again, doubling up to the second."""


class Narrator:
    """One task for each job, owned by `run`, until the delivery of its outcome is recorded.

    `clock` and `sleep` count the seconds of edit rates and retries.
    """

    def __init__(
        self,
        service: AnimationService,
        deliveries: Deliveries,
        transports: Mapping[str, Transport],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        look: float = LOOK,
    ) -> None:
        self._service = service
        self._deliveries = deliveries
        self._transports = transports
        self._sleep = sleep
        self._look = look
        self._rates = EditRates(clock)
        self._followed: set[str] = set()
        self._new: set[str] = set()
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def followed(self) -> frozenset[str]:
        """Ids of the jobs that have a task."""
        return frozenset(self._followed)

    def follow(self, job_id: str) -> None:
        """Keep a job's status message current and deliver what comes of it."""
        self._new.add(job_id)
        self._wake.set()

    async def run(self) -> None:
        """Follow every pending job, then every new one; ends when it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            resumed = False
            seen: frozenset[str] = frozenset()
            while True:
                resumed = resumed or await self._resume(tasks)
                for job_id in self._new - self._followed:
                    self._begin(tasks, job_id, resumed=False)
                self._new.clear()
                wait = self._look if resumed else min(self._look, DISK_RETRY)
                if await _set_within(self._wake, wait):
                    continue
                if not resumed:
                    continue
                with FailuresLogged("pending_deliveries"):
                    pending = frozenset(job.id for job in await self._pending()) - self._followed
                    for job_id in pending & seen:  # twice seen: nobody is about to follow it
                        self._begin(tasks, job_id, resumed=False)
                    seen = pending

    async def _resume(self, tasks: asyncio.TaskGroup) -> bool:
        """Follow everything that was pending at the start; False while that cannot be read."""
        with FailuresLogged("pending_deliveries"):
            for job in await self._pending():
                self._begin(tasks, job.id, resumed=job.id not in self._new)
            return True
        return False

    async def finish(self, seconds: float) -> None:
        """Wait until every outcome there is has been delivered, at most so long.

        Who stops in the middle of a delivery cannot record it, and makes it again later.
        """
        try:
            async with asyncio.timeout(seconds):
                while await self._anything_to_deliver():
                    await _set_within(self._ended, GLANCE)
        except TimeoutError:
            log.warning("deliveries_left_for_the_next_start")

    async def _pending(self) -> list[Job]:
        return await self._deliveries.pending(self._transports)

    async def _anything_to_deliver(self) -> bool:
        """True also where that cannot be read: the end waits for it as long as it may."""
        with FailuresLogged("pending_deliveries"):
            return bool(await self._deliveries.ended(self._transports))
        return True

    def _begin(self, tasks: asyncio.TaskGroup, job_id: str, *, resumed: bool) -> None:
        if job_id not in self._followed:
            self._followed.add(job_id)
            tasks.create_task(self._follow(job_id, resumed=resumed))

    async def _follow(self, job_id: str, *, resumed: bool) -> None:
        delay = AGAIN
        try:
            with structlog.contextvars.bound_contextvars(job=job_id):
                while not await self._follow_once(job_id, delay, resumed=resumed):
                    delay = min(delay * 2, AGAIN_MAX)
        finally:
            self._followed.discard(job_id)
            self._ended.set()
            self._rates.ended(job_id)

    async def _follow_once(self, job_id: str, delay: float, *, resumed: bool) -> bool:
        """Follow a job to its end and deliver that; True when nothing is left to do."""
        try:
            job = (await self._service.view(job_id)).job
            transport = self._transports[job.requester.platform]
            if job.delivery is not Delivery.PENDING:
                return True
            await self._status_message(transport, resumed=resumed).keep_current(job)
            return await self._deliver(job_id, transport)
        except JobNotFound:  # deleted meanwhile: nobody waits for it
            return True
        except Exception:  # a defect with one job must not end everybody's
            log.exception("delivery_broke", next_try_in=delay)
            await self._postpone(job_id, delay)
            return False

    def _status_message(self, transport: Transport, *, resumed: bool) -> StatusMessage:
        return StatusMessage(self._service, transport, self._rates, self._sleep, resumed=resumed)

    async def _deliver(self, job_id: str, transport: Transport) -> bool:
        view = await self._service.view(job_id)
        pace = transport.pace(view.job)
        with self._rates.result(pace, job_id):
            if held := self._rates.held(pace.place):
                await self._sleep(held)
                view = await self._service.view(job_id)
            if not isinstance(view.event, Finished) or view.job.delivery is not Delivery.PENDING:
                return view.job.delivery is not Delivery.PENDING
            delivering = await transport.deliver(view.job, view.event.outcome)
        match delivering:
            case Delivered():
                await self._record(self._deliveries.delivered, job_id)
                log.info("delivered")
                await transport.recorded(view.job)
                return True
            case Undeliverable(reason):
                await self._record(self._deliveries.undeliverable, job_id)
                log.warning("undeliverable", reason=reason)
                return True
            case Later(seconds):
                self._rates.hold(pace.place, seconds)
                await self._postpone(job_id, seconds)
                return False

    async def _postpone(self, job_id: str, seconds: float) -> None:
        try:
            await self._deliveries.postpone(job_id, seconds=seconds)
        except Unwritable as error:
            log.error("postponing_unrecorded", reason=str(error))
        await self._sleep(seconds)

    async def _record(self, end: Callable[[str], Awaitable[bool]], job_id: str) -> None:
        await recorded(lambda: end(job_id), lambda: self._sleep(DISK_RETRY))


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for a signal and clear it; False after so long without one."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
