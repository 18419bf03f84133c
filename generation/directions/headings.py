"""Finds the direction that belongs to a camera word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generation.directions.grammar import (
    ARTICLES,
    BREAKS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    SCENE_GERUND_EXCEPTIONS,
)
from generation.directions.lexicon import ROUND, TERMS, Family, Kind
from generation.directions.vocabulary import Motion

REACH = 9
FAR_REACH = 16
RIGHT_AS_AN_ADVERB = frozenset("now away behind next there here after in".split())
MAY_FOLLOW = (
    BREAKS | MODIFIERS | frozenset("to from across over toward towards again please".split())
)


@dataclass(frozen=True, slots=True)
class Heading:
    motion: Motion
    at: int


def heading_before(words: Sequence[str], at: int, family: Family) -> Heading | None:
    """`a leftward pan`."""
    name = HEADINGS.get(words[at - 1]) if at else None
    if name not in ("left", "right", "up", "down", "in", "out") or name not in family.headings:
        return None
    after_a_term = at > 1 and words[at - 2] in TERMS
    adjective = words[at - 1] in ("left", "right") or words[at - 1].endswith(("ward", "wards"))
    return Heading(family.headings[name], at - 1) if adjective and not after_a_term else None


def heading_of(
    words: Sequence[str], at: int, family: Family, forbidden: Sequence[bool]
) -> Heading | None:
    reach = FAR_REACH if family.far else REACH
    for ahead in range(at + 1, min(at + 1 + reach, len(words))):
        name = HEADINGS.get(words[ahead])
        wanted = forbidden[ahead] == forbidden[at]
        if name is None or name not in family.headings:
            pass
        elif wanted and not _means_something_else(words, ahead, family):
            return _taken(words, at, Heading(family.headings[name], ahead), family)
        if _stops(words[ahead], far=family.far):
            return None
    return None


def _taken(words: Sequence[str], at: int, heading: Heading, family: Family) -> Heading:
    """The first direction is the one, unless what follows it makes it a part of another."""
    name = HEADINGS[words[heading.at]]
    if name == "around":
        return _round(words, heading.at)
    if (
        name in ROUND
        and "around" in family.headings
        and "around" in words[heading.at + 1 : heading.at + 4]
    ):
        return Heading(ROUND[name], heading.at)
    return _arrival(words, at, heading.at, family) or heading


def _arrival(words: Sequence[str], at: int, departure: int, family: Family) -> Heading | None:
    """`from the tower on the left to the one on the right`: where it ends is where it goes."""
    if "from" not in words[at:departure]:
        return None
    for ahead in range(departure + 1, min(departure + 1 + REACH, len(words))):
        name = HEADINGS.get(words[ahead])
        if name in ("left", "right", "up", "down") and name in family.headings:
            return Heading(family.headings[name], ahead) if "to" in words[departure:ahead] else None
        if words[ahead] in BREAKS:
            return None
    return None


def _round(words: Sequence[str], at: int) -> Heading:
    """`around the statue to the left`: the side may come late."""
    for ahead in range(at + 1, min(at + REACH, len(words))):
        name = HEADINGS.get(words[ahead], "")
        if name in ROUND and words[ahead - 1] not in POSSESSIVES:
            return Heading(ROUND[name], ahead)
        if _stops(words[ahead], far=False):
            break
    return Heading(Motion.ORBIT_RIGHT, at)


def _stops(word: str, *, far: bool) -> bool:
    if far:
        return word in (".", ",")
    scene = word.endswith("ing") and word not in SCENE_GERUND_EXCEPTIONS
    return word in BREAKS or word in TERMS or scene


def _means_something_else(words: Sequence[str], at: int, family: Family) -> bool:
    """Her left hand, right behind him, in a circle."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else "."
    if word in ("left", "right"):
        adverb = word == "right" and following in RIGHT_AS_AN_ADVERB
        return adverb or words[at - 1] in POSSESSIVES
    inside = word == "in" and family.kind is Kind.BODY
    return inside and following in ARTICLES | POSSESSIVES


def is_settled(words: Sequence[str], at: int, family: Family) -> bool:
    """Whether the direction at `at` stands for itself and is no part of what follows."""
    if at >= len(words):
        return False
    name = HEADINGS.get(words[at])
    if name not in ("left", "right", "up", "down", "in", "out") or name not in family.headings:
        return False
    following = words[at + 1] if at + 1 < len(words) else "."
    if name in ("in", "out") and words[at] in ("in", "out"):
        return following in BREAKS | MODIFIERS or following == "again"
    return following in MAY_FOLLOW
