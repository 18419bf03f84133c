"""What is noted for people, and what is said to a model."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.directions.describe import described, moves_of
from generation.directions.parse import parse
from generation.directions.sentences import DEFAULT_PROMPT, effective_prompt
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.notes import Note
from tests.generation.directions.test_prompts import corpus

MOTIONS = [motion for motion in Motion if motion is not Motion.AUTO]
MOVES = st.builds(Move, st.sampled_from(Motion), st.sampled_from(Speed), st.sampled_from(Degree))
EFFECTS = [effect for effect in Effect if effect not in (Effect.AUTO, Effect.NONE)]


@pytest.mark.parametrize(
    ("prompt", "notes"),
    [
        (
            "slowly pan to the right, then zoom in, it rains",
            [
                Note("camera", shots=("pan-right slow normal", "zoom-in normal normal")),
                Note("weather", effects=("rain",)),
            ],
        ),
        (
            "pan left and tilt up a bit",
            [Note("camera", shots=("pan-left normal normal + tilt-up normal slight",))],
        ),
        (
            "night falls, snow",
            [Note("weather", effects=("snow",)), Note("light", effects=("night",))],
        ),
        ("she smiles", []),
        ("", []),
    ],
)
def test_what_was_understood_is_noted(prompt: str, notes: list[Note]) -> None:
    assert described(parse(prompt)) == notes


@given(st.lists(MOVES, min_size=1, max_size=3))
def test_the_moves_of_a_shot_are_read_back_from_its_note(moves: list[Move]) -> None:
    [note] = described(Directions((tuple(moves),)))
    assert [moves_of(shot) for shot in cast(tuple[str, ...], note.facts["shots"])] == [moves]


@pytest.mark.parametrize("motion", MOTIONS)
def test_a_chosen_motion_becomes_a_sentence_once(motion: Motion) -> None:
    once = effective_prompt("a red door", motion, Effect.AUTO)
    assert once.startswith("a red door. ")
    assert [move.motion for shot in parse(once).shots for move in shot] == [motion]
    assert effective_prompt(once, motion, Effect.AUTO) == once


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_chosen_effect_becomes_a_sentence_once(effect: Effect) -> None:
    once = effective_prompt("a red door!", Motion.AUTO, effect)
    assert once.startswith("a red door! ")
    assert parse(once) == Directions((), (effect,))
    assert effective_prompt(once, Motion.AUTO, effect) == once


def test_the_words_set_the_pace_of_a_chosen_motion() -> None:
    assert effective_prompt("quickly zoom in", Motion.PAN_LEFT, Effect.AUTO).endswith(
        "The camera pans quickly to the left."
    )


def test_without_a_choice_the_prompt_stays_as_it_was_written() -> None:
    for told in corpus("seen"):
        if prompt := told["prompt"].strip():
            assert effective_prompt(prompt, Motion.AUTO, Effect.AUTO) == prompt


def test_an_empty_prompt_asks_for_gentle_motion() -> None:
    assert effective_prompt("  ", Motion.AUTO, Effect.AUTO) == DEFAULT_PROMPT
    assert parse(DEFAULT_PROMPT) == Directions()
    asked = effective_prompt("", Motion.ZOOM_IN, Effect.RAIN)
    assert asked == f"{DEFAULT_PROMPT} The camera zooms in slowly. It begins to rain."
