"""Whether what a language model wrote keeps to what somebody wished: our parser reads both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from generation.directions.describe import LIGHT, WEATHER
from generation.directions.grammar import HEADINGS
from generation.directions.parse import directions_for, parse, refused
from generation.directions.sentences import closed
from generation.directions.vocabulary import Directions, Effect, Motion, Move, Speed
from generation.directions.words import words_of
from generation.prompts.errors import NotWritten
from generation.prompts.template import said_of

SIDES = {
    Motion.PAN_LEFT: Motion.PAN_RIGHT,
    Motion.ORBIT_LEFT: Motion.ORBIT_RIGHT,
    Motion.ROLL_LEFT: Motion.ROLL_RIGHT,
}
SIDEWAYS = frozenset({"left", "right", "clockwise", "counterclockwise"})
FOLLOWING = frozenset("follow follows following track tracks tracking".split())

HURRY = frozenset({Speed.SLOW, Speed.QUICK})
CLAUSE = re.compile(r"[.,;:!?—]+")
NO = re.compile(r"\b(?:no|not|without|never|nor|neither|free of|\w+n't)\b", re.IGNORECASE)


def kept_to(answer: str, words: str, motion: Motion, effect: Effect) -> str:
    """The answer, and in sentences of ours what was asked of camera and weather and it leaves out.

    Raises `NotWritten` where it says otherwise.
    """
    asked = directions_for(words, motion, effect)
    told = _as_asked(parse(answer), asked, words, motion)
    _check_camera(told, asked, anywhere=_anywhere(asked, words, motion))
    _check_sky(answer, asked, frozenset(refused(words)), effect)
    if told.shots and _follows(words, motion):
        asked = replace(asked, shots=())
    further = said_of(asked, told)
    return " ".join([closed(answer), *further] if further else [answer])


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
    for move in _moves(told):
        drifts = move.motion is Motion.DRIFT and Motion.STILL not in wanted  # how, not where to
        if move.motion not in wanted and not drifts:
            raise NotWritten("another camera move than was asked for")
        if {move.speed, wanted.get(move.motion)} == HURRY:
            raise NotWritten("another pace than was asked for")
    if _turned_round(asked, told):
        raise NotWritten("camera moves in another order than was asked for")


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


def _check_sky(
    answer: str, asked: Directions, ruled_out: frozenset[Effect], chosen: Effect
) -> None:
    told = _effects(answer)
    if chosen is Effect.NONE and told:
        raise NotWritten("weather where none was chosen")
    if told & ruled_out - set(asked.effects):
        raise NotWritten("weather that was not to be")
    for kind in (set(WEATHER), set(LIGHT)):
        wanted = kind.intersection(asked.effects)
        if wanted and told & kind - wanted:
            raise NotWritten("other weather or light than was asked for")


def _effects(answer: str) -> set[Effect]:
    """Of clauses that have no "no" in them: what is said not to be may be said in many ways."""
    clauses = (clause for clause in CLAUSE.split(answer) if not NO.search(clause))
    return {effect for clause in clauses for effect in parse(clause).effects}


def _moves(directions: Directions) -> Iterable[Move]:
    return (move for shot in directions.shots for move in shot)
