"""What a body's plain values may be, field by field."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from bot.platforms.web.film_body import SceneBody
from bot.platforms.web.form_fields import NewVideo, validated
from generation.errors import UnsupportedOption

NUMBERS = {"seconds", "num_frames", "fps", "seed", "num_inference_steps", "guidance_scale"} | {
    "strength",
    "motion_strength",
    "variations",
}


@pytest.mark.parametrize("kind", [NewVideo, SceneBody])
@pytest.mark.parametrize("truth", [True, False])
def test_true_and_false_are_no_numbers(kind: type[BaseModel], truth: bool) -> None:
    refused = set()
    for name in kind.model_fields:
        try:
            validated({name: truth}, kind)
        except UnsupportedOption as error:
            if error.reason in {"number", "whole_number"}:
                refused.add(error.param)
    assert refused == NUMBERS & kind.model_fields.keys()
    assert refused
