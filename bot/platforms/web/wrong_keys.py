"""Wrong keys are counted by address: who guesses is slowed and then turned away for a while."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import structlog

from generation.errors import QuotaExceeded

log = structlog.get_logger(__name__)

MOST = 20
WINDOW = 60.0
"""Seconds in which an address may be wrong `MOST` times."""

MOST_ADDRESSES = 10_000
"""Remembered at a time; then those are forgotten that were wrong longest ago."""


class WrongKeys:
    """Keys themselves are neither kept nor logged."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_address: dict[str, deque[float]] = {}

    def check(self, address: str) -> None:
        """Raises `QuotaExceeded` for an address that was wrong too often, whatever it brings."""
        wrong = self._by_address.get(address)
        if wrong is None or len(wrong) < MOST:
            return
        wait = wrong[0] + WINDOW - self._clock()
        if wait > 0:
            raise QuotaExceeded("moment", used=len(wrong), most=MOST, retry_after=wait)

    def count(self, address: str) -> None:
        log.warning("wrong_key", address=address)
        wrong = self._by_address.pop(address, deque(maxlen=MOST))
        wrong.append(self._clock())
        self._by_address[address] = wrong
        if len(self._by_address) > MOST_ADDRESSES:
            del self._by_address[next(iter(self._by_address))]
