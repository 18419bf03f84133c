"""The same work for many who ask at once: whoever comes while it is done is in the next round."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Round(Generic[Item, Result]):
    items: list[Item] = field(default_factory=list)
    work: asyncio.Future[Result] | None = None


class Rounds(Generic[Item, Result]):
    """`work` is done for all of a round; one round at a time, and each to its end."""

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Result]]) -> None:
        self._work = work
        self._turn = asyncio.Lock()
        self._next: _Round[Item, Result] = _Round()

    async def join(self, item: Item) -> Result:
        """What came of the round that the item is in; raises what `work` does."""
        mine = self._next
        mine.items.append(item)
        async with self._turn:
            if mine.work is None:
                self._next = _Round()
                mine.work = asyncio.ensure_future(self._work(mine.items))
            return await asyncio.shield(mine.work)  # who leaves does not end it for the others
