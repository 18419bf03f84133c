"""What somebody is told whose request the database could not take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog

from generation.errors import QueueFull, Rejected
from generation.store.database import Unwritable
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


@contextmanager
def told_if_unwritable() -> Iterator[None]:
    """Raises `QueueFull` for `Unwritable`."""
    try:
        yield
    except Unwritable as error:
        raise unwritable(error) from None


@contextmanager
def removed_if_refused(workspace: Workspace, inputs: Iterable[str]) -> Iterator[None]:
    """Pictures go with their request; raises `Rejected` kinds.

    Whatever else ends it, the row may have been written: then the sweep will know.
    """
    try:
        with told_if_unwritable():
            yield
    except Rejected:
        workspace.remove_inputs(inputs)
        raise


def unwritable(error: Unwritable) -> QueueFull:
    log.warning("not_written", reason=str(error))
    return QueueFull("unwritable")
