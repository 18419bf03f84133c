"""Marks the words that somebody does not want: what follows a "no", as far as the "no" reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from generation.directions.grammar import (
    ARTICLES,
    CAMERAS,
    HEADINGS,
    MODIFIERS,
    SHOTS,
    STILL_WORDS,
)
from generation.directions.lexicon import TERMS
from generation.directions.weather import WEATHER

NEGATORS = frozenset({"no", "not", "never", "without", "avoid", "nor"})
ENDS = frozenset({".", ",", "but", "just", "only", "then", "_"})
LISTED = frozenset({"or", "nor", "and", ","})
BETWEEN = SHOTS | CAMERAS | MODIFIERS
REACH = 8

Subject = Literal["camera", "weather", "neither"]


def forbidden_in(words: Sequence[str]) -> list[bool]:
    marks = [False] * len(words)
    at = 0
    while at < len(words):
        at = _mark(words, at + 1, marks) if words[at] in NEGATORS else at + 1
    return marks


def _mark(words: Sequence[str], start: int, marks: list[bool]) -> int:
    """Marks what one negator, the word before `start`, forbids; returns where that ends."""
    subject: Subject = "neither"
    for at in range(start, len(words)):
        if subject == "neither":
            if words[at] in ENDS or at - start > REACH:
                return at
            subject = _subject(words[at])
        elif not _goes_on(words, at, subject):
            return at
        marks[at] = True
    return len(words)


def _goes_on(words: Sequence[str], at: int, subject: Subject) -> bool:
    word = words[at]
    if word in ("or", "nor"):
        return True
    if word == "and":
        return at + 1 < len(words) and _subject(words[at + 1]) == subject
    if word == ",":
        return _list_goes_on(words, at)
    if _subject(word) == subject:
        return words[at - 1] in LISTED or words[at - 1] in BETWEEN
    return word in BETWEEN or word in ARTICLES or word in HEADINGS


def _list_goes_on(words: Sequence[str], comma: int) -> bool:
    """`no rain, snow or fog`: single words up to an "or"."""
    at = comma
    while at + 2 < len(words) and at - comma < 2 * REACH:
        if words[at] != "," or _subject(words[at + 1]) == "neither":
            break
        at += 2
        if words[at] in ("or", "nor"):
            return True
    return words[at : at + 2] in ([",", "or"], [",", "nor"])


def _subject(word: str) -> Subject:
    if word in WEATHER:
        return "weather"
    return "camera" if word in TERMS or word in STILL_WORDS else "neither"
