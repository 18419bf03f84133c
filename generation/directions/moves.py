"""Reads each clause once, from left to right, and finds what it asks of the camera."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generation.directions.clauses import Clause
from generation.directions.grammar import (
    ARRIVES,
    ARTICLES,
    CAMERAS,
    DEPARTS,
    FLAT,
    FRAMINGS,
    HEADINGS,
    MODIFIERS,
    RIGS,
    STEPS,
    THEN,
    TRANSPARENT,
)
from generation.directions.heading import ADJECTIVES, is_settled, way_of, ways_at
from generation.directions.lead import NOTHING_YET, UNSAID, Lead, Manner, Mover
from generation.directions.lexicon import MOVE, TERMS, Family, Form, Kind, Term
from generation.directions.meant import has_camera_as_object, is_meant
from generation.directions.stance import STANCES, stance_of
from generation.directions.vocabulary import Motion

MOST_MOVES = 32
"""A clip of ten seconds has no room for more; the first are taken."""
REACH = 16
"""In words: how far somebody else's direction may be, as in "follows the dog that runs left"."""
MANNERS = MODIFIERS | TRANSPARENT
UNNOTICED = MANNERS | ARTICLES
SAID_OF_CAMERA = UNNOTICED | CAMERAS
STEPPING = UNNOTICED | STEPS | RIGS
INTRODUCES = frozenset({",", "and", "then"})
RELATIVE = frozenset({"which", "that"})
ALONGSIDE = frozenset({"while", "which"})
NEW_SUBJECT = frozenset(". it as while who which that with when until because where".split())
TELLING = STANCES | TERMS.keys() | FRAMINGS.keys()
"""Words that say something of the camera themselves."""
REFRAMED = {"wide": Motion.ZOOM_OUT, "close": Motion.ZOOM_IN}


ASKED = Clause(frozenset(), ())


class Found(NamedTuple):
    """One asked or forbidden move; `links` are the openers of clauses since the one before."""

    motion: Motion
    mover: Mover
    lead: Manner
    tail: Manner
    family: Family
    links: frozenset[str]
    negated: bool


