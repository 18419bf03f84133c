"""Pauses the queue while it is the machine that fails, and resumes it by itself afterwards."""

from __future__ import annotations

from contextlib import suppress

import structlog

from generation.dispatch.pacing import Pacing
from generation.engine.protocol import Engine, StartCutOff, WorkerLost
from generation.events import Failed
from generation.jobs import Job, Requester
from generation.store.database import Unwritable
from generation.store.job_queue import JobQueue
from generation.store.state import Mode
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

LIMIT = 3
"""Failures in a row, of several requesters, after which it is not the pictures that fail."""

MOST_ATTEMPTS = 6
"""Attempts after which a job fails as itself: one that nobody can make may not block the others."""

LONGEST_PAUSE = 600.0
"""Seconds: the pause doubles with every try that fails."""

OWN = frozenset({"unreadable", "picture_gone", "previous_gone", "previous_size", "previous_length"})
"""Reasons that lie with what one job was made from."""

FAILURES = "{count} jobs in a row failed ({code}): the log says why."
NO_ROOM = "The disk of data_dir has no room for clips."
LOST = "The engine lost its device {count} times in a row: {reason}"
NO_START = "The engine does not start: {reason}"
MEND_IT = " Mend it, then resume."
TRIED_AGAIN = " It resumes by itself when the next try succeeds."


class CircuitBreaker:
    """Counts failures between two successes; what a person ended says nothing of the machine.

    After a pause one failure is enough for the next, longer one, until a clip has been made. An
    engine that cannot start for the same reason again and again pauses the queue until the
    operator's word, unless another one serves; one that was cut off is tried again by itself.
    """

    def __init__(self, queue: JobQueue, workspace: Workspace, pacing: Pacing) -> None:
        self._queue = queue
        self._workspace = workspace
        self._now = pacing.stopwatch
        self._first_pause = self._pause = pacing.first_pause
        self._in_a_row: list[Requester] = []
        self._on_trial = False
        self._due: float | None = None
        self._held: str | None = None
        self._losses = 0
        self._serving: set[Engine] = set()
        self._starts: dict[Engine, tuple[str, int]] = {}

    @property
    def problem(self) -> str | None:
        """Why nothing is made: no engine started the last time, or the machine failed."""
        reasons = [reason for reason, _ in self._starts.values()]
        return reasons[0] if reasons and not self._serving else self._held

    def succeeded(self) -> None:
        self._in_a_row.clear()
        self._losses = 0
        self._on_trial = False
        self._pause = self._first_pause

    async def keeps(self, job: Job, failed: Failed) -> bool:
        """Whether this failure is the machine's: then the job waits for better times."""
        if failed.reason in OWN or job.attempt >= MOST_ATTEMPTS:
            return False
        if failed.code == "disk_full":
            await self._hold(NO_ROOM)
            return True
        self._in_a_row.append(job.requester)
        several = len(set(self._in_a_row)) > 1
        if not self._on_trial and not (several and len(self._in_a_row) >= LIMIT):
            return False
        await self._hold(FAILURES.format(count=len(self._in_a_row), code=failed.code))
        return True

    async def device_lost(self, reason: str) -> None:
        """The job goes back, and would meet the same again."""
        self._losses += 1
        if self._losses >= LIMIT or self._on_trial:
            await self._hold(LOST.format(count=self._losses, reason=_sentence(reason)))

    def started(self, engine: Engine) -> None:
        self._serving.add(engine)
        self._starts.pop(engine, None)

    async def not_started(self, engine: Engine, lost: WorkerLost) -> bool:
        """True where the queue was paused for it. Raises `Unwritable`."""
        reason = str(lost)
        self._serving.discard(engine)
        before, count = self._starts.get(engine, (reason, 0))
        count = count + 1 if before == reason else 1
        self._starts[engine] = (reason, count)
        if count < LIMIT or self._serving:
            return False
        self._starts[engine] = (reason, 0)
        told = NO_START.format(reason=_sentence(reason))
        if isinstance(lost, StartCutOff):
            await self._hold(told)
        else:
            log.error("queue_paused", reason=told)
            await self._queue.set_mode(Mode.PAUSED, told + MEND_IT)
        return True

    async def begin(self) -> None:
        """What the last process paused by itself is tried again. Raises `Unwritable`."""
        self._on_trial = await self._queue.resume_held()
        await self.look()

    async def look(self) -> None:
        """Pause where there is no room, resume where the time for a try has come.

        Raises `Unwritable`.
        """
        if not self._workspace.has_room():
            if await self._queue.hold(NO_ROOM + TRIED_AGAIN):
                log.error("queue_paused", reason=NO_ROOM)
            self._due, self._held = self._due or self._now(), NO_ROOM
        elif self._due is not None and self._now() >= self._due:
            self._due = self._held = None
            self._on_trial = await self._queue.resume_held()
            if self._on_trial:
                log.warning("queue_resumed")

    async def _hold(self, reason: str) -> None:
        if self._on_trial:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._on_trial = False
        self._due, self._held = self._now() + self._pause, reason
        log.error("queue_paused", reason=reason, next_try_in=self._pause)
        with suppress(Unwritable):  # then nothing can be claimed either
            await self._queue.hold(reason + TRIED_AGAIN)


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
