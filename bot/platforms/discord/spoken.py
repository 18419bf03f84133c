"""Whether a status message would read differently, though its countdown ticks by itself."""

from __future__ import annotations

from generation.events import Running, Waiting

DRIFT, SHARE = 20.0, 0.2
"""A promised moment is corrected once it is off by so many seconds, and by such a share of what
is left: readers' programs count it down, and nobody wants it to jump."""

MOST = 1000
"""Promises that are remembered; the oldest are those of jobs that were deleted meanwhile."""


class Spoken:
    """Remembers for each waiting job the moment that its message promises."""

    def __init__(self) -> None:
        self._promised: dict[str, float] = {}
        self._posted: dict[str, Waiting | Running] = {}

    def announced(self, job_id: str, event: Waiting | Running, now: float) -> None:
        """The message was posted with this."""
        self.note(job_id, event, now)
        self._posted[job_id] = event

    def posted(self, job_id: str) -> Waiting | Running | None:
        """What the message was posted with, until something else was shown; asked once."""
        return self._posted.pop(job_id, None)

    def note(self, job_id: str, event: Waiting | Running, now: float) -> None:
        """`now` in epoch seconds."""
        self._promised.pop(job_id, None)
        if isinstance(event, Waiting) and event.starts_in is not None:
            self._promised[job_id] = now + event.starts_in
        while len(self._promised) > MOST:
            del self._promised[next(iter(self._promised))]

    def same(self, job_id: str, before: Waiting, event: Waiting, now: float) -> bool:
        if (before.position, before.length) != (event.position, event.length):
            return False
        promised = self._promised.get(job_id)
        if promised is None or event.starts_in is None:
            return promised is None and event.starts_in is None
        off = abs(now + event.starts_in - promised)
        return off <= max(DRIFT, SHARE * event.starts_in)

    def forget(self, job_id: str) -> None:
        self._promised.pop(job_id, None)
        self._posted.pop(job_id, None)
