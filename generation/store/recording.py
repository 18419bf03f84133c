"""Writes down what somebody has been told: a full disk must not make us tell it twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from generation.store.database import Unwritable

log = structlog.get_logger(__name__)


async def recorded(
    write: Callable[[], Awaitable[bool]], wait: Callable[[], Awaitable[None]]
) -> None:
    """Return once it is written, however often it takes; `wait` is between two tries."""
    while True:
        try:
            await write()
        except Unwritable as error:
            log.error("delivery_unrecorded", reason=str(error))
            await wait()
        else:
            return
