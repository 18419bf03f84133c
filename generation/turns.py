"""Places that several people want: nobody holds them all, and who has had least comes next."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

Turn = asyncio.Future[None]


class HeldTurn:
    """A place in use; who takes long may pass it on to those who have not begun."""

    def __init__(self, turns: FairTurns, owner: str) -> None:
        self._turns = turns
        self._owner = owner
        self._began: float | None = turns.now()
        self._is_inside = True

    @property
    def others_wait(self) -> bool:
        """Whether somebody would come in, were there a place."""
        return self._turns.somebody_waits

    async def pass_on(self) -> None:
        """Let all of them in; return when there is a place again."""
        self.end()
        await self._turns.come_back(self._owner)
        self._began = self._turns.now()

    def end(self) -> None:
        if self._began is not None:
            took, self._began = self._turns.now() - self._began, None
            self._turns.give_back(self._owner, took)

    def leave(self) -> None:
        """Its owner may have another one inside; a second time changes nothing."""
        if self._is_inside:
            self._is_inside = False
            self._turns.go(self._owner)
            self.end()
            self._turns.grant()


class FairTurns:
    """At most `places` at a time, and at most `each` of one owner, also of who passed theirs on.

    What a turn costs is the time it took: whose turns are short has more of them.
    """

    def __init__(
        self, places: int, each: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._free = places
        self._each = each
        self.now = clock
        self._inside: Counter[str] = Counter()
        self._waiting: dict[str, deque[Turn]] = {}
        self._aside: dict[Turn, str] = {}
        self._had: dict[str, float] = {}
        self._level = 0.0
        """What the last one who came in had had: newcomers begin there and not at nothing."""

    @asynccontextmanager
    async def of(self, owner: str) -> AsyncGenerator[HeldTurn]:
        """Wait for a place and hold it."""
        held = await self.begin(owner)
        try:
            yield held
        finally:
            held.leave()

    async def begin(self, owner: str) -> HeldTurn:
        """Wait for a place, which is held until `leave`."""
        await self._come_in(owner)
        return HeldTurn(self, owner)

    def waiting(self, owner: str) -> int:
        """How many of this owner wait to come in."""
        return len(self._waiting.get(owner, ()))

    @property
    def somebody_waits(self) -> bool:
        return bool(self._able())

    async def come_back(self, owner: str) -> None:
        """Wait, inside, until nobody else waits for a place."""
        turn: Turn = asyncio.get_running_loop().create_future()
        self._aside[turn] = owner
        self.grant()
        try:
            await turn
        except asyncio.CancelledError:
            self._aside.pop(turn, None)
            if not turn.cancelled():  # it was granted meanwhile
                self.give_back(owner, 0.0)
            raise

    def give_back(self, owner: str, took: float) -> None:
        self._had[owner] += took
        self._free += 1
        self.grant()
        self._forget()

    async def _come_in(self, owner: str) -> None:
        turn: Turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append(turn)
        self._had[owner] = max(self._had.get(owner, -math.inf), self._level)
        self.grant()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was granted meanwhile
                self.go(owner)
                self.give_back(owner, 0.0)
            else:
                self._leave(owner, turn)
            raise

    def _able(self) -> list[str]:
        """Who waits and has not as many inside as one may."""
        return [owner for owner in self._waiting if self._inside[owner] < self._each]

    def grant(self) -> None:
        while self._free and (able := self._able()):
            owner = min(able, key=self._had.__getitem__)
            turn = self._waiting[owner][0]
            self._leave(owner, turn)
            if turn.cancelled():  # its owner has not noticed yet
                continue
            self._level = max(self._level, self._had[owner])
            self._inside[owner] += 1
            self._free -= 1
            turn.set_result(None)
        while self._free and self._aside:
            turn = next(iter(self._aside))
            del self._aside[turn]
            if not turn.cancelled():
                self._free -= 1
                turn.set_result(None)

    def _leave(self, owner: str, turn: Turn) -> None:
        waiting = self._waiting.get(owner, deque())
        if turn in waiting:
            waiting.remove(turn)
            if not waiting:
                del self._waiting[owner]

    def go(self, owner: str) -> None:
        self._inside[owner] -= 1
        if not self._inside[owner]:
            del self._inside[owner]

    def _forget(self) -> None:
        """Who has no more than newcomers begin with is a newcomer."""
        here = self._inside.keys() | self._waiting.keys()
        if not here:
            self._had.clear()
            return
        for owner in [o for o, had in self._had.items() if o not in here and had <= self._level]:
            del self._had[owner]
