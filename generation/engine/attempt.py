"""One attempt at a job, as the parent of an engine's process keeps it."""

from __future__ import annotations

import asyncio
from typing import Final

from generation.engine.protocol import Crashed, Heartbeat, Report, WorkerLost
from generation.engine.wire import Garbled
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
        return WorkerLost(report.reason, guilty=True)
    return report
