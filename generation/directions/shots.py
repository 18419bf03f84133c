"""Puts the moves that were found in their order: what comes first, what happens together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from generation.directions.grammar import THEN
from generation.directions.lead import UNSAID, Manner, Mover
from generation.directions.moves import Found
from generation.directions.vocabulary import Degree, Motion, Move, Speed

PAIRS = ("pan-left pan-right", "tilt-up tilt-down", "zoom-in zoom-out", "orbit-left orbit-right")
OPPOSITES = frozenset(frozenset(map(Motion, pair.split())) for pair in PAIRS)
STANCES = frozenset({Motion.HANDHELD, Motion.STILL})


class Link(Enum):
    """How a move follows the one before it in the words."""

    TOGETHER = auto()
    NEXT_SENTENCE = auto()
    THEN = auto()
    EARLIER = auto()


class ShotStep(NamedTuple):
    motion: Motion
    manner: Manner
    link: Link = Link.TOGETHER

    def move(self) -> Move:
        speed, degree = self.manner.speed, self.manner.degree
        return Move(self.motion, speed or Speed.NORMAL, degree or Degree.NORMAL)


def shots_of(found: Sequence[Found]) -> tuple[tuple[Move, ...], ...]:
    asked = _without_purposes([one for one in found if not one.negated])
    if not asked and any(_rules_out(one) for one in found):
        return ((Move(Motion.STILL),),)
    shots: list[list[ShotStep]] = []
    for step in _steps(asked):
        _place(shots, step)
    return tuple(tuple(step.move() for step in shot) for shot in map(_moving, shots))


def _rules_out(found: Found) -> bool:
    """`no zoom` leaves a camera that keeps its place; `no fast zoom` does not."""
    return found.negated and not found.lead and not found.family.weak


def _without_purposes(asked: Sequence[Found]) -> list[Found]:
    """In `pan right to reveal the sea` the reveal is why, not how."""
    kept: list[Found] = []
    for one in asked:
        last = kept[-1] if kept else one
        purpose = bool(kept) and (one.family.weak or last.family.weak)
        if not purpose or one.links & (THEN | {"."}):
            kept.append(one)
        elif last.family.weak:
            kept[-1] = one._replace(lead=one.lead.over(last.lead))
    return kept


def _steps(asked: Sequence[Found]) -> list[ShotStep]:
    steps = [ShotStep(one.motion, one.lead.over(one.tail)) for one in asked[:1]]
    for before, one in pairwise(asked):
        own, link = one.lead.over(one.tail), _link(before, one)
        if link is Link.TOGETHER and not own and before.lead and one.mover is not Mover.OTHER:
            # `slowly pan left while zooming in`: the adverb in front is said of both.
            own = UNSAID if "with" in one.links else steps[-1].manner
        if link is Link.TOGETHER and "and" in one.links and not before.lead and not before.tail:
            steps[-1] = steps[-1]._replace(manner=Manner(one.tail.speed).over(steps[-1].manner))
        steps.append(ShotStep(one.motion, own, link))
    return steps


def _link(before: Found, one: Found) -> Link:
    if "after" in one.links and "." not in one.links:
        return Link.EARLIER
    if "before" in before.links and "," in one.links:
        return Link.EARLIER
    if one.links & (THEN | {"before"}) or "after" in before.links:
        return Link.THEN
    return Link.NEXT_SENTENCE if "." in one.links else Link.TOGETHER


def _place(shots: list[list[ShotStep]], step: ShotStep) -> None:
    last = shots[-1] if shots else []
    same = [other for other in last if other.motion is step.motion]
    if same:
        last[last.index(same[0])] = same[0]._replace(manner=same[0].manner.over(step.manner))
    elif step.link is Link.EARLIER:
        shots.insert(len(shots) - 1, [step])
    elif _joins(last, step):
        last.append(step)
    else:
        shots.append([step])


def _joins(last: Sequence[ShotStep], step: ShotStep) -> bool:
    if not last or step.link is Link.THEN:
        return False
    if any({other.motion, step.motion} in OPPOSITES for other in last):
        return False
    held = step.motion in STANCES or all(other.motion in STANCES for other in last)
    return held or step.link is Link.TOGETHER


def _moving(shot: list[ShotStep]) -> list[ShotStep]:
    """A camera that is said to be fixed and to move does the more particular thing: it moves."""
    return [step for step in shot if step.motion is not Motion.STILL] or shot
