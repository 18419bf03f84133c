"""A motion strength steers a model by the picture's noise, the guidance and the hold on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generation.directions.parse import parse
from generation.directions.sentences import lively
from generation.directions.vocabulary import Directions
from generation.jobs import AnimationRequest
from generation.pipelines.ltx.liveliness import guidance_of, hold_of, noise_of
from generation.pipelines.ltx.profiles import profile_of

PROFILE = profile_of("LTX-Video-0.9.7-dev")
DISTILLED = profile_of("LTX-Video-0.9.7-distilled")
REQUEST = AnimationRequest("waves", "picture", 64, 64, 9, 24, seed=1)
STRENGTHS = [replace(REQUEST, motion_strength=strength) for strength in range(5)]


def test_more_of_it_loosens_what_holds_a_clip_still() -> None:
    assert PROFILE
    noise = [noise_of(request, PROFILE) for request in STRENGTHS]
    guidance = [guidance_of(request, PROFILE) for request in STRENGTHS]
    hold = [hold_of(request) for request in STRENGTHS]
    assert noise == sorted(set(noise))
    assert guidance == sorted(set(guidance))
    assert hold == sorted(hold, reverse=True)
    assert hold[4] < hold[2] == 1.0


def test_the_usual_strength_is_what_it_is_without_one() -> None:
    assert PROFILE
    for request in (REQUEST, STRENGTHS[2]):
        assert noise_of(request, PROFILE) == PROFILE.image_noise
        assert guidance_of(request, PROFILE) == PROFILE.guidance
        assert hold_of(request) == 1.0


def test_what_somebody_set_by_number_stays() -> None:
    assert PROFILE
    asked = replace(STRENGTHS[4], guidance_scale=7.5, strength=0.7)
    assert (guidance_of(asked, PROFILE), hold_of(asked)) == (7.5, 0.7)


def test_a_distilled_model_keeps_running_without_guidance() -> None:
    assert DISTILLED
    assert {guidance_of(request, DISTILLED) for request in STRENGTHS} == {1.0}


@pytest.mark.parametrize("strength", range(5))
def test_its_words_ask_nothing_of_the_camera(strength: int) -> None:
    told = lively("a red door", strength)
    assert parse(told) == Directions()
    assert (told == "a red door") == (strength == 2)
    assert lively(told, strength) == told
