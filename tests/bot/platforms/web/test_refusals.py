"""A refusal over HTTP: by the API's own names, with a wait only where waiting helps."""

from __future__ import annotations

import json

import pytest

from bot.language.catalogue import load_texts
from bot.platforms.web.errors import RETRY_WHEN_FULL, from_rejection
from generation.errors import QuotaExceeded, UnsupportedOption

ENGLISH = load_texts().of("en")


def test_a_refusal_names_the_field_as_the_api_does() -> None:
    answer = from_rejection(UnsupportedOption("not_in_engine", "end_image", engine="x"), ENGLISH)
    error = json.loads(bytes(answer.body))["error"]
    assert (error["param"], error["message"][:11]) == ("end_reference", "End picture")


@pytest.mark.parametrize(
    ("clips", "free_in", "told"),
    [(4, 90.0, "90"), (4, None, str(RETRY_WHEN_FULL)), (7, None, None)],
)
def test_who_asks_for_more_than_there_ever_is_is_not_told_to_wait(
    clips: int, free_in: float | None, told: str | None
) -> None:
    refused = QuotaExceeded(
        "several_hour", used=4, most=6, retry_after=free_in, clips=clips, left=2
    )
    assert from_rejection(refused, ENGLISH).headers.get("Retry-After") == told
