"""Notes that say back what was understood, so that a person sees it under the clip."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.notes import Note

WEATHER = (Effect.RAIN, Effect.SNOW, Effect.FOG)
LIGHT = (Effect.SUNSET, Effect.NIGHT, Effect.DAWN)

NO = "no-"
"""Before the name of an effect that is not to be."""

MOVES, PARTS = " + ", " "
"""Between the moves of one shot, and between motion, speed and degree of a move."""


def described(directions: Directions, refused: Sequence[Effect] = ()) -> list[Note]:
    """Empty where nothing was understood: what happens then is the engine's to say."""
    shots = tuple(map(_shot, directions.shots))
    notes = [Note("camera", shots=shots)] if shots else []
    for code, kind in (("weather", WEATHER), ("light", LIGHT)):
        wished = (effect.value for effect in directions.effects if effect in kind)
        unwished = (f"{NO}{effect}" for effect in refused if effect in kind)
        if named := (*wished, *unwished):
            notes.append(Note(code, effects=named))
    return notes


def moves_of(shot: str) -> list[Move]:
    """The moves that a fact of a `camera` note names."""
    moves = (move.split(PARTS) for move in shot.split(MOVES))
    return [Move(Motion(motion), Speed(speed), Degree(degree)) for motion, speed, degree in moves]


def _shot(shot: tuple[Move, ...]) -> str:
    """`pan-left slow normal + zoom-in normal strong`."""
    return MOVES.join(PARTS.join((move.motion, move.speed, move.degree)) for move in shot)
