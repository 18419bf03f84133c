"""Notes that say back what was understood, so that a person sees it under the clip."""

from __future__ import annotations

from generation.directions.parse import parse
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.notes import Note

WEATHER = (Effect.RAIN, Effect.SNOW, Effect.FOG)
LIGHT = (Effect.SUNSET, Effect.NIGHT, Effect.DAWN)

MOVES, PARTS = " + ", " "
"""Between the moves of one shot, and between motion, speed and degree of a move."""


def described(directions: Directions) -> list[Note]:
    """Empty where nothing was understood: what happens then is the engine's to say."""
    notes = []
    if directions.shots:
        notes.append(Note("camera", shots=tuple(map(_shot, directions.shots))))
    if weather := _listed(directions, WEATHER):
        notes.append(Note("weather", effects=weather))
    if light := _listed(directions, LIGHT):
        notes.append(Note("light", effects=light))
    return notes


def nothing_asked(prompt: str, motion: Motion, effect: Effect) -> list[Note]:
    """Said where somebody wrote words and left a choice to them, but they ask for nothing."""
    left_to_words = motion is Motion.AUTO or effect is Effect.AUTO
    if not prompt.strip() or not left_to_words or parse(prompt) != Directions():
        return []
    return [Note("nothing_asked", example="zoom_and_snow")]


def moves_of(shot: str) -> list[Move]:
    """The moves that a fact of a `camera` note names."""
    moves = (move.split(PARTS) for move in shot.split(MOVES))
    return [Move(Motion(motion), Speed(speed), Degree(degree)) for motion, speed, degree in moves]


def _shot(shot: tuple[Move, ...]) -> str:
    """`pan-left slow normal + zoom-in normal strong`."""
    return MOVES.join(PARTS.join((move.motion, move.speed, move.degree)) for move in shot)


def _listed(directions: Directions, kind: tuple[Effect, ...]) -> tuple[str, ...]:
    return tuple(effect.value for effect in directions.effects if effect in kind)
