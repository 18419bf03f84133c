"""Who waits, next first, as one look at the queue found it: places are reckoned when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from generation.store.database import Row


@dataclass(frozen=True, slots=True)
class Place:
    """`position` 1 is next of `length` that wait; costs in frame·pixel·steps."""

    job_id: str
    position: int
    cost: float
    cost_ahead: float
    length: int


class QueueOrder:
    """Ten thousand who wait are a few plain lists; who is asked for becomes a `Place`."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._costs: list[float] = [row["cost"] for row in rows]
        self._ahead = list(accumulate(self._costs, initial=0.0))
        self._index = {row["id"]: index for index, row in enumerate(rows)}

    def __len__(self) -> int:
        return len(self._costs)

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def place(self, job_id: str) -> Place | None:
        index = self._index.get(job_id)
        if index is None:
            return None
        return Place(job_id, index + 1, self._costs[index], self._ahead[index], len(self))
