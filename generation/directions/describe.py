"""Notes that say back what was understood, so that a person sees it under the clip."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.parse import parse, refused
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


def nothing_asked(prompt: str, motion: Motion, effect: Effect) -> list[Note]:
    """Said where somebody wrote words and left a choice to them, but they ask for nothing."""
    left_to_words = motion is Motion.AUTO or effect is Effect.AUTO
    asked = not prompt.strip() or parse(prompt) != Directions() or refused(prompt)
    return [Note("nothing_asked", example="zoom_and_snow")] if left_to_words and not asked else []


def chosen_first(prompt: str, motion: Motion, effect: Effect) -> list[Note]:
    """Said where the words ask for something else than what was chosen by name."""
    said = parse(prompt)
    moves = {move.motion for shot in said.shots for move in shot}
    other_move = motion is not Motion.AUTO and moves - {motion}
    other_sky = effect is not Effect.AUTO and set(said.effects) - {effect}
    contradicted = other_move or other_sky or effect in refused(prompt)
    return [Note("chosen_first")] if contradicted else []


def moves_of(shot: str) -> list[Move]:
    """The moves that a fact of a `camera` note names."""
    moves = (move.split(PARTS) for move in shot.split(MOVES))
    return [Move(Motion(motion), Speed(speed), Degree(degree)) for motion, speed, degree in moves]


def _shot(shot: tuple[Move, ...]) -> str:
    """`pan-left slow normal + zoom-in normal strong`."""
    return MOVES.join(PARTS.join((move.motion, move.speed, move.degree)) for move in shot)