class MoveReader:
    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = clauses
        self._found: list[Found] = []
        self._links: frozenset[str] = frozenset()
        self._about_camera = False
        """Whether "it" is the camera: what the clause before was about."""
        self._framing: str | None = None

    def read(self) -> list[Found]:
        """Everything said of the camera, in the order of the words."""
        lead = Lead(Mover.NOBODY)
        for at, clause in enumerate(self._clauses):
            self._links |= clause.openers
            lead = self._begun(at, lead)
            if not self._goes_on(clause) and not self._continued(clause):
                lead = self._read(at, clause, lead)
            if len(self._found) >= MOST_MOVES:
                break
        return self._found

    def _begun(self, at: int, lead: Lead) -> Lead:
        """What a clause takes over from the one before."""
        clause, before = self._clauses[at], self._clauses[at - 1].words if at else ()
        about = next((word for word in clause.words if word not in UNNOTICED), "")
        self._about_camera = about in CAMERAS or (about == "it" and self._about_camera)
        if not at or not clause.openers:
            return lead
        introduced = clause.openers <= INTRODUCES and SAID_OF_CAMERA.issuperset(before)
        return lead if introduced or clause.openers <= RELATIVE else NOTHING_YET

    def _goes_on(self, clause: Clause) -> bool:
        """`pan left, slowly`: what tells only how belongs to the move before."""
        joined = self._links == clause.openers and "." not in clause.openers
        if not (self._found and joined and MANNERS.issuperset(clause.words)):
            return False
        last = self._found[-1]
        self._found[-1] = last._replace(tail=self._manner(clause.words).over(last.tail))
        return True

    def _continued(self, clause: Clause) -> bool:
        """`pan left, then right`, `camera up`: a direction alone goes on with the move before."""
        words, at, lead = clause.words, 0, NOTHING_YET
        while at < len(words) and words[at] in STEPPING:
            lead, at = lead.and_word(words[at]), at + 1
        if not is_settled(words, at):
            return False
        anew = bool(RIGS.intersection(words[:at])) or self._is_all(clause)
        linked = "." not in self._links and self._links & {"and", ",", "then"}
        if not anew and not (self._found and linked):
            return False
        mover, before = Mover.CAMERA, MOVE
        if not anew:
            mover, before = self._found[-1].mover, self._found[-1].family
        tail = self._manner(words[at + 1 :])
        for way in ways_at(words, at):
            family = before if way in before.headings else MOVE
            self._add(family.headings[way], mover, lead.manner, tail, family, clause)
        return True

    def _is_all(self, clause: Clause) -> bool:
        """Whether nothing is asked for but this: `from left to right, slowly`."""
        return all(one is clause or MANNERS.issuperset(one.words) for one in self._clauses)

    def _read(self, at: int, clause: Clause, lead: Lead) -> Lead:
        words, end = clause.words, 0
        for here, word in enumerate(words):
            if word in TELLING:
                end = self._told(at, here, lead, end)
            if word not in ADJECTIVES or TERMS.keys().isdisjoint(words[here + 1 : here + 2]):
                lead = lead.and_word(word)
        return lead

    def _told(self, at: int, here: int, lead: Lead, end: int) -> int:
        """Adds what the word at `here` says; where the words end that tell it."""
        clause = self._clauses[at]
        words, word = clause.words, clause.words[here]
        if stance := stance_of(words, here, lead, negated=clause.negated):
            tail = UNSAID if stance is Motion.STILL else self._manner(words[here + 1 :])
            manner = UNSAID if stance is Motion.STILL else lead.manner
            self._add(stance, lead.mover, manner, tail)
        if here >= end and word in TERMS:
            end = here + 1 + self._move(at, here, lead)
        if word in FRAMINGS:
            self._frame(FRAMINGS[word], {*words[max(here - REACH, 0) : here], *clause.openers})
        return end

    def _move(self, at: int, here: int, lead: Lead) -> int:
        """Adds what the term says, if it is said of the camera; how many more words tell it."""
        clause, term = self._clauses[at], TERMS[self._clauses[at].words[here]]
        tail = own = _up_to_a_term(clause.words[here + 1 :])
        if term.family.far:
            tail = self._far(at, here)
        way = way_of(clause.words, here, tail, term.family)
        mover = self._mover(term, lead, own, clause.openers)
        if mover is not lead.mover:
            lead = lead._replace(mover=mover)
        if not way.motions or not is_meant(term, lead, tail, way.length, negated=clause.negated):
            return 0
        speed = term.family.speed
        manner = lead.manner.over(Manner(speed)) if speed else lead.manner
        for motion in way.motions:
            self._add(motion, mover, manner, self._manner(own), term.family, clause)
        return max(way.length, 0)

    def _far(self, at: int, here: int) -> list[str]:
        words = list(self._clauses[at].words[here + 1 :][:REACH])
        for clause in self._clauses[at + 1 :]:
            if len(words) >= REACH or clause.openers & {".", ","}:
                break
            words += clause.words
        return words[:REACH]

    def _mover(self, term: Term, lead: Lead, tail: Sequence[str], openers: frozenset[str]) -> Mover:
        base, goes_on = term.form is Form.BASE, self._goes_on_with_camera()
        then = goes_on and bool(openers & THEN)
        if lead.mover is Mover.IT:
            # "Can it zoom out?" is said to us; "it zooms past" is told of something in the picture.
            topic = self._about_camera and not openers & (NEW_SUBJECT - {"."})
            asked = topic or then or (base and term.family.kind is not Kind.BODY)
            return Mover.CAMERA if asked else Mover.OTHER
        if lead.mover in (Mover.NOBODY, Mover.OPEN) and has_camera_as_object(tail):
            return Mover.CAMERA
        if lead.mover is Mover.NOBODY or (lead.mover is Mover.OPEN and base):
            return Mover.CAMERA if then else Mover.NOBODY
        if lead.mover is not Mover.OPEN:
            return lead.mover
        told_of = self._links.isdisjoint(NEW_SUBJECT - (openers & ALONGSIDE))
        if goes_on and told_of:
            return Mover.CAMERA
        opens = term.form is Form.GERUND and "." in openers
        return Mover.NOBODY if opens or term.family.kind is Kind.FILM else Mover.OTHER

    def _goes_on_with_camera(self) -> bool:
        return bool(self._found) and self._found[-1].mover in (Mover.CAMERA, Mover.NOBODY)

    def _frame(self, size: str, before: set[str]) -> None:
        """`from a close-up to a wide shot`."""
        if self._framing not in (None, size) and ARRIVES & before:
            self._add(REFRAMED[size])
            self._framing = None
        elif DEPARTS & before:
            self._framing = size

    def _manner(self, tail: Sequence[str]) -> Manner:
        """Adjectives count at the end of a clause alone: `past a fast car` tells of the car."""
        manner, plain = UNSAID, len(tail)
        while plain and tail[plain - 1] in MANNERS:
            plain -= 1
        for at, word in enumerate(tail):
            scene = at + 1 < len(tail) and tail[at + 1].endswith("ing")
            if word in MODIFIERS and (at >= plain or not (word in FLAT or scene)):
                manner = manner.over(UNSAID.and_word(word))
        return manner

    def _add(
        self,
        motion: Motion,
        mover: Mover = Mover.NOBODY,
        lead: Manner = UNSAID,
        tail: Manner = UNSAID,
        family: Family = MOVE,
        clause: Clause = ASKED,
    ) -> None:
        links = self._links
        self._found.append(Found(motion, mover, lead, tail, family, links, clause.negated))
        self._links = frozenset()


def _up_to_a_term(words: Sequence[str]) -> Sequence[str]:
    ends = (at for at, word in enumerate(words) if word in TERMS and word not in HEADINGS)
    return words[: next(ends, len(words))]
