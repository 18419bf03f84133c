"""Cuts the words into clauses: what opens each, its words, and whether it says what not to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generation.directions.grammar import (
    ARTICLES,
    BREAKS,
    CAMERAS,
    HEADINGS,
    MODIFIERS,
    NEGATORS,
    SHOTS,
    STILL_WORDS,
)
from generation.directions.lexicon import TERMS
from generation.directions.sky import WEATHER

GOES_ON = SHOTS | CAMERAS | MODIFIERS | ARTICLES | frozenset(HEADINGS)
"""What may follow a forbidden thing and still be a part of it."""


class Clause(NamedTuple):
    """`openers` are the words between it and the clause before; none where they are one phrase."""

    openers: frozenset[str]
    words: tuple[str, ...]
    negated: bool = False


def clauses_of(words: Sequence[str]) -> list[Clause]:
    found: list[Clause] = []
    openers, start = {"."}, 0
    for at, word in enumerate([*words, "."]):
        if word in BREAKS:
            if start < at:
                found += _parts(frozenset(openers), words[start:at])
                openers = set()
            openers.add(word)
            start = at + 1
    return _with_lists(found)


def _parts(openers: frozenset[str], words: Sequence[str]) -> Iterator[Clause]:
    """`pan left not right` has a part that is asked for and a part that is not."""
    start, negated, named = 0, False, False
    for at, word in enumerate(words):
        ends = negated and named and word not in GOES_ON
        if word in NEGATORS or ends:
            if start < at:
                yield Clause(openers, tuple(words[start:at]), negated)
                openers = frozenset()
            start, negated, named = at, word in NEGATORS, False
        named = named or _kind(word) is not None
    yield Clause(openers, tuple(words[start:]), negated)


def _with_lists(clauses: list[Clause]) -> list[Clause]:
    """`no rain, snow or fog`: one "no" for all."""
    for at, clause in enumerate(clauses):
        if clauses[at - 1].negated and at and _goes_on(clauses[at - 1], clauses, at):
            clauses[at] = clause._replace(negated=True)
    return clauses


def _goes_on(before: Clause, clauses: Sequence[Clause], at: int) -> bool:
    clause = clauses[at]
    if "." in clause.openers:
        return False
    if clause.openers & {"or", "nor"}:
        return True
    same = _kind(clause.words[0]) is not None and _kind(clause.words[0]) == _kind(before.words[-1])
    if "and" in clause.openers:
        return same
    listed = clause.openers == {","} and len(clause.words) == 1 and at + 1 < len(clauses)
    return same and listed and bool(clauses[at + 1].openers & {"or", "nor"})


def _kind(word: str) -> str | None:
    if word in WEATHER:
        return "weather"
    return "camera" if word in TERMS or word in STILL_WORDS else None
