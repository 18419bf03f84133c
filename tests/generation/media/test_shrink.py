"""A chat that refuses the original gets the same clip, smaller."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from generation.media.errors import EncodingFailed
from generation.media.marking import DigitalSource, source_of
from generation.media.mp4_boxes import BrokenClip
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from generation.media.shrink import fit
from tests.generation.media.clips import encoder, encoders, noise, recipe

pytestmark = pytest.mark.slow


def noisy(folder: Path) -> Path:
    """About a megabyte."""
    asked = recipe(width=256, height=256, frames=49)
    with encoder(folder, asked) as target:
        for batch in noise(asked):
            target.write(batch)
        return target.finish().path


def test_the_copy_is_the_same_clip_under_the_limit(tmp_path: Path) -> None:
    clip = noisy(tmp_path)
    limit = clip.stat().st_size // 3
    fit(clip, tmp_path / "copy.mp4", limit)
    assert (tmp_path / "copy.mp4").stat().st_size <= limit
    before, after = probe(clip), probe(tmp_path / "copy.mp4")
    assert (after.frames, after.fps, after.profile) == (before.frames, before.fps, "High")
    assert after.moov_first
    assert read_recipe(tmp_path / "copy.mp4") == read_recipe(clip)
    assert source_of(tmp_path / "copy.mp4") is DigitalSource.TRAINED_ALGORITHMIC_MEDIA


def test_a_limit_that_nothing_fits_leaves_nothing_behind(tmp_path: Path) -> None:
    clip = noisy(tmp_path)
    with pytest.raises(EncodingFailed):
        fit(clip, tmp_path / "copy.mp4", 2_000)
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "clip.jpg"}


def test_a_clip_that_is_not_ours_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "theirs.mp4").write_bytes(b"nothing of the kind")
    with pytest.raises(BrokenClip):
        fit(tmp_path / "theirs.mp4", tmp_path / "copy.mp4", 10_000)


def test_an_encoder_killed_once_is_started_again(tmp_path: Path) -> None:
    clip, killed = noisy(tmp_path), threading.Event()

    def kill_the_first() -> None:
        while not (running := encoders()):
            time.sleep(0.005)
        running[0].kill()
        killed.set()

    threading.Thread(target=kill_the_first, daemon=True).start()
    fit(clip, tmp_path / "copy.mp4", clip.stat().st_size // 3)
    assert killed.is_set()
    assert probe(tmp_path / "copy.mp4").frames == 49
