"""A chat that writes down what is shown, answers as the test says, and a time that is turned."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.delivery.transport import Delivered, Delivering, Pace, Showing, Shown
from generation.events import Outcome, Running, Waiting
from generation.jobs import Job


class RecordingTransport:
    """`showings` and `deliverings` are answered first; then everything succeeds.

    An exception among them is raised.
    """

    def __init__(self, platform: str = "chat", *, pace: Pace | None = None) -> None:
        self.platform = platform
        self.shown: list[tuple[str, Waiting | Running, bool]] = []
        self.delivered: list[tuple[str, Outcome]] = []
        self.showings: deque[Showing | Exception] = deque()
        self.deliverings: deque[Delivering | Exception] = deque()
        self.recordings: list[str] = []
        self._pace = pace or Pace("room", message=0.0, edits=1000, window=1.0)

    def pace(self, job: Job) -> Pace:
        return self._pace

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        return before == now

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        self.shown.append((job.id, event, resumed))
        answer = self.showings.popleft() if self.showings else Shown()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        self.delivered.append((job.id, outcome))
        answer = self.deliverings.popleft() if self.deliverings else Delivered()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def recorded(self, job: Job) -> None:
        self.recordings.append(job.id)


class SteppedTime:
    """Seconds that pass when the test says so; whoever sleeps wakes then."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, sleeper))
        await sleeper

    def sleeps_until(self, due: float) -> bool:
        """Whether somebody does."""
        return any(one == due for one, _ in self._sleepers)

    async def pass_(self, seconds: float) -> None:
        self.now += seconds
        for due, sleeper in list(self._sleepers):
            if due <= self.now and not sleeper.done():
                sleeper.set_result(None)
        self._sleepers = [(due, one) for due, one in self._sleepers if not one.done()]
        await settled()


async def settled() -> None:
    """Everybody who can go on has gone on, the database's thread included."""
    rounds = 0
    async with asyncio.timeout(30):
        while rounds < 12:
            await asyncio.sleep(0.001)
            rounds += not _threads_run()


def _threads_run() -> bool:
    """Whether another thread of this process works, waits for a processor or for a disk."""
    for thread in threading.enumerate():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
            told = Path(f"/proc/self/task/{thread.native_id}/stat").read_text("utf-8")
            if thread is not threading.current_thread() and told.rpartition(")")[2][1] in "RD":
                return True
    return False


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 (what is waited for has no event of its own)
            await asyncio.sleep(0.001)
