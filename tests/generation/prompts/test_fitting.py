"""A model that reads little is told the camera and the weather first."""

from __future__ import annotations

import pytest

from generation.directions.parse import directions_for
from generation.directions.sentences import LIVELINESS, effective_prompt, lively
from generation.directions.vocabulary import Directions, Effect, Motion
from generation.prompts.fitting import Fitted, fitted
from generation.prompts.prompt_help import words_within
from generation.prompts.template import CONTINUOUS, templated

CAMERA = "The camera pans slowly to the left."
SNOW = "It begins to snow."
LONG = "Eine Frau geht durch die Stadt. Sie trägt einen roten Mantel und lacht, " + "ja " * 60


def within(words: int, text: str, asked: Directions) -> Fitted:
    return fitted(text, asked, lambda it: len(it.split()) <= words)


def wished(words: str = "", motion: Motion = Motion.PAN_LEFT) -> Directions:
    return directions_for(words, motion, Effect.SNOW)


def test_what_fits_stays_as_it_is() -> None:
    text = templated("waves", Motion.PAN_LEFT, Effect.SNOW)
    assert within(100, text, wished("waves")) == Fitted(text, False)


def test_our_own_embellishment_goes_first_and_nobody_is_told_of_it() -> None:
    text = templated("waves roll in", Motion.PAN_LEFT, Effect.SNOW)
    assert CONTINUOUS in text
    assert within(15, text, wished()) == Fitted(f"waves roll in. {CAMERA} {SNOW}", False)
    nothing = templated("", Motion.PAN_LEFT, Effect.SNOW)
    assert within(11, nothing, wished()) == Fitted(f"{CAMERA} {SNOW}", False)


@pytest.mark.parametrize("most", [11, 14, 20, 40, 70])
@pytest.mark.parametrize("write", [templated, effective_prompt])
def test_of_words_the_end_goes_and_the_wishes_stay(most: int, write: object) -> None:
    assert callable(write)
    text = lively(write(LONG, Motion.PAN_LEFT, Effect.SNOW), 4 if most > 20 else None)
    cut = within(most, text, wished())
    assert cut.left_out
    assert len(cut.text.split()) <= most
    assert f"{CAMERA} {SNOW}" in cut.text
    assert (LIVELINESS[4] in cut.text) == (most > 20)
    assert cut.text.startswith("Eine Frau" if most > 12 else CAMERA)


def test_what_a_language_model_says_of_the_camera_at_the_end_is_said_in_short() -> None:
    answer = (
        f"A woman walks through the city. {'She smiles. ' * 40}Snow falls. The camera pans left."
    )
    cut = within(30, answer, wished("schwenk nach links, es schneit", Motion.AUTO))
    assert cut.text.endswith(f"{CAMERA} {SNOW}")
    assert len(cut.text.split()) <= 30


def test_an_answer_is_asked_for_that_fits() -> None:
    assert [words_within(tokens) for tokens in (128, 256, 1024)] == [70, 120, 120]
