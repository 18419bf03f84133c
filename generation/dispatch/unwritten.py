"""What somebody is told whose request the database could not take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from generation.errors import QueueFull
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)


@contextmanager
def told_if_unwritable() -> Iterator[None]:
    """Raises `QueueFull` for `Unwritable`."""
    try:
        yield
    except Unwritable as error:
        raise unwritable(error) from None


def unwritable(error: Unwritable) -> QueueFull:
    log.warning("not_written", reason=str(error))
    return QueueFull("unwritable")
