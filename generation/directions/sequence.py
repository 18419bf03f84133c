"""Puts the moves that were found in their order: what comes first, what happens together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from generation.directions.camera import Sighting
from generation.directions.grammar import THEN
from generation.directions.manner import Manner, Mover
from generation.directions.vocabulary import Degree, Motion, Move, Speed

OPPOSITES = {
    Motion.PAN_LEFT: Motion.PAN_RIGHT,
    Motion.PAN_RIGHT: Motion.PAN_LEFT,
    Motion.TILT_UP: Motion.TILT_DOWN,
    Motion.TILT_DOWN: Motion.TILT_UP,
    Motion.ZOOM_IN: Motion.ZOOM_OUT,
    Motion.ZOOM_OUT: Motion.ZOOM_IN,
    Motion.ORBIT_LEFT: Motion.ORBIT_RIGHT,
    Motion.ORBIT_RIGHT: Motion.ORBIT_LEFT,
}


class Link(Enum):
    """How a move follows the one before it in the words."""

    TOGETHER = auto()
    NEXT_SENTENCE = auto()
    THEN = auto()
    EARLIER = auto()


@dataclass(frozen=True, slots=True)
class SequenceStep:
    motion: Motion
    manner: Manner
    link: Link

    def move(self) -> Move:
        speed, degree = self.manner.speed, self.manner.degree
        return Move(self.motion, speed or Speed.NORMAL, degree or Degree.NORMAL)


def shots_of(words: Sequence[str], sightings: Sequence[Sighting]) -> tuple[tuple[Move, ...], ...]:
    asked = _without_purposes(words, [found for found in sightings if not found.forbidden])
    if not asked and any(_rules_out(found) for found in sightings):
        return ((Move(Motion.STILL),),)
    shots: list[list[SequenceStep]] = []
    for step in _steps(words, asked):
        _place(shots, step)
    return tuple(tuple(step.move() for step in shot) for shot in map(_settled, shots))


def _rules_out(found: Sighting) -> bool:
    """`no zoom` leaves a camera that keeps its place; `no fast zoom` does not."""
    return found.forbidden and not found.lead and not found.family.weak


def _without_purposes(words: Sequence[str], asked: list[Sighting]) -> list[Sighting]:
    """In `pan right to reveal the sea` the reveal is why, not how."""
    kept: list[Sighting] = []
    for found in asked:
        last = kept[-1] if kept else None
        purpose = last is not None and (found.family.weak or last.family.weak)
        if last is None or not purpose or _parted(words[last.end + 1 : found.start]):
            kept.append(found)
        elif last.family.weak:
            kept[-1] = replace(found, lead=found.lead.over(last.lead))
    return kept


def _parted(between: Sequence[str]) -> bool:
    return "." in between or bool(THEN.intersection(between))


def _steps(words: Sequence[str], asked: Sequence[Sighting]) -> list[SequenceStep]:
    steps: list[SequenceStep] = []
    for at, found in enumerate(asked):
        own = found.lead.over(found.tail)
        if not at:
            steps.append(SequenceStep(found.motion, own, Link.TOGETHER))
            continue
        before = asked[at - 1]
        between = words[before.end + 1 : found.start]
        link = _link(before, between)
        if link is Link.TOGETHER and not own and found.mover is not Mover.OTHER:
            own = _passed_on(steps[-1], before, between)
        if link is Link.TOGETHER and "and" in between and not before.lead and not before.tail:
            steps[-1] = replace(steps[-1], manner=Manner(found.tail.speed).over(steps[-1].manner))
        steps.append(SequenceStep(found.motion, own, link))
    return steps


def _passed_on(step: SequenceStep, before: Sighting, between: Sequence[str]) -> Manner:
    """`slowly pan left while zooming in`: the adverb in front is said of both."""
    return step.manner if before.lead and "with" not in between else Manner()


def _link(before: Sighting, between: Sequence[str]) -> Link:
    if "after" in between[-6:] and "." not in between:
        return Link.EARLIER
    if before.opener == "before" and "," in between:
        return Link.EARLIER
    if THEN.intersection(between) or "before" in between or before.opener == "after":
        return Link.THEN
    return Link.NEXT_SENTENCE if "." in between else Link.TOGETHER


def _place(shots: list[list[SequenceStep]], step: SequenceStep) -> None:
    last = shots[-1] if shots else []
    same = [other for other in last if other.motion is step.motion]
    if same:
        last[last.index(same[0])] = replace(same[0], manner=same[0].manner.over(step.manner))
    elif step.link is Link.EARLIER and shots:
        shots.insert(len(shots) - 1, [step])
    elif _joins(last, step):
        last.append(step)
    else:
        shots.append([step])


def _joins(last: Sequence[SequenceStep], step: SequenceStep) -> bool:
    if not last or step.link is Link.THEN:
        return False
    if any(OPPOSITES.get(other.motion) is step.motion for other in last):
        return False
    if step.link is Link.TOGETHER:
        return True
    held = (Motion.HANDHELD, Motion.STILL)
    return step.motion in held or all(other.motion in held for other in last)


def _settled(shot: list[SequenceStep]) -> list[SequenceStep]:
    """A camera that is said to be fixed and to move does the more particular thing: it moves."""
    moving = [step for step in shot if step.motion is not Motion.STILL]
    return moving or shot
