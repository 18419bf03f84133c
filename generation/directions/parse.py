"""What the words of a prompt ask of the camera and the weather; it never fails."""

from __future__ import annotations

from dataclasses import replace

from generation.directions.reading import camera_signs, wishes
from generation.directions.shots import shots_of
from generation.directions.vocabulary import Directions, Effect, Motion, Move
from generation.directions.weather import effects_in
from generation.directions.words import words_of

__all__ = ["Directions", "Move", "directions_for", "parse"]


def parse(prompt: str) -> Directions:
    wished = wishes(words_of(prompt))
    return Directions(shots_of(camera_signs(wished)), effects_in(wished))


def directions_for(prompt: str, motion: Motion, effect: Effect) -> Directions:
    """What was chosen by name comes before what the words say; their adverbs still count."""
    said = parse(prompt)
    if motion is not Motion.AUTO:
        said = replace(said, shots=((_chosen(motion, said),),))
    if effect is Effect.NONE:
        said = replace(said, effects=())
    elif effect is not Effect.AUTO:
        said = replace(said, effects=(effect,))
    return said


def _chosen(motion: Motion, said: Directions) -> Move:
    moves = [move for shot in said.shots for move in shot]
    nearest = [move for move in moves if move.motion is motion] or moves
    return replace(nearest[0], motion=motion) if nearest else Move(motion)
