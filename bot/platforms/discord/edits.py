"""How often one message of ours is edited: never more than Discord takes, also after a restart."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog

from bot.platforms.discord.address import PLATFORM
from bot.platforms.parts import Steady
from generation.store.database import Unwritable
from generation.store.sends import Sends

log = structlog.get_logger(__name__)

MOST, WINDOW = 5, 5.0
"""Edits of one message in any so many seconds."""

PLACE = f"{PLATFORM}:message:"


class Edits:
    """Everything is noted before it is sent; what the last run noted is read at the first edit."""

    def __init__(self, sends: Sends, steady: Steady) -> None:
        self._sends = sends
        self._steady = steady
        self._made: dict[str, deque[float]] = {}
        self._remembered = False
        self._remembering = asyncio.Lock()

    def wait(self, message: int, *, spare: int = 0) -> float:
        """Seconds until it may be edited; `spare` edits are left for what matters more."""
        now, most = self._steady.clock(), MOST - spare
        recent = [moment for moment in self._made.get(_place(message), ()) if moment > now - WINDOW]
        return max(recent[-most] + WINDOW - now, 0.0) if len(recent) >= most else 0.0

    async def turn(self, message: int) -> None:
        """Return once it may be edited, which counts from now on."""
        await self._remember()
        while (wait := self.wait(message)) > 0:
            await self._steady.sleep(wait)
        await self.made(message)

    async def made(self, message: int) -> None:
        """It counts as edited, now or in a moment."""
        self._note(message)
        try:
            await self._sends.note(_place(message))
        except Unwritable as error:  # a full disk is no reason to tell nothing
            log.warning("edit_not_noted", reason=str(error))

    def _note(self, message: int) -> None:
        now = self._steady.clock()
        self._made = {place: made for place, made in self._made.items() if made[-1] > now - WINDOW}
        self._made.setdefault(_place(message), deque(maxlen=MOST)).append(now)

    async def _remember(self) -> None:
        async with self._remembering:
            if self._remembered:
                return
            now = self._steady.clock()
            try:
                ages = await self._sends.ages()
            except Unwritable as error:
                log.warning("edits_unread", reason=str(error))
                return
            self._remembered = True
            for place, age in ages:
                if place.startswith(PLACE):
                    self._made.setdefault(place, deque(maxlen=MOST)).append(now - age)


def _place(message: int) -> str:
    return f"{PLACE}{message}"
