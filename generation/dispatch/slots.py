"""The places in an engine: as many as it has now, which may become more or fewer while it works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Slots:
    """`capacity` is asked anew whenever a place is given back and at `look_again`."""

    def __init__(self, capacity: Callable[[], int]) -> None:
        self._capacity = capacity
        self._taken = 0
        self._moved = asyncio.Event()

    async def take(self) -> Slot:
        while self._taken >= self._capacity():
            self._moved.clear()
            await self._moved.wait()
        self._taken += 1
        return Slot(self)

    async def fit(self) -> None:
        """Wait while more places are taken than there are now."""
        while self._taken > self._capacity():
            self._moved.clear()
            await self._moved.wait()

    def look_again(self) -> None:
        self._moved.set()

    def give_back(self) -> None:
        self._taken -= 1
        self._moved.set()


class Slot:
    """A place in the engine, given back once: when encoding begins or the job ends."""

    def __init__(self, slots: Slots) -> None:
        self._slots: Slots | None = slots

    def free(self) -> None:
        if self._slots is not None:
            self._slots.give_back()
            self._slots = None
