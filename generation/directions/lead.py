"""What stands in front of a word: who is said to act, and in what manner."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from generation.directions.grammar import (
    ARTICLES,
    BY,
    CAMERAS,
    COMMANDERS,
    DEGREES,
    MODIFIERS,
    PREPOSITIONS,
    SPEEDS,
    TRANSPARENT,
)
from generation.directions.vocabulary import Degree, Speed


class Mover(Enum):
    CAMERA = auto()
    NOBODY = auto()
    """A command or a bare noun: nobody else is named, so the camera is meant."""
    OPEN = auto()
    """Whoever the clause before was about."""
    IT = auto()
    OTHER = auto()


MOVERS: Mapping[str, Mover] = {
    **dict.fromkeys(COMMANDERS, Mover.NOBODY),
    **dict.fromkeys(BY, Mover.OPEN),
    "it": Mover.IT,
}


class Manner(NamedTuple):
    speed: Speed | None = None
    degree: Degree | None = None

    def __bool__(self) -> bool:
        return self.speed is not None or self.degree is not None

    def over(self, other: Manner) -> Manner:
        if not other or not self:
            return self or other
        return Manner(self.speed or other.speed, self.degree or other.degree)

    def and_word(self, word: str) -> Manner:
        """The word nearest to what it tells of counts."""
        return Manner(SPEEDS.get(word), DEGREES.get(word)).over(self)


UNSAID = Manner()


class Lead(NamedTuple):
    mover: Mover = Mover.OPEN
    manner: Manner = UNSAID
    article: bool = False
    last: str = "."
    """The last word that says something about who acts."""

    def and_word(self, word: str) -> Lead:
        if word in MODIFIERS:
            return Lead(self.mover, self.manner.and_word(word), self.article, self.last)
        if word in ARTICLES:
            return Lead(self.mover, self.manner, article=True, last=self.last)
        if word in TRANSPARENT:
            return self
        if word in CAMERAS and self.last not in PREPOSITIONS:
            return Lead(Mover.CAMERA, self.manner, last=word)
        return Lead(MOVERS.get(word, Mover.OTHER), last=word)


NOTHING_YET = Lead()
