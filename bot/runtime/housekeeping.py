"""What the program does for itself on the side: deleting old files, feeling its own pulse."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from generation.directions.parse import prepare
from generation.dispatch.metrics import Metrics
from generation.dispatch.service import AnimationService
from generation.dispatch.standing import FailuresLogged
from generation.store.store import Store
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

SWEEP_EVERY = 600.0
PULSE = 0.1
AFTER_START = 3.0


async def thin(
    service: AnimationService,
    *,
    keep: float,
    clock: Callable[[], float] = time.time,
    every: float = SWEEP_EVERY,
) -> None:
    """Empty the rows that are older than `keep` seconds, now and every so often."""
    while True:
        with FailuresLogged("thin"):
            while emptied := await service.thin(before=clock() - keep):
                log.info("rows_thinned", rows=emptied)
        await asyncio.sleep(every)


async def sweep(workspace: Workspace, store: Store, *, every: float = SWEEP_EVERY) -> None:
    """Delete pictures and clips past their time, now and every so often."""
    while True:
        with FailuresLogged("sweep"):
            await _sweep_once(workspace, store)
        await asyncio.sleep(every)


async def _sweep_once(workspace: Workspace, store: Store) -> None:
    needed = await store.history.needed_inputs()
    clips_of = await store.films.needed_clips()
    try:
        swept = await asyncio.to_thread(workspace.sweep, needed, clips_of)
    except OSError as error:
        log.error("sweep_failed", reason=error.strerror)
    else:
        if swept.inputs or swept.clips:
            log.info("swept", inputs=swept.inputs, clips=swept.clips)


async def prepare_words() -> None:
    """Early, for the first who writes; but not at once, since a start has enough to do."""
    await asyncio.sleep(AFTER_START)
    await asyncio.to_thread(prepare)


async def measure_lag(metrics: Metrics) -> None:
    """Observe how late the loop wakes up: what a blocking call anywhere would show."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + PULSE
        await asyncio.sleep(PULSE)
        metrics.loop_lag.observe(max(loop.time() - due, 0.0))
