"""One attempt at a job, as the parent of an engine's process keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final

from generation.engine.protocol import Crashed, Heartbeat, Report, WorkerLost
from generation.engine.wire import Garbled, LastWords
from generation.events import PhaseName

MOST_UNREAD: Final = 2000
"""Reports that wait to be read; of an honest child there are a few in a second."""


class Attempt:
    """What the child has reported; `due`: when its phase has taken too long (loop time)."""

    def __init__(self, due: float) -> None:
        self.reports: asyncio.Queue[Report | WorkerLost] = asyncio.Queue()
        self.phase = PhaseName.PREPARE
        self.taken_up = False
        self.due = due

    def told(self, report: Report | Crashed) -> None:
        """Raises `Garbled` for a child that reports more than anybody can read."""
        if self.reports.qsize() >= MOST_UNREAD:
            raise Garbled("too many reports")
        # A heartbeat comes for jobs, too, that still wait in the child.
        self.taken_up |= not isinstance(report, Heartbeat)
        self.reports.put_nowait(_for_the_parent(report))


def _for_the_parent(report: Report | Crashed) -> Report | WorkerLost:
    """A crash beside the engine is one of the job, though the engine itself lives on."""
    if isinstance(report, Crashed):
        return WorkerLost(report.reason, guilty=report.guilty)
    return report


def blame(attempts: Collection[Attempt], words: LastWords) -> None:
    """A death counts against the job that rendered, not against one that encoded beside it.

    A job that the child had not taken up can have done nothing to it.
    """
    begun = [a for a in attempts if a.taken_up]
    rendering = [a for a in begun if a.phase is not PhaseName.ENCODE]
    for attempt in attempts:
        guilty = attempt in (rendering or begun)
        attempt.reports.put_nowait(WorkerLost(words.text, guilty=guilty, device=words.device))
