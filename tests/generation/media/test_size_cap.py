"""A clip is never larger than the chat takes."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from generation.media.encode import EncodingFailed
from generation.media.h264 import rate_within
from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from tests.generation.media.clips import encoded, encoder, noise, recipe

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("side", "frames", "cap"),
    [
        (256, 9, 200_000),
        (256, 25, 200_000),
        (256, 257, 200_000),
        (512, 25, 500_000),
        (512, 25, 2_000_000),
        (512, 25, 50_000_000),
    ],
)
def test_noise_stays_under_the_cap(tmp_path: Path, side: int, frames: int, cap: int) -> None:
    asked = recipe(width=side, height=side, frames=frames)
    with encoder(tmp_path, asked, size_cap=cap) as target:
        for batch in noise(asked):
            target.write(batch)
        clip = target.finish()
    assert clip.size == clip.path.stat().st_size <= cap


@pytest.mark.parametrize("cap", [4_000, 4_400, 4_800])
def test_a_clip_above_the_cap_is_encoded_again(tmp_path: Path, cap: int) -> None:
    asked = recipe(width=512, height=256, frames=49)  # x264 misses so low a rate at first
    clip = encoded(tmp_path, asked, size_cap=cap)
    assert clip.size <= cap
    found = probe(clip.path)
    assert (found.frames, found.profile, found.moov_first) == (49, "High", True)
    assert read_recipe(clip.path) == asked
    assert source_of(clip.path) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "clip.jpg"}


def test_a_cap_that_nothing_fits_fails_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EncodingFailed):
        encoded(tmp_path, size_cap=1_000)
    assert list(tmp_path.iterdir()) == []


def test_a_cap_costs_a_clip_that_is_small_anyway_nothing(tmp_path: Path) -> None:
    free = encoded(tmp_path, recipe(frames=25))
    capped = encoded(tmp_path, recipe(frames=25), size_cap=10_000_000)
    assert capped.size == pytest.approx(free.size, rel=0.05)


def test_a_generous_cap_asks_no_more_of_a_telephone_than_level_4_1(tmp_path: Path) -> None:
    clip = encoded(tmp_path, recipe(width=256, height=256), size_cap=50_000_000)
    with av.open(str(clip.path)) as container:
        level = container.streams.video[0].codec_context.level
    assert level is not None
    assert level <= 41


def test_a_rate_is_always_one_that_x264_takes() -> None:
    assert rate_within(-5_000, 1.0) == 1_000
    assert rate_within(10**12, 0.1) == 62_500_000
    assert rate_within(1_000_000, 9.0) == 784_000
