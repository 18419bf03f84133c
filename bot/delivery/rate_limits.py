"""How often messages may be edited: per message and per place, and results go first."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.delivery.transport import Pace

YIELD = 1.0
"""Seconds that progress steps back while a result is on its way to the same place."""


@dataclass
class _ChatRate:
    """`edits`: when each was made, newest last; `window` is the longest anybody named here."""

    edits: deque[float] = field(default_factory=deque)
    window: float = 0.0
    held_until: float = 0.0


class EditRates:
    """Remembers what was spent; a place is forgotten when its window has passed."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._places: dict[str, _ChatRate] = {}
        self._messages: dict[str, float] = {}
        self._results: Counter[str] = Counter()

    def wait(self, pace: Pace, message: str) -> float:
        """Seconds until this message may be edited; 0 is now."""
        now = self._clock()
        results = YIELD if self._results[pace.place] else 0.0
        waits = [self.held(pace.place), pace.wait, results]
        if message in self._messages:
            waits.append(self._messages[message] + pace.message - now)
        place = self._places.get(pace.place)
        if place is not None:
            recent = [moment for moment in place.edits if moment > now - pace.window]
            if len(recent) >= pace.edits:
                waits.append(recent[-pace.edits] + pace.window - now)
        return max(0.0, *waits)

    def spend(self, pace: Pace, message: str) -> None:
        """Note an edit of this message, or a result in its place."""
        now = self._clock()
        self._forget(now)
        self._messages[message] = now
        place = self._places.setdefault(pace.place, _ChatRate())
        place.window = max(place.window, pace.window)
        place.edits.append(now)

    def hold(self, place: str, seconds: float) -> None:
        """Nothing at all in this place for so long: the platform said so."""
        known = self._places.setdefault(place, _ChatRate())
        known.held_until = max(known.held_until, self._clock() + seconds)

    def held(self, place: str) -> float:
        """Seconds until the platform hears anything from us in this place again."""
        known = self._places.get(place)
        return max(known.held_until - self._clock(), 0.0) if known is not None else 0.0

    @contextmanager
    def result(self, pace: Pace, message: str) -> Iterator[None]:
        """While a result is sent progress in its place waits; it counts as an edit."""
        self._results[pace.place] += 1
        try:
            yield
        finally:
            self._results[pace.place] -= 1
            if not self._results[pace.place]:
                del self._results[pace.place]
            self.spend(pace, message)

    def ended(self, message: str) -> None:
        self._messages.pop(message, None)

    def _forget(self, now: float) -> None:
        for name, place in list(self._places.items()):
            while place.edits and place.edits[0] <= now - place.window:
                place.edits.popleft()
            if not place.edits and place.held_until <= now:
                del self._places[name]
