"""Finds the camera's moves in the words, and tells them from what the picture's own things do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generation.directions.grammar import (
    ARTICLES,
    BREAKS,
    CAMERAS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    SHOTS,
    TRANSPARENT,
)
from generation.directions.headings import heading_before, heading_of, is_settled
from generation.directions.lexicon import (
    MOVE,
    TERMS,
    Family,
    Form,
    Kind,
    Term,
)
from generation.directions.manner import Lead, Manner, Mover, lead_of, tail_of
from generation.directions.meant import is_meant
from generation.directions.vocabulary import Motion

TOPIC_REACH = 40
NEW_SUBJECT = frozenset(
    "he she they it as while who which that with when until because where".split()
)
UNNOTICED = ARTICLES | MODIFIERS | TRANSPARENT | BREAKS
RIGS = frozenset("camera cam drone".split())
STEPS = frozenset("and then , finally next also to the back".split())


@dataclass(frozen=True, slots=True)
class Sighting:
    """One asked or forbidden move; its words run from `start` to `end`."""

    motion: Motion
    start: int
    end: int
    lead: Manner
    tail: Manner
    mover: Mover
    family: Family = MOVE
    opener: str = "."
    forbidden: bool = False


def sightings_in(words: Sequence[str], forbidden: Sequence[bool]) -> list[Sighting]:
    found: list[Sighting] = []
    topic = _topics(words)
    for at in range(len(words)):
        if found and at <= found[-1].end:
            continue
        sighting = _sighting(words, at, forbidden, found, topic)
        while sighting:
            found.append(sighting)
            sighting = _continued(words, sighting, forbidden)
    return found


def _sighting(
    words: Sequence[str],
    at: int,
    forbidden: Sequence[bool],
    found: Sequence[Sighting],
    topic: Sequence[bool],
) -> Sighting | None:
    if words[at] in RIGS:
        return _bare(words, at, forbidden)
    term = TERMS.get(words[at])
    if term is None:
        return None
    heading = heading_before(words, at, term.family)
    lead = lead_of(words, heading.at if heading else at)
    heading = heading or heading_of(words, at, term.family, forbidden)
    mover = _mover(words, at, term, lead, found, topic)
    if not is_meant(words, at, term, replace(lead, mover=mover), heading, forbidden[at]):
        return None
    motion = heading.motion if heading else term.family.default
    if motion is None:
        return None
    end = max(at, heading.at) if heading else at
    manner = lead.manner.over(Manner(term.family.speed))
    tail = tail_of(words, at, end)
    return Sighting(motion, at, end, manner, tail, mover, term.family, lead.opener, forbidden[at])


def _topics(words: Sequence[str]) -> list[bool]:
    """For each word, whether "it" is the camera there: what the sentence before was about."""
    topics, about_camera, fresh = [], False, True
    for word in words:
        if fresh and word not in UNNOTICED:
            about_camera = word in CAMERAS or (about_camera and word == "it")
            fresh = False
        fresh = fresh or word == "."
        topics.append(about_camera)
    return topics


def _mover(
    words: Sequence[str],
    at: int,
    term: Term,
    lead: Lead,
    found: Sequence[Sighting],
    topic: Sequence[bool],
) -> Mover:
    if lead.mover is Mover.IT:
        # "Can it zoom out?" is said to us; "it zooms past" is told of something in the picture.
        asked = term.form is Form.BASE and term.family.kind is not Kind.BODY
        return Mover.CAMERA if topic[at] or asked else Mover.OTHER
    if lead.mover is Mover.NOBODY or (lead.mover is Mover.CLAUSE and term.form is Form.BASE):
        return Mover.CAMERA if _has_camera_as_object(words, at) else Mover.NOBODY
    if lead.mover is not Mover.CLAUSE:
        return lead.mover
    if _goes_on_about_camera(words, lead.start, found):
        return Mover.CAMERA
    opens = term.form is Form.GERUND and lead.opener == "."
    return Mover.NOBODY if opens or term.family.kind is Kind.FILM else Mover.OTHER


def _has_camera_as_object(words: Sequence[str], at: int) -> bool:
    following = [word for word in words[at + 1 : at + 4] if word not in ARTICLES | POSSESSIVES]
    return bool(following) and following[0] in CAMERAS - SHOTS | {"camera"}


def _goes_on_about_camera(words: Sequence[str], start: int, found: Sequence[Sighting]) -> bool:
    """`the camera glides left and rises`: the second verb has the first one's subject."""
    if not found or found[-1].mover not in (Mover.CAMERA, Mover.NOBODY):
        return False
    between = words[found[-1].end + 1 : start]
    if len(between) > TOPIC_REACH or "." in between:
        return False
    return not NEW_SUBJECT.intersection(between[:-1])


def _bare(words: Sequence[str], at: int, forbidden: Sequence[bool]) -> Sighting | None:
    """`camera up`, `camera slowly left`."""
    lead = lead_of(words, at + 1)
    ahead = at + 1
    while ahead < len(words) and (words[ahead] in MODIFIERS or words[ahead] == ","):
        ahead += 1
    if lead.mover is not Mover.CAMERA or not is_settled(words, ahead, MOVE):
        return None
    manner = lead.manner
    for word in words[at + 1 : ahead]:
        manner = manner.and_word(word)
    motion = MOVE.headings[HEADINGS[words[ahead]]]
    tail = tail_of(words, ahead, ahead)
    return Sighting(motion, at, ahead, manner, tail, Mover.CAMERA, forbidden=forbidden[ahead])


def _continued(
    words: Sequence[str], before: Sighting, forbidden: Sequence[bool]
) -> Sighting | None:
    """`pan left, then right`: a direction alone goes on with the move before it."""
    at = before.end + 1
    limit = min(at + 8, len(words))
    while at < limit and words[at] not in BREAKS and words[at] not in TERMS:
        at += 1
    if at >= limit or words[at] not in ("and", ",", "then"):
        return None
    manner, ahead = Manner(), at
    while ahead < len(words) and (words[ahead] in STEPS or words[ahead] in MODIFIERS):
        manner = manner.and_word(words[ahead])
        ahead += 1
    family = before.family if is_settled(words, ahead, before.family) else MOVE
    if not is_settled(words, ahead, family) or words[ahead] in TERMS:
        return None
    return replace(
        before,
        motion=family.headings[HEADINGS[words[ahead]]],
        start=ahead,
        end=ahead,
        lead=manner,
        tail=tail_of(words, ahead, ahead),
        family=family,
        forbidden=forbidden[ahead],
    )
