"""How long a server that failed is given no work: longer each time, until it has made a clip."""

from __future__ import annotations

import time

from generation.engine.protocol import ServerAway

LONGEST = 60.0
LONGEST_ASKED = 120.0
"""Seconds; the latter where the server says itself how long it takes nothing."""


class Rest:
    """`first`: seconds of the first one."""

    def __init__(self, first: float) -> None:
        self._first = self._next = first
        self._until = 0.0
        self._why = ""

    def begin(self, why: str, asked: float = 0.0) -> None:
        seconds = max(self._next, min(asked, LONGEST_ASKED))
        self._until, self._why = time.monotonic() + seconds, why
        self._next = min(self._next * 2, max(LONGEST, self._first))

    def forget(self) -> None:
        """It has made a clip."""
        self._next = self._first

    def look(self) -> None:
        """Raises `ServerAway` until it is over."""
        if time.monotonic() < self._until:
            raise ServerAway(self._why)
