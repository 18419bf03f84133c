"""Finds how the camera is held: fixed to its place, or in somebody's hand."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.camera import Sighting
from generation.directions.grammar import (
    BREAKS,
    MODIFIERS,
    SHAKY,
    STILL_OF_CAMERA,
    STILL_WORDS,
    TRANSPARENT,
)
from generation.directions.lexicon import MOVE, TERMS
from generation.directions.manner import Manner, Mover, lead_of, tail_of
from generation.directions.vocabulary import Motion

HELD = frozenset("camera cam shot shots footage style".split())
KEEPS = frozenset("keep hold stay".split())
WHOLE = frozenset("everything else scene".split())


def stances_in(words: Sequence[str], forbidden: Sequence[bool]) -> list[Sighting]:
    found = []
    for at in range(len(words)):
        motion = _stance(words, at, forbidden=forbidden[at])
        if motion is not None:
            found.append(_sighting(motion, words, at))
    return found


def _sighting(motion: Motion, words: Sequence[str], at: int) -> Sighting:
    lead = lead_of(words, at)
    if motion is Motion.STILL:
        return Sighting(motion, at, at, Manner(), Manner(), lead.mover)
    return Sighting(motion, at, at, lead.manner, tail_of(words, at, at), lead.mover)


def _stance(words: Sequence[str], at: int, *, forbidden: bool) -> Motion | None:
    word = words[at]
    if forbidden:
        moves = word in TERMS and TERMS[word].family is MOVE
        return Motion.STILL if moves and _camera_is_forbidden_to_move(words, at) else None
    if word == "handheld" or (word in SHAKY and _is_about_the_camera(words, at)):
        return Motion.HANDHELD
    if word in STILL_WORDS and _is_still(words, at):
        return Motion.STILL
    if word in STILL_OF_CAMERA and _is_still_camera(words, at):
        return Motion.STILL
    return None


def _is_about_the_camera(words: Sequence[str], at: int) -> bool:
    named = bool(HELD.intersection(words[at + 1 : at + 3]))
    return named or lead_of(words, at).mover is Mover.CAMERA


def _camera_is_forbidden_to_move(words: Sequence[str], at: int) -> bool:
    """Not `no sudden moves`, and not `the man does not move`."""
    lead = lead_of(words, at)
    if lead.mover is Mover.OTHER or lead.mover is Mover.IT:
        return False
    return not lead.manner


def _is_still(words: Sequence[str], at: int) -> bool:
    following = words[at + 1] if at + 1 < len(words) else "."
    if following in HELD:
        return True
    lead = lead_of(words, at)
    if lead.mover is Mover.CAMERA or lead.opener in WHOLE:
        return True
    named = lead.mover in (Mover.NOBODY, Mover.CLAUSE)
    return named and following in BREAKS | TRANSPARENT | MODIFIERS


def _is_still_camera(words: Sequence[str], at: int) -> bool:
    following = words[at + 1] if at + 1 < len(words) else "."
    if following in TERMS:
        return False
    lead = lead_of(words, at)
    if following in HELD or lead.mover is Mover.CAMERA:
        return True
    if words[at] != "still" or following not in BREAKS:
        return False
    kept = bool(KEEPS.intersection(words[max(at - 4, 0) : at])) and lead.mover is not Mover.OTHER
    return kept or lead.opener in WHOLE or len(words) == 1
