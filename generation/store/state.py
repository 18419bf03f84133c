"""Whether the queue gives out jobs and takes new ones, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generation.events import Hold
from generation.store.database import Row


class Mode(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class QueueState:
    """`reason`: why the queue is paused or drained, where that was said."""

    mode: Mode
    reason: str | None

    @property
    def held(self) -> Hold | None:
        """The operator gives no reason; what pauses by itself does."""
        match self.mode:
            case Mode.OPEN:
                return None
            case Mode.PAUSED:
                return Hold.PAUSED if self.reason is None else Hold.FAILING
            case Mode.DRAINING:
                return Hold.EMPTYING


def state_of(row: Row) -> QueueState:
    """Read `mode` and `reason` of a row."""
    return QueueState(Mode(row["mode"]), row["reason"])


OPEN = QueueState(Mode.OPEN, None)
