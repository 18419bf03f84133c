"""Places that several people want: nobody holds them all, and who has had least comes next."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

Turn = asyncio.Future[None]


class FairTurns:
    """At most `places` at a time, and at most `each` of one owner.

    What a turn costs is the time it took: whose turns are short has more of them.
    """

    def __init__(
        self, places: int, each: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._free = places
        self._each = each
        self._clock = clock
        self._held: Counter[str] = Counter()
        self._waiting: dict[str, deque[Turn]] = {}
        self._had: dict[str, float] = {}
        self._level = 0.0
        """What the last one who came in had had: newcomers begin there and not at nothing."""

    @asynccontextmanager
    async def of(self, owner: str) -> AsyncGenerator[None]:
        """Wait for a place and hold it."""
        await self._place(owner)
        began = self._clock()
        try:
            yield
        finally:
            self._had[owner] += self._clock() - began
            self._give_back(owner)

    async def _place(self, owner: str) -> None:
        turn: Turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append(turn)
        self._had[owner] = max(self._had.get(owner, -math.inf), self._level)
        self._grant()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was granted meanwhile
                self._give_back(owner)
            else:
                self._leave(owner, turn)
            raise

    def _grant(self) -> None:
        while self._free and (able := [o for o in self._waiting if self._held[o] < self._each]):
            owner = min(able, key=self._had.__getitem__)
            turn = self._waiting[owner][0]
            self._leave(owner, turn)
            if turn.cancelled():  # its owner has not noticed yet
                continue
            self._level = max(self._level, self._had[owner])
            self._free -= 1
            self._held[owner] += 1
            turn.set_result(None)

    def _leave(self, owner: str, turn: Turn) -> None:
        waiting = self._waiting.get(owner, deque())
        if turn in waiting:
            waiting.remove(turn)
            if not waiting:
                del self._waiting[owner]

    def _give_back(self, owner: str) -> None:
        self._free += 1
        self._held[owner] -= 1
        if not self._held[owner]:
            del self._held[owner]
        self._grant()
        self._forget()

    def _forget(self) -> None:
        """Who has no more than newcomers begin with is a newcomer."""
        here = self._held.keys() | self._waiting.keys()
        if not here:
            self._had.clear()
            return
        for owner in [o for o, had in self._had.items() if o not in here and had <= self._level]:
            del self._had[owner]
