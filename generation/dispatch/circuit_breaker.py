"""Pauses the queue when the hardware fails again and again: everybody's requests would fail."""

from __future__ import annotations

import structlog

from generation.events import Cancelled, Failed, Outcome, Succeeded
from generation.store.job_queue import JobQueue, Mode

log = structlog.get_logger(__name__)

LIMIT = 3
"""Jobs in a row that may fail for the hardware before the queue pauses."""

HARDWARE = frozenset({"out_of_memory", "engine_crashed"})
"""Codes of failures that the next job is likely to meet as well."""

REASON = "{count} jobs in a row failed for the hardware ({code}): look at the log, then resume."


class CircuitBreaker:
    """Counts failures between two successes; what a person ended says nothing of the hardware."""

    def __init__(self, queue: JobQueue, *, limit: int = LIMIT) -> None:
        self._queue = queue
        self._limit = limit
        self._in_a_row = 0

    async def note(self, outcome: Outcome) -> None:
        """Pause the queue at the limit; the operator's `resume` opens it. Raises `Unwritable`."""
        match outcome:
            case Succeeded():
                self._in_a_row = 0
            case Failed(code) if code in HARDWARE:
                self._in_a_row += 1
                if self._in_a_row >= self._limit:
                    await self._pause(code)
            case Failed() | Cancelled():
                pass

    async def _pause(self, code: str) -> None:
        reason = REASON.format(count=self._in_a_row, code=code)
        self._in_a_row = 0
        log.error("queue_paused", reason=reason)
        await self._queue.set_mode(Mode.PAUSED, reason)
