"""Finds the weather and the hour of the day that somebody wishes for."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.clauses import Clause
from generation.directions.grammar import ARTICLES, COMMANDERS, MODIFIERS, TRANSPARENT
from generation.directions.sky import WEATHER
from generation.directions.vocabulary import Effect

REACH = 12
POURED = frozenset({"rains", "raining", "snows", "snowing"})
NOT_WATER = frozenset(
    "petals money confetti fire gold blood hearts ash arrows candy stars coins glitter leaves men"
    " frogs bullets cash meatballs".split()
)
IMPERSONAL = ARTICLES | TRANSPARENT | MODIFIERS | COMMANDERS | frozenset("it heavy pouring".split())
OVER = frozenset("stops stop stopped stopping ends ended clears cleared".split())
DAYBREAK = frozenset("breaks comes arrives approaches rises".split())


def effects_in(clauses: Sequence[Clause]) -> tuple[Effect, ...]:
    found = (
        WEATHER[word]
        for clause in clauses
        if not clause.negated
        for at, word in enumerate(clause.words)
        if word in WEATHER and _is_meant(clause.words, at)
    )
    return tuple(dict.fromkeys(found))


def _is_meant(words: Sequence[str], at: int) -> bool:
    """Confetti rains too, and Dawn is somebody's name."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else "."
    if following in OVER or (word == "storm" and following in ("into", "off", "away")):
        return False
    if word in POURED or (word == "rain" and following == "down"):
        by_itself = IMPERSONAL.issuperset(words[max(at - REACH, 0) : at])
        return following not in NOT_WATER and by_itself
    if word == "dawn":
        acts = following.endswith("s") and following not in DAYBREAK and len(following) > 3
        return not acts and following not in ("is", "has", "was")
    return True
