"""Whether what a language model wrote keeps to what somebody wished: our parser reads both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from generation.directions.grammar import HEADINGS
from generation.directions.parse import directions_for, parse, refused
from generation.directions.sentences import closed
from generation.directions.vocabulary import Directions, Effect, Motion, Move, Speed
from generation.directions.words import words_of
from generation.prompts.answer_sky import check_sky
from generation.prompts.errors import NotWritten
from generation.prompts.template import said_of

SIDES = {
    Motion.PAN_LEFT: Motion.PAN_RIGHT,
    Motion.ORBIT_LEFT: Motion.ORBIT_RIGHT,
    Motion.ROLL_LEFT: Motion.ROLL_RIGHT,
}
TURNS = frozenset({*SIDES, *SIDES.values(), Motion.TILT_UP, Motion.TILT_DOWN})
SIDEWAYS = frozenset({"left", "right", "clockwise", "counterclockwise"})
FOLLOWING = frozenset("follow follows following track tracks tracking".split())

HURRY = frozenset({Speed.SLOW, Speed.QUICK})
PARALLAX = re.compile(
    r"\b(?:with|in|creating|adding|and)(?: an?)?(?: [a-z]+){0,2} parallax(?: effect)?\b",
    re.IGNORECASE,
)
"""What comes of a move, and no move of its own beside one."""

KEEPING = re.compile(
    r"\b(?:tilt|pan)(?:s|ing)?\b[^.,;:]{0,40}\bto (?:keep|hold|follow)\b[^.,;:]{0,60}",
    re.IGNORECASE,
)
"""`The camera tilts down slightly to keep the castle in the frame`."""

AWAY = re.compile(
    r"(?:,|(?<=left)|(?<=right)|(?<=up)|(?<=down)) away from (?:the|an?|its|his|her|their) \w+",
    re.IGNORECASE,
)
"""Behind a pan it says where to, and is no zoom."""


def kept_to(answer: str, words: str, motion: Motion, effect: Effect) -> str:
    """The answer, and in sentences of ours what was asked of camera and weather and it leaves out.

    Raises `NotWritten` where it says otherwise.
    """
    asked = directions_for(words, motion, effect)
    told = _as_asked(parse(_moves_only(answer, asked)), asked, words, motion)
    _check_camera(told, asked, anywhere=_anywhere(asked, words, motion))
    check_sky(answer, asked, frozenset(refused(words)), effect)
    if told.shots and _follows(words, motion):
        asked = replace(asked, shots=())
    further = said_of(asked, told)
    return " ".join([closed(answer), *further] if further else [answer])


def _moves_only(answer: str, asked: Directions) -> str:
    """The answer without what only comes of the moves that were asked for, or serves them."""
    wanted = {move.motion for move in _moves(asked)} - {Motion.STILL}
    if not wanted:
        return answer
    plain = KEEPING.sub("", PARALLAX.sub("", answer))
    plain = AWAY.sub("", plain) if wanted <= TURNS else plain
    return plain if any(move.motion in wanted for move in _moves(parse(plain))) else answer


def _as_asked(told: Directions, asked: Directions, words: str, motion: Motion) -> Directions:
    """A pan that nobody gave a side may go to either: it counts as the one that was asked for."""
    if motion is not Motion.AUTO or _said_sideways(words):
        return told
    wanted = {move.motion for move in _moves(asked)}
    either = {one: other for pair in SIDES.items() for one, other in (pair, pair[::-1])}
    other = {it: either[it] for it in either if it not in wanted and either[it] in wanted}
    shots = (
        tuple(Move(other.get(it.motion, it.motion), it.speed, it.degree) for it in shot)
        for shot in told.shots
    )
    return Directions(tuple(shots), told.effects)


def _anywhere(asked: Directions, words: str, motion: Motion) -> bool:
    """Whether any move will do: the camera follows, or only how it is held was said."""
    held = {move.motion for move in _moves(asked)} == {Motion.HANDHELD}
    return held or _follows(words, motion)


def _follows(words: str, motion: Motion) -> bool:
    return motion is Motion.AUTO and not FOLLOWING.isdisjoint(words_of(words))


def _said_sideways(words: str) -> bool:
    return any(HEADINGS.get(word) in SIDEWAYS for word in words_of(words))


def _check_camera(told: Directions, asked: Directions, *, anywhere: bool) -> None:
    wanted = {move.motion: move.speed for move in _moves(asked)}
    if not wanted or (anywhere and all(it.motion is not Motion.STILL for it in _moves(told))):
        return
    added = _harmless(told, frozenset(wanted))
    for move in _moves(told):
        if move.motion not in wanted and move.motion not in added:
            raise NotWritten("another camera move than was asked for")
        if {move.speed, wanted.get(move.motion)} == HURRY:
            raise NotWritten("another pace than was asked for")
    if _turned_round(asked, told):
        raise NotWritten("camera moves in another order than was asked for")


def _harmless(told: Directions, wanted: frozenset[Motion]) -> frozenset[Motion]:
    """How the camera is held, and that it is still before it does what was asked."""
    if Motion.STILL in wanted:
        return frozenset()
    held = {Motion.DRIFT}
    if any(move.motion in wanted for move in _moves(told)):
        held.add(Motion.HANDHELD)
    first, *later = told.shots or ((),)
    stands = {move.motion for move in first} == {Motion.STILL}
    if stands and any(move.motion in wanted for shot in later for move in shot):
        held.add(Motion.STILL)
    return frozenset(held)


def _turned_round(asked: Directions, told: Directions) -> bool:
    """Whether of two moves that follow each other the later one comes first, or it alone."""
    at = {move.motion: number for number, shot in enumerate(told.shots) for move in shot}
    numbers = [[at.get(move.motion) for move in shot] for shot in asked.shots]
    latest, left_out = -1, False
    for shot in numbers:
        said = [number for number in shot if number is not None]
        if said and (left_out or min(said) < latest):
            return True
        latest = max([latest, *said])
        left_out = left_out or len(said) < len(shot)
    return False


def _moves(directions: Directions) -> Iterable[Move]:
    return (move for shot in directions.shots for move in shot)
