"""What the words of a prompt ask of the camera and the weather; it never fails."""

from __future__ import annotations

from dataclasses import replace

from generation.directions.camera import sightings_in
from generation.directions.framing import framings_in
from generation.directions.negation import forbidden_in
from generation.directions.sequence import shots_of
from generation.directions.stance import stances_in
from generation.directions.vocabulary import Directions, Effect, Motion, Move
from generation.directions.weather import effects_in
from generation.directions.words import words_of

__all__ = ["Directions", "Move", "directions_for", "parse"]


def parse(prompt: str) -> Directions:
    words = words_of(prompt)
    forbidden = forbidden_in(words)
    moves = sightings_in(words, forbidden)
    moves += stances_in(words, forbidden) + framings_in(words)
    moves.sort(key=lambda found: found.start)
    return Directions(shots_of(words, moves), effects_in(words, forbidden))


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
    for move in moves:
        if move.motion is motion:
            return move
    return replace(moves[0], motion=motion) if moves else Move(motion)
