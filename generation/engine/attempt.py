"""One attempt at a job, as the parent of an engine's process keeps it."""

from __future__ import annotations

import asyncio

from generation.engine.protocol import Crashed, Report, WorkerLost
from generation.events import PhaseName


class Attempt:
    """What the child has reported; `due`: when its phase has taken too long (loop time)."""

    def __init__(self, due: float) -> None:
        self.reports: asyncio.Queue[Report | WorkerLost] = asyncio.Queue()
        self.phase = PhaseName.PREPARE
        self.taken_up = False
        self.due = due


def for_the_parent(report: Report | Crashed) -> Report | WorkerLost:
    """A crash beside the engine is one of the job, though the engine itself lives on."""
    if isinstance(report, Crashed):
        return WorkerLost(report.reason, guilty=True)
    return report
