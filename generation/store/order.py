"""Who waits, next first, as one look at the queue found it: places are reckoned when asked for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count

from generation.store.database import Row
from generation.store.state import OPEN, QueueState, state_of


@dataclass(frozen=True, slots=True)
class Place:
    """`position` 1 is next of `length` that wait; costs in frame·pixel·steps.

    `state` is the queue's at the same look.
    """

    job_id: str
    position: int
    cost: float
    cost_ahead: float
    length: int
    state: QueueState


class QueueOrder:
    """Ten thousand who wait are a few plain lists; who is asked for becomes a `Place`."""

    def __init__(
        self, job_ids: Sequence[str] = (), costs: Iterable[float] = (), *, state: QueueState = OPEN
    ) -> None:
        self._costs = array("d", costs)
        self._ahead = array("d", accumulate(self._costs, initial=0.0))
        self._index = dict(zip(job_ids, count(), strict=False))
        self._state = state

    def __len__(self) -> int:
        return len(self._costs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def place(self, job_id: str) -> Place | None:
        index = self._index.get(job_id)
        if index is None:
            return None
        cost, ahead = self._costs[index], self._ahead[index]
        return Place(job_id, index + 1, cost, ahead, len(self), self._state)


def order_of(row: Row) -> QueueOrder:
    """Read the one row of `jobs.WAITING`."""
    if row["ids"] is None:
        return QueueOrder(state=state_of(row))
    costs = map(float, row["costs"].split(","))
    return QueueOrder(row["ids"].split(","), costs, state=state_of(row))


def place_of(job_id: str, row: Row) -> Place:
    """Read the row of `jobs.POSITION`."""
    position = 1 + row["ahead"]
    return Place(job_id, position, row["cost"], row["cost_ahead"], row["length"], state_of(row))
