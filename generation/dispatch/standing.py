"""What goes on as long as the program does: one failing round must not end it."""

from __future__ import annotations

from types import TracebackType

import structlog

from generation.store.database import Unwritable

log = structlog.get_logger(__name__)


class FailuresLogged:
    """Around one round of a standing task, which ends there where it fails; the next tries again.

    A defect or a row that cannot be read is no exception: it must not stop everything else.
    """

    def __init__(self, task: str) -> None:
        self._task = task

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        __: TracebackType | None,
    ) -> bool:
        if isinstance(error, Unwritable):
            log.error("round_failed", task=self._task, reason=str(error))
        elif isinstance(error, Exception):
            log.error("round_broke", task=self._task, exc_info=error)
        return isinstance(error, Exception)
