"""Leaves an engine out that fails, pauses the queue while it is the machine; both end by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from generation.dispatch.pacing import Pacing
from generation.engine.protocol import ServerAway, StartCutOff, WorkerLost
from generation.events import Failed
from generation.jobs import Job, JobKind, Requester
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

FAILURE = "The next job failed as well ({code}): the log says why."
FAILURES = "{count} jobs in a row failed ({code}): the log says why."
NO_ROOM = "The disk of data_dir has no room for clips."
LOST = "The engine lost its device: {reason}"
LOST_OFTEN = "The engine lost its device {count} times in a row: {reason}"
NO_START = "The engine does not start: {reason}"
MEND_IT = " Mend it, then resume."
TRIED_AGAIN = " It resumes by itself when the next try succeeds."


@dataclass
class _Record:
    """What one engine has done since its last clip; `due`: when it is tried again after `why`.

    `starts`: the reason why it did not start the last time, and how often in a row.
    """

    pause: float
    in_a_row: list[Requester] = field(default_factory=list)
    losses: int = 0
    serving: bool = False
    on_trial: bool = False
    due: float | None = None
    why: str | None = None
    starts: tuple[str, int] | None = None


class CircuitBreaker:
    """Counts failures between two successes; what a person ended says nothing of the machine.

    An engine that fails is left out where another one serves; the queue is paused where none does.
    After a pause one failure is enough for the next, longer one, until a clip has been made. An
    engine that cannot start for the same reason again and again pauses the queue until the
    operator's word, unless another one serves; one that was cut off is tried again by itself.
    """

    def __init__(self, queue: JobQueue, workspace: Workspace, pacing: Pacing) -> None:
        self._queue = queue
        self._workspace = workspace
        self._now = pacing.stopwatch
        self._first_pause = self._pause = pacing.first_pause
        self._on_trial = False
        self._due: float | None = None
        self._held: str | None = None
        self._waits_for_start = False
        self._records: dict[str, _Record] = {}

    @property
    def problem(self) -> str | None:
        """Why nothing is made: no engine started the last time, or the machine failed."""
        reasons = [one.starts[0] for one in self._records.values() if one.starts is not None]
        serves = any(one.serving for one in self._records.values())
        return reasons[0] if reasons and not serves else self._held

    def why_out(self, name: str) -> str | None:
        """Why this engine gets no work now; `None` while it serves or starts."""
        record = self._of(name)
        return record.why or (record.starts[0] if record.starts is not None else None)

    def is_left_out(self, name: str) -> bool:
        """Whether it has to rest; when it has, it is on trial."""
        record = self._of(name)
        if record.due is None:
            return False
        if self._now() < record.due:
            return True
        self.try_now(name)
        log.warning("engine_tried_again", engine=name)
        return False

    def try_now(self, name: str) -> None:
        record = self._of(name)
        record.on_trial |= record.due is not None
        record.due = record.why = None

    def succeeded(self, name: str) -> None:
        record = self._of(name)
        record.in_a_row.clear()
        record.losses = 0
        record.on_trial = self._on_trial = False
        record.pause = self._pause = self._first_pause

    async def keeps(self, job: Job, failed: Failed) -> bool:
        """Whether this failure is the machine's: then the job waits for better times."""
        if failed.reason in OWN or job.attempt >= MOST_ATTEMPTS:
            return False
        if failed.code == "disk_full":
            await self._hold(NO_ROOM)
            return True
        if job.kind is JobKind.FILM:  # no engine made it
            return False
        name = job.made_on or ""
        record = self._of(name)
        record.in_a_row.append(job.requester)
        several = len(set(record.in_a_row)) > 1
        if not self._is_on_trial(record) and not (several and len(record.in_a_row) >= LIMIT):
            return False
        count = len(record.in_a_row)
        told = FAILURE if count == 1 else FAILURES
        await self._stop(name, told.format(count=count, code=failed.code))
        return True

    async def device_lost(self, name: str, reason: str) -> None:
        """The job goes back; where another engine serves, it may not meet the same again."""
        record = self._of(name)
        record.losses += 1
        if record.losses >= LIMIT or self._is_on_trial(record) or self._another_serves(name):
            told = LOST if record.losses == 1 else LOST_OFTEN
            await self._stop(name, told.format(count=record.losses, reason=_sentence(reason)))

    def started(self, name: str) -> None:
        record = self._of(name)
        record.serving = True
        record.starts = None
        if self._waits_for_start and self._due is not None:
            self._due = self._now()

    async def not_started(self, name: str, lost: WorkerLost) -> bool:
        """True where it is of no use to try again before the queue is resumed.

        Raises `Unwritable`.
        """
        record, reason = self._of(name), str(lost)
        record.serving = False
        before, count = record.starts or (reason, 0)
        count = count + 1 if before == reason else 1
        record.starts = (reason, count)
        if count < LIMIT or self._another_serves(name):
            return False
        record.starts = (reason, 0)
        told = NO_START.format(reason=_sentence(reason))
        if isinstance(lost, StartCutOff):
            await self._hold(told)
            self._waits_for_start = True
        else:
            log.error("queue_paused", reason=told)
            await self._queue.set_mode(Mode.PAUSED, told + MEND_IT)
        return not isinstance(lost, ServerAway)

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
            self._waits_for_start = False
            self._on_trial = await self._queue.resume_held()
            if self._on_trial:
                log.warning("queue_resumed")

    def _of(self, name: str) -> _Record:
        return self._records.setdefault(name, _Record(self._first_pause))

    def _is_on_trial(self, record: _Record) -> bool:
        return record.on_trial or self._on_trial

    def _another_serves(self, name: str) -> bool:
        others = (one for other, one in self._records.items() if other != name)
        return any(one.serving and one.due is None for one in others)

    async def _stop(self, name: str, reason: str) -> None:
        """The engine where another one serves, or else the queue."""
        if not self._another_serves(name):
            await self._hold(reason)
            return
        record = self._of(name)
        if record.on_trial:
            record.pause = min(record.pause * 2, LONGEST_PAUSE)
            record.on_trial = False
        record.due, record.why = self._now() + record.pause, reason
        log.error("engine_left_out", engine=name, reason=reason, next_try_in=record.pause)
        self._queue.wake()

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
