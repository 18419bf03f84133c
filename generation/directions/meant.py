"""Tells whether a word that can be said of the camera is said of it here."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.grammar import (
    ARTICLES,
    CAMERAS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    PRONOUNS,
    SHOTS,
)
from generation.directions.headings import Heading
from generation.directions.lexicon import (
    CLOSER,
    KEN_BURNS,
    MOVE,
    PAN,
    PARALLAX,
    PULL,
    PUSH,
    SPIN,
    TILT,
    TURN,
    Form,
    Kind,
    Term,
)
from generation.directions.manner import BY, Lead, Mover

OF_THINGS = frozenset("in out back away up down".split())
"""Where people push and pull things to."""


def is_meant(
    words: Sequence[str], at: int, term: Term, lead: Lead, heading: Heading | None, forbidden: bool
) -> bool:
    if term.form is Form.PAST:
        return lead.mover is Mover.CAMERA
    if lead.mover is Mover.CAMERA:
        return heading is not None or term.family.default is not None
    match term.family.kind:
        case Kind.FILM:
            return forbidden or _film_is_meant(words, at, term, lead, heading)
        case Kind.RIG:
            return lead.mover is Mover.NOBODY and _rig_is_meant(words, at, term, lead, heading)
        case Kind.BODY:
            named = lead.mover is Mover.NOBODY and heading is not None
            if term.family in (MOVE, TURN, SPIN) and _has_an_object(words, at):
                return False
            return named and (not lead.article or bool(lead.manner))


def _film_is_meant(
    words: Sequence[str], at: int, term: Term, lead: Lead, heading: Heading | None
) -> bool:
    following = words[at + 1] if at + 1 < len(words) else "."
    if lead.mover is Mover.OTHER:
        # Without full stops a command may follow anything: "snow falling zoom out".
        direct = heading is not None and MODIFIERS.issuperset(words[at + 1 : heading.at])
        if term.family in (PARALLAX, KEN_BURNS):
            return True
        return direct and term.form is Form.BASE and lead.opener not in PRONOUNS
    if term.family is CLOSER and lead.opener in BY:
        return False
    if term.family is TILT:
        return following not in POSSESSIVES
    if term.family is PAN and lead.article and not lead.manner and heading is None:
        return following in SHOTS or following in ("across", "over")
    return True


def _rig_is_meant(
    words: Sequence[str], at: int, term: Term, lead: Lead, heading: Heading | None
) -> bool:
    following = words[at + 1] if at + 1 < len(words) else "."
    if following in SHOTS and following not in HEADINGS:
        return True
    if following == "of" and lead.article and not lead.manner:
        return False
    if heading is not None:
        moves_a_thing = _has_an_object(words, heading.at) or _has_an_object(words, at)
        return not (term.family in (PUSH, PULL) and moves_a_thing)
    if not term.family.bare:
        return False
    return bool(lead.manner) or not (lead.article or term.family.wants_adverb)


def _has_an_object(words: Sequence[str], at: int) -> bool:
    """`pull back the curtain`."""
    following = [*words[at + 1 : at + 3], ".", "."]
    if words[at] in HEADINGS and words[at] not in OF_THINGS:
        return False
    return following[0] in ARTICLES | POSSESSIVES and following[1] not in CAMERAS
