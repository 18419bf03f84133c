"""Finds how the camera is held: fixed to its place, or in somebody's hand."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.grammar import (
    HELD,
    KEEPS,
    LOCKS,
    MODIFIERS,
    SHAKY,
    STILL_OF_CAMERA,
    STILL_WORDS,
    TRANSPARENT,
    WHOLE,
)
from generation.directions.lead import Lead, Mover
from generation.directions.lexicon import MOVE, TERMS
from generation.directions.meant import has_an_object, has_camera_as_object
from generation.directions.vocabulary import Motion

HELD_STILL = STILL_WORDS | STILL_OF_CAMERA
STANCES = HELD_STILL | SHAKY | LOCKS | {"handheld"}


def stance_of(words: Sequence[str], at: int, lead: Lead, *, negated: bool) -> Motion | None:
    """What the word at `at` says of it; `lead` is what stands before."""
    word = words[at]
    if word not in (TERMS if negated else STANCES):
        return None
    tail = words[at + 1 : at + 4]
    if negated:
        return Motion.STILL if _must_not_move(word, lead, tail) else None
    named = lead.mover is Mover.CAMERA or bool(HELD.intersection(tail[:2]))
    if word == "handheld" or (word in SHAKY and named):
        return Motion.HANDHELD
    if word in LOCKS and has_camera_as_object(tail):
        return Motion.STILL
    if word in HELD_STILL and _is_still(words, at, lead):
        return Motion.STILL
    return None


def _must_not_move(word: str, lead: Lead, tail: Sequence[str]) -> bool:
    """Not `no sudden moves`, and not `the man does not move`."""
    if TERMS[word].family is not MOVE:
        return False
    return lead.mover not in (Mover.OTHER, Mover.IT) and not lead.manner and not has_an_object(tail)


def _is_still(words: Sequence[str], at: int, lead: Lead) -> bool:
    following = words[at + 1] if at + 1 < len(words) else "."
    if following in TERMS and following not in HELD:
        return False
    if following in HELD or lead.mover is Mover.CAMERA:
        return True
    free = following == "." or following in TRANSPARENT or following in MODIFIERS
    kept = words[at] in STILL_WORDS or bool(KEEPS.intersection(words[:at]))
    kept = kept or (words[at] in ("still", "fixed") and lead.mover is Mover.NOBODY)
    whole = lead.last in WHOLE and words[at] in STILL_WORDS | {"still"}
    return whole or (free and kept and lead.mover in (Mover.NOBODY, Mover.OPEN))
