"""Tells whether a word that can be said of the camera is said of it here."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.grammar import (
    CAMERAS,
    DETERMINERS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    PRONOUNS,
    SHOTS,
    TURNTABLES,
)
from generation.directions.lead import Lead, Mover
from generation.directions.lexicon import (
    KEN_BURNS,
    MOVE,
    PAN,
    PARALLAX,
    PULL,
    PUSH,
    SPIN,
    TILT,
    TURN,
    WALK,
    Family,
    Form,
    Kind,
    Term,
)

OF_THINGS = frozenset("in out back away up down".split())
"""Where people push and pull things to."""
CAMERA_ITSELF = (CAMERAS - SHOTS) | {"camera"}


def is_meant(term: Term, lead: Lead, tail: Sequence[str], way: int, *, negated: bool) -> bool:
    """`way` is how many words of the tail lead to the direction; -1 where there is none."""
    if lead.mover is Mover.CAMERA:
        return way >= 0 or term.family.default is not None
    if term.form is Form.PAST:
        return False
    match term.family.kind:
        case Kind.FILM:
            return negated or _film_is_meant(term, lead, tail, way)
        case Kind.RIG:
            return lead.mover is Mover.NOBODY and _rig_is_meant(term.family, lead, tail, way)
        case Kind.BODY:
            if lead.mover is not Mover.NOBODY or _is_a_thing(term, tail):
                return False
            alone = term.family.bare and MODIFIERS.issuperset(tail)
            return (way >= 0 or alone) and (not lead.article or bool(lead.manner))


def _is_a_thing(term: Term, tail: Sequence[str]) -> bool:
    """What people turn by hand, what turns on a table, and who walks."""
    if term.family is WALK:
        return term.form is not Form.BASE
    turned = has_an_object(tail) or not TURNTABLES.isdisjoint(tail)
    return term.family in (MOVE, TURN, SPIN) and turned


def _film_is_meant(term: Term, lead: Lead, tail: Sequence[str], way: int) -> bool:
    following = tail[0] if tail else "."
    if term.family in (PARALLAX, KEN_BURNS):
        return True
    if lead.mover is Mover.OTHER:
        # Without full stops a command may follow anything: "snow falling zoom out".
        direct = way >= 0 and MODIFIERS.issuperset(tail[: max(way - 1, 0)])
        return direct and term.form is Form.BASE and lead.last not in PRONOUNS
    if term.family is TILT:
        return following not in POSSESSIVES
    if term.family is PAN and lead.article and not lead.manner and way < 0:
        return following in SHOTS or following in ("across", "over")
    return True


def _rig_is_meant(family: Family, lead: Lead, tail: Sequence[str], way: int) -> bool:
    following = tail[0] if tail else "."
    if following in SHOTS and following not in HEADINGS:
        return True
    if way >= 0:
        if lead.article and not lead.manner and not MODIFIERS.issuperset(tail[: max(way - 1, 0)]):
            return following in ("to", *HEADINGS)
        return not (family in (PUSH, PULL) and has_an_object(tail))
    return family.bare and (bool(lead.manner) or not (lead.article or family.wants_adverb))


def has_an_object(tail: Sequence[str]) -> bool:
    """`pull back the curtain`."""
    named = tail[1:] if tail and tail[0] in OF_THINGS else tail
    return len(named) > 1 and named[0] in DETERMINERS and named[1] not in CAMERAS


def has_camera_as_object(tail: Sequence[str]) -> bool:
    """`turn the camera`."""
    named = [word for word in tail[:3] if word not in DETERMINERS]
    return bool(named) and named[0] in CAMERA_ITSELF
