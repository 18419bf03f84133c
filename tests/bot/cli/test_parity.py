"""What the API can be asked for, `photoplay animate` can be asked for too."""

from __future__ import annotations

from inspect import signature

from bot.cli.commands import animate
from bot.platforms.web.request_body import VideoBody

CALLED = {
    "negative_prompt": "negative",
    "num_frames": "frames",
    "num_inference_steps": "steps",
    "guidance_scale": "guidance",
    "input_reference": "arguments",
    "end_reference": "end",
    "model": "engine",
}
"""The same by a shorter name."""

OF_A_SERVER = {"webhook_url", "scenes", "transition", "fit"}
"""A film has a command of its own."""


def test_every_field_of_the_api_is_an_option_of_the_command() -> None:
    options = signature(animate).parameters.keys()
    fields = VideoBody.model_fields.keys() - OF_A_SERVER
    assert {CALLED.get(field, field) for field in fields} <= options
