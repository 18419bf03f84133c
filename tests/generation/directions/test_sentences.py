"""What is said back to people, and what is said to a model."""

from __future__ import annotations

import pytest

from generation.directions.describe import describe
from generation.directions.parse import parse
from generation.directions.sentences import DEFAULT_PROMPT, effective_prompt
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from tests.generation.directions.test_prompts import corpus

MOTIONS = [motion for motion in Motion if motion is not Motion.AUTO]
EFFECTS = [effect for effect in Effect if effect is not Effect.NONE]


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (
            "slowly pan to the right, then zoom in, it rains",
            "Camera: slow pan to the right, then zoom in. Weather: rain.",
        ),
        ("pan left and tilt up a bit", "Camera: pan to the left and slight tilt up."),
        ("night falls, snow", "Weather: snow. Light: night."),
        ("keep the camera still", "Camera: still."),
        ("she smiles", ""),
        ("", ""),
    ],
)
def test_what_was_understood_is_said_in_one_line(prompt: str, said: str) -> None:
    assert describe(parse(prompt)) == said


@pytest.mark.parametrize("motion", MOTIONS)
def test_every_motion_can_be_described(motion: Motion) -> None:
    said = describe(Directions(((Move(motion, Speed.QUICK, Degree.STRONG),),)))
    assert said.startswith("Camera: quick strong ")


@pytest.mark.parametrize("motion", MOTIONS)
def test_a_chosen_motion_becomes_a_sentence_once(motion: Motion) -> None:
    once = effective_prompt("a red door", motion, Effect.NONE)
    assert once.startswith("a red door. ")
    assert [move.motion for shot in parse(once).shots for move in shot] == [motion]
    assert effective_prompt(once, motion, Effect.NONE) == once


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_chosen_effect_becomes_a_sentence_once(effect: Effect) -> None:
    once = effective_prompt("a red door!", Motion.AUTO, effect)
    assert once.startswith("a red door! ")
    assert parse(once) == Directions((), (effect,))
    assert effective_prompt(once, Motion.AUTO, effect) == once


def test_the_words_set_the_pace_of_a_chosen_motion() -> None:
    assert effective_prompt("quickly zoom in", Motion.PAN_LEFT, Effect.NONE).endswith(
        "The camera pans quickly to the left."
    )


def test_without_a_choice_the_prompt_stays_as_it_was_written() -> None:
    for told in corpus("seen"):
        if prompt := told["prompt"].strip():
            assert effective_prompt(prompt, Motion.AUTO, Effect.NONE) == prompt


def test_an_empty_prompt_asks_for_gentle_motion() -> None:
    assert effective_prompt("  ", Motion.AUTO, Effect.NONE) == DEFAULT_PROMPT
    assert parse(DEFAULT_PROMPT) == Directions()
    asked = effective_prompt("", Motion.ZOOM_IN, Effect.RAIN)
    assert asked == f"{DEFAULT_PROMPT} The camera zooms in slowly. It begins to rain."
