"""Finds where a camera word leads to: the directions that belong to it, before or behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generation.directions.grammar import (
    DETERMINERS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    RIGHT_AS_AN_ADVERB,
    SCENE_GERUND_EXCEPTIONS,
    SETTLING,
)
from generation.directions.lexicon import ROUND, TERMS, Family, Kind
from generation.directions.vocabulary import Motion

ADJECTIVES = frozenset(
    word
    for word, way in HEADINGS.items()
    if word == way in ROUND or word.endswith(("ward", "wards"))
) - {"toward", "towards"}
SIDES = ("left", "right", "up", "down")
ALONE = frozenset({*SIDES, "in", "out"})
"""Directions that may stand for themselves."""


class Way(NamedTuple):
    """The motions asked for, two for a diagonal, and how many words of the tail tell them.

    0 where the direction stands in front of the move, -1 where there is none.
    """

    motions: tuple[Motion, ...]
    length: int = -1


def way_of(words: Sequence[str], at: int, tail: Sequence[str], family: Family) -> Way:
    """Of the term at `at`, behind which the words of `tail` stand."""
    if (adjective := _adjective(words, at)) in family.headings:
        return Way((family.headings[adjective],), 0)
    named = list(_named(tail, family))
    known = [(place, name) for place, name in named if name in family.headings]
    if not known:
        return Way((family.default,) if family.default else ())
    place, name = known[0]
    if "around" in [name for _, name in known] and name in ("around", *ROUND):
        sides = [side for _, side in named if side in ROUND] or ["right"]
        return Way((ROUND[sides[0]],), named[-1][0] + 1)
    if "from" in tail[:place]:
        place, _ = _arrival(tail, known)
    names = [name for name in ways_at(tail, place) if name in family.headings]
    return Way(tuple(family.headings[name] for name in names), place + len(names))


def ways_at(words: Sequence[str], at: int) -> tuple[str, ...]:
    """The direction at `at`; `up right` is a diagonal and has two."""
    way = HEADINGS.get(words[at], "")
    beside = HEADINGS.get(words[at + 1], "") if at + 1 < len(words) else ""
    across = way in SIDES and beside in SIDES and (way in SIDES[:2]) != (beside in SIDES[:2])
    return (way, beside) if across else (way,)


def _adjective(words: Sequence[str], at: int) -> str:
    """`a leftward pan`."""
    word = words[at - 1] if at else ""
    if at > 1 and words[at - 2] in TERMS:
        return ""
    return HEADINGS[word] if word in ADJECTIVES else ""


def _named(tail: Sequence[str], family: Family) -> Iterator[tuple[int, str]]:
    for at, word in enumerate(tail):
        if word in HEADINGS and not _means_something_else(tail, at, family):
            yield at, HEADINGS[word]
        if not family.far and word.endswith("ing") and word not in SCENE_GERUND_EXCEPTIONS:
            return


def _arrival(tail: Sequence[str], known: Sequence[tuple[int, str]]) -> tuple[int, str]:
    """`from the tower on the left to the one on the right`: where it ends is where it goes."""
    first = known[0]
    sides = [found for found in known[1:] if found[1] in SIDES]
    return next((found for found in sides if "to" in tail[first[0] : found[0]]), first)


def _means_something_else(words: Sequence[str], at: int, family: Family) -> bool:
    """Her left hand, right behind him, in a circle."""
    word, before = words[at], words[at - 1] if at else ""
    following = words[at + 1] if at + 1 < len(words) else "."
    if word in SIDES[:2]:
        return before in POSSESSIVES or (word == "right" and following in RIGHT_AS_AN_ADVERB)
    return word == "in" and family.kind is Kind.BODY and following in DETERMINERS


def is_settled(words: Sequence[str], at: int) -> bool:
    """Whether the direction at `at` stands for itself and is no part of what follows."""
    if at >= len(words) or HEADINGS.get(words[at]) not in ALONE:
        return False
    following = words[at + 1] if at + 1 < len(words) else "again"
    if words[at] in ("in", "out"):
        return following in MODIFIERS or following == "again"
    return following in SETTLING or following in SIDES
