"""Takes the moves from the signs and tells which happen together: those are one shot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from generation.directions.classes import CLASSES, PACE
from generation.directions.grammar import DEGREES, HEADINGS, SPEEDS, THEN
from generation.directions.lexicon import FAMILIES
from generation.directions.patterns import letters, pattern, words
from generation.directions.vocabulary import Degree, Motion, Move, Speed

MOST_MOVES = 32
"""A clip of ten seconds has no room for more; the first are taken."""
PAIRS = ("pan-left pan-right", "tilt-up tilt-down", "zoom-in zoom-out", "orbit-left orbit-right")
OPPOSITES = frozenset(frozenset(map(Motion, pair.split())) for pair in PAIRS)
HOLDS = frozenset({Motion.HANDHELD, Motion.STILL})
APART = THEN | {".", "RULED_OUT"}

MOVES = pattern(
    "(lead: (?<! LEAD) LEAD*) SAID (verb: ACT) (?= (tail: [^END TO]* (?: TO"
    " (ways: around ROUND | [left right] [up down] | [up down] [left right] | WAY) [^END]*)?))",
    CLASSES,
)
HOW = pattern("ADVERB (?! DOING) | HOW (?= ASIDE* $)", CLASSES)
"""Adjectives count at the end alone: `past a fast car` tells of the car."""
RULED_OUT = letters(["RULED_OUT"])


class ShotStep(NamedTuple):
    """The words of `lead` and `tail` tell its manner, those that count most first.

    `links` are the words between it and the step before.
    """

    motion: Motion
    lead: Sequence[str]
    tail: Sequence[str]
    links: frozenset[str]

    def move(self) -> Move:
        how = [*self.lead, *self.tail]
        speed = next((SPEEDS[word] for word in how if word in SPEEDS), Speed.NORMAL)
        degree = next((DEGREES[word] for word in how if word in DEGREES), Degree.NORMAL)
        return Move(self.motion, speed, degree)


def shots_of(signs: str) -> tuple[tuple[Move, ...], ...]:
    shots: list[list[ShotStep]] = []
    for step in _sharing(list(islice(_steps(signs), MOST_MOVES))):
        last = shots[-1] if shots else []
        same = [other for other in last if other.motion is step.motion]
        if same:
            tail = [*same[0].tail, *step.lead, *step.tail]
            last[last.index(same[0])] = same[0]._replace(tail=tail)
        elif _joins(last, step):
            last.append(step)
        else:
            shots.append([step])
    if not shots and RULED_OUT in signs:
        return ((Move(Motion.STILL),),)
    return tuple(tuple(step.move() for step in _moving(shot)) for shot in shots)


def _steps(signs: str) -> Iterator[ShotStep]:
    end = 0
    for found in MOVES.finditer(signs):
        family = FAMILIES[words(found["verb"])[0]]
        lead = [word for word in reversed(words(found["lead"])) if word in PACE]
        lead += [family.speed] if family.speed else []
        tail = [word for word in words("".join(HOW.findall(found["tail"]))) if word in PACE]
        links, end = frozenset(words(signs[end : found.start()])), found.end()
        ways = [HEADINGS[word] for word in words(found["ways"] or "")]
        told = [" ".join(ways)] if " ".join(ways) in family.headings else ways
        motions = [family.headings[way] for way in told if way in family.headings]
        for motion in motions or filter(None, [family.default]):
            yield ShotStep(motion, lead, tail, links)
            links = frozenset()


def _sharing(steps: list[ShotStep]) -> list[ShotStep]:
    """In `slowly pan left while zooming in` the adverb is said of both."""
    for at in range(len(steps) - 1, 0, -1):
        before, step = steps[at - 1], steps[at]
        if step.links & APART:
            continue
        if not (step.lead or step.tail) and before.lead and "with" not in step.links:
            steps[at] = step._replace(lead=before.lead, tail=before.tail)
        elif "and" in step.links and not (before.lead or before.tail):
            steps[at - 1] = before._replace(tail=[word for word in step.tail if word in SPEEDS])
    return steps


def _joins(last: Sequence[ShotStep], step: ShotStep) -> bool:
    if not last or step.links & THEN:
        return False
    if any({other.motion, step.motion} in OPPOSITES for other in last):
        return False
    held = step.motion in HOLDS or all(other.motion in HOLDS for other in last)
    return held or "." not in step.links


def _moving(shot: list[ShotStep]) -> list[ShotStep]:
    """A camera that is said to be fixed and to move does the more particular thing: it moves."""
    return [step for step in shot if step.motion is not Motion.STILL] or shot
