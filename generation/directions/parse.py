"""What the words of a prompt ask of the camera and the weather; it never fails."""

from __future__ import annotations

from dataclasses import replace

from generation.directions.vocabulary import Directions, Effect, Motion, Move

__all__ = ["Directions", "Move", "directions_for", "parse", "prepare", "refused"]


def parse(prompt: str) -> Directions:
    from generation.directions.reading import read  # its patterns: 0.1 s that no start waits for

    return read(prompt)


def refused(prompt: str) -> tuple[Effect, ...]:
    """The weather and light that are named only to be forbidden."""
    from generation.directions.reading import read

    named, wished = read(prompt, negation=()).effects, read(prompt).effects
    return tuple(effect for effect in named if effect not in wished)


def prepare() -> None:
    """Make what the first reading would wait for, a third of a second in all."""
    from generation.directions.phrasebook import LANGUAGES, phrasebook

    for language in LANGUAGES:
        phrasebook(language)
    parse("")


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
