"""Pauses the queue when the hardware fails again and again: everybody's requests would fail."""

from __future__ import annotations

import structlog

from generation.engine.protocol import Engine
from generation.events import Cancelled, Failed, Outcome, Succeeded
from generation.store.job_queue import JobQueue, Mode

log = structlog.get_logger(__name__)

LIMIT = 3
"""Jobs in a row that may fail for the hardware before the queue pauses."""

HARDWARE = frozenset({"out_of_memory", "engine_crashed"})
"""Codes of failures that the next job is likely to meet as well."""

REASON = "{count} jobs in a row failed for the hardware ({code}): look at the log, then resume."
LOST = "The engine lost its device {count} times in a row: {reason} Mend it, then resume."
NO_START = "The engine does not start: {reason} Mend it, then resume."


class CircuitBreaker:
    """Counts failures between two successes; what a person ended says nothing of the hardware.

    An engine that cannot start for the same reason again and again pauses the queue as well, unless
    another one serves.
    """

    def __init__(self, queue: JobQueue, *, limit: int = LIMIT) -> None:
        self._queue = queue
        self._limit = limit
        self._in_a_row = 0
        self._losses = 0
        self._serving: set[Engine] = set()
        self._starts: dict[Engine, tuple[str, int]] = {}

    @property
    def problem(self) -> str | None:
        """Why an engine did not start the last time, where none serves."""
        reasons = [reason for reason, _ in self._starts.values()]
        return reasons[0] if reasons and not self._serving else None

    async def note(self, outcome: Outcome) -> None:
        """Pause the queue at the limit; the operator's `resume` opens it. Raises `Unwritable`."""
        match outcome:
            case Succeeded():
                self._in_a_row = self._losses = 0
            case Failed(code) if code in HARDWARE:
                self._in_a_row += 1
                if self._in_a_row >= self._limit:
                    await self._pause(REASON.format(count=self._in_a_row, code=code))
            case Failed() | Cancelled():
                pass

    async def device_lost(self, reason: str) -> None:
        """The job goes back, and would meet the same again. Raises `Unwritable`."""
        self._losses += 1
        if self._losses >= self._limit:
            await self._pause(LOST.format(count=self._losses, reason=_sentence(reason)))

    def started(self, engine: Engine) -> None:
        self._serving.add(engine)
        self._starts.pop(engine, None)

    async def not_started(self, engine: Engine, reason: str) -> bool:
        """True where the queue was paused for it. Raises `Unwritable`."""
        self._serving.discard(engine)
        before, count = self._starts.get(engine, (reason, 0))
        count = count + 1 if before == reason else 1
        self._starts[engine] = (reason, count)
        if count < self._limit or self._serving:
            return False
        self._starts[engine] = (reason, 0)
        await self._pause(NO_START.format(reason=_sentence(reason)))
        return True

    async def _pause(self, reason: str) -> None:
        self._in_a_row = self._losses = 0
        log.error("queue_paused", reason=reason)
        await self._queue.set_mode(Mode.PAUSED, reason)


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
