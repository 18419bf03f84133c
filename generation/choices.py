"""What people are told where their words and what they chose by name do not go together."""

from __future__ import annotations

from generation.directions.parse import parse, refused
from generation.directions.vocabulary import Directions, Effect, Motion
from generation.notes import Note


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
