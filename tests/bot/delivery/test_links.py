"""A signed address opens one clip, for as long as it is kept, and nothing else."""

from __future__ import annotations

import pytest

from bot.delivery.links import Links
from generation.errors import JobNotFound

JOB = "video_aaaaaaaaaaaaaaaaaa"


def links(*, secret: bytes = b"secret", valid_for: float = 60.0) -> Links:
    return Links("https://example.org/", secret, valid_for=valid_for)


def test_an_address_names_its_clip_and_cannot_be_made_by_others() -> None:
    address = links().to(JOB)
    assert address is not None
    prefix, _, signed = address.rpartition("/")
    assert prefix == "https://example.org/clips"
    assert links().job(signed) == JOB
    for wrong in (signed[:-1], f"{signed}x", "", JOB):
        with pytest.raises(JobNotFound):
            links().job(wrong)
    with pytest.raises(JobNotFound):
        links(secret=b"another").job(signed)


def test_an_address_ends_with_the_clip() -> None:
    address = links().to(JOB)
    assert address is not None
    with pytest.raises(JobNotFound):
        links(valid_for=-1.0).job(address.rpartition("/")[2])


def test_without_a_public_page_there_is_no_address() -> None:
    assert Links(None, b"secret", valid_for=60.0).to(JOB) is None
