"""The paragraph for a model when no language model writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.directions.parse import parse
from generation.directions.vocabulary import Effect, Motion
from generation.prompts.template import CONTINUOUS, NO_WORDS, templated


def test_the_words_come_first_then_motion_camera_weather_and_light() -> None:
    said = templated(
        "the waves roll in, zoom in slowly then pan left, rain at night", Motion.AUTO, Effect.AUTO
    )
    assert said == (
        "the waves roll in, zoom in slowly then pan left, rain at night. "
        f"{CONTINUOUS} The camera zooms in slowly. Then the camera pans slowly to the left. "
        "It begins to rain. Night falls."
    )


def test_moves_of_one_shot_happen_at_the_same_time() -> None:
    said = templated("zoom in while panning left", Motion.AUTO, Effect.AUTO)
    assert "The camera zooms in slowly. At the same time the camera pans slowly" in said


def test_what_was_chosen_by_name_is_said_and_what_it_replaces_is_not_said_again() -> None:
    said = templated("it rains", Motion.STILL, Effect.SNOW)
    assert said.endswith("The camera stays completely still. It begins to snow.")


@pytest.mark.parametrize("nothing", ["", "   "])
def test_without_words_only_slow_natural_motion_is_described(nothing: str) -> None:
    said = templated(nothing, Motion.AUTO, Effect.AUTO)
    assert said == f"{NO_WORDS} {CONTINUOUS}"
    assert parse(said).effects == ()
    assert parse(said).shots == ()


@given(st.text(max_size=60), st.sampled_from(Motion), st.sampled_from(Effect))
def test_the_persons_words_stand_in_it_as_they_were_typed(
    text: str, motion: Motion, effect: Effect
) -> None:
    assert " ".join(text.split()) in templated(text, motion, effect)
