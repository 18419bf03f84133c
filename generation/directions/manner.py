"""Reads what stands round a camera word: who moves, how fast and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from generation.directions.grammar import (
    ARTICLES,
    BREAKS,
    CAMERAS,
    COMMANDERS,
    DEGREES,
    FLAT,
    JOINTS,
    MODIFIERS,
    PREPOSITIONS,
    SPEEDS,
    TRANSPARENT,
)
from generation.directions.lexicon import TERMS
from generation.directions.vocabulary import Degree, Speed

BY = frozenset("by into in via".split())
"""They bring in a move as a thing: `in one slow pan`."""
UNNOTICED = MODIFIERS | TRANSPARENT
RELATIVES = frozenset({"which", "that"})
LOOK_BACK = 12
LOOK_AHEAD = 14


class Mover(Enum):
    CAMERA = auto()
    NOBODY = auto()
    """A command or a bare noun: nobody else is named, so the camera is meant."""
    CLAUSE = auto()
    """Whoever the clause before was about."""
    IT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Manner:
    speed: Speed | None = None
    degree: Degree | None = None

    def __bool__(self) -> bool:
        return self.speed is not None or self.degree is not None

    def over(self, other: Manner) -> Manner:
        return Manner(self.speed or other.speed, self.degree or other.degree)

    def and_word(self, word: str) -> Manner:
        return self.over(Manner(SPEEDS.get(word), DEGREES.get(word)))


@dataclass(frozen=True, slots=True)
class Lead:
    """What leads up to a camera word; `opener` is the word in front of the clause."""

    mover: Mover
    manner: Manner
    start: int
    article: bool = False
    opener: str = "."


def lead_of(words: Sequence[str], at: int) -> Lead:
    """Walks back from a camera word over everything that can stand between it and its subject."""
    manner, article = Manner(), False
    first = max(at - LOOK_BACK, 0)
    for back in range(at - 1, first - 1, -1):
        word = words[back]
        manner = manner.and_word(word)
        article = article or word in ARTICLES
        if word in CAMERAS:
            return _camera_lead(words, back, manner)
        if word in UNNOTICED or word in ARTICLES or _joins(words, back):
            continue
        if word in RELATIVES and words[back - 1] in CAMERAS:
            continue
        mover = _mover(words, back)
        return Lead(mover, manner, back + 1, article, word)
    return Lead(Mover.NOBODY if first == 0 else Mover.OTHER, manner, first, article)


def _mover(words: Sequence[str], at: int) -> Mover:
    word = words[at]
    if word == "it":
        made = at > 0 and words[at - 1] in ("make", "let", "have", "making", "keep")
        return Mover.NOBODY if made else Mover.IT
    if word in COMMANDERS:
        return Mover.NOBODY
    return Mover.CLAUSE if word in BREAKS or word in BY else Mover.OTHER


def _camera_lead(words: Sequence[str], at: int, manner: Manner) -> Lead:
    """`slowly, the camera …`: adverbs may come before the camera; `at the camera` is no subject."""
    first, back = max(at - LOOK_BACK, 0), at - 1
    while back >= first and (words[back] in CAMERAS or words[back] in ARTICLES):
        back -= 1
    if back >= 0 and words[back] in PREPOSITIONS:
        return Lead(Mover.OTHER, Manner(), at, opener=words[back])
    while back >= first and (words[back] in UNNOTICED or _joins(words, back)):
        manner = manner.and_word(words[back])
        back -= 1
    return Lead(Mover.CAMERA, manner, back + 1, opener=words[back] if back >= 0 else ".")


def _joins(words: Sequence[str], at: int) -> bool:
    """`slow, steady` and `slowly and smoothly`; also the comma of `slowly, the camera`."""
    return words[at] in JOINTS and at > 0 and words[at - 1] in MODIFIERS


def tail_of(words: Sequence[str], at: int, way_at: int) -> Manner:
    """The adverbs behind a camera word at `at`, up to the end of its clause."""
    manner = Manner()
    end = min(at + 1 + LOOK_AHEAD, len(words))
    for ahead in range(at + 1, end):
        word = words[ahead]
        if word in TERMS and ahead > way_at:
            return manner
        if word in BREAKS and not _only_manner_follows(words, ahead):
            return manner
        if word in MODIFIERS and _belongs(words, ahead):
            manner = manner.and_word(word)
    return manner


def _belongs(words: Sequence[str], at: int) -> bool:
    """`on the slowly turning wheel` and `past a fast car` tell of the wheel and the car."""
    if words[at] in FLAT:
        return _only_manner_follows(words, at)
    return at + 1 >= len(words) or not words[at + 1].endswith("ing")


def _only_manner_follows(words: Sequence[str], at: int) -> bool:
    if words[at] == ".":
        return False
    seen = words[at] in MODIFIERS
    for word in words[at + 1 : at + 5]:
        if word in MODIFIERS:
            seen = True
        elif word in BREAKS:
            return seen
        elif word not in TRANSPARENT:
            return False
    return seen
