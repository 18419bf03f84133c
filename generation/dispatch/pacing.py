"""How long things may take, and how soon they are tried again: one value, so that tests hurry."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pacing:
    """Seconds. `time_limit`: of rendering, after which a job is ended however much it reports.

    `back_off`: before an engine that does not start is tried again, doubled each time.
    `disk_retry`: between two tries to write to a full disk. `first_pause`: of the queue when the
    machine fails, before the next try. `positions`: between two scans of the
    queue, however much it moves. `stopwatch` tells how long an engine has worked.
    """

    time_limit: float = 3600.0
    back_off: float = 1.0
    disk_retry: float = 5.0
    first_pause: float = 30.0
    positions: float = 1.0
    stopwatch: Callable[[], float] = time.monotonic


AS_USUAL = Pacing()
