"""Buttons keep working after a restart, and say so when they are too old to."""

from __future__ import annotations

import pytest

from bot.chat.buttons import Outdated, Pressed, Verb, button, parse_button
from generation.store.put_values import new_job_id


@pytest.mark.parametrize("verb", Verb)
def test_a_button_is_read_as_it_was_written_and_fits_every_platform(verb: Verb) -> None:
    job_id = new_job_id()
    text = button(verb, job_id)
    assert text == f"v1|{verb}|{job_id}"
    assert len(text.encode()) <= 64
    assert parse_button(text) == Pressed(verb, job_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v0|cancel|video_aaaaaaaaaaaaaaaaaa",
        "v1|explode|video_aaaaaaaaaaaaaaaaaa",
        "v1|cancel|video_short",
        "v1|cancel|video_aaaaaaaaaaaaaaaaaa\n",
        "v1|cancel|video_AAAAAAAAAAAAAAAAAA",
        "v1|cancel|video_aaaaaaaaaaaaaaaaaa|more",
    ],
)
def test_anything_else_is_outdated(text: str) -> None:
    assert parse_button(text) == Outdated()
