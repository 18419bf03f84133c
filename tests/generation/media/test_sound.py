"""A clip with sound plays it for exactly as long as it shows pictures."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from generation.jobs import Clip
from generation.media.encode import ClipEncoder
from generation.media.frames import Samples
from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import Recipe, read_recipe
from generation.media.shrink import fit
from generation.media.sound import Sound
from tests.generation.media.clips import gradient, noise, recipe

pytestmark = pytest.mark.slow


def tone(seconds: float, rate: int = 24_000, channels: int = 2) -> Sound:
    """An A, as loud as it gets without clipping."""
    time = np.arange(round(seconds * rate), dtype=np.float32) / rate
    wave = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    return Sound(np.tile(wave, (channels, 1)), rate)


def sounding(
    folder: Path, sound: Sound | None, asked: Recipe, *, size_cap: int | None = None
) -> Clip:
    source = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    files = folder / "clip.mp4", folder / "clip.jpg"
    with ClipEncoder(
        files[0], asked, source=source, thumbnail=files[1], sound=sound, size_cap=size_cap
    ) as target:
        for frames in noise(asked) if size_cap else gradient(asked):
            target.write(frames)
        return target.finish()


def heard(clip: Path) -> tuple[Samples, int]:
    """(channels, samples) as a player gets them, and their rate."""
    with av.open(str(clip)) as container:
        stream = container.streams.audio[0]
        pieces = [frame.to_ndarray() for frame in container.decode(stream)]
        return np.concatenate(pieces, axis=1), stream.rate


@pytest.mark.parametrize("length", [0.5, 2.0, 5.0])
def test_the_sound_is_as_long_as_the_pictures(tmp_path: Path, length: float) -> None:
    clip = sounding(tmp_path, tone(length), recipe(frames=49))
    samples, rate = heard(clip.path)
    assert samples.shape[0] == 2
    assert samples.shape[1] / rate == pytest.approx(49 / 24, abs=2 * 1024 / rate)


def test_what_is_missing_is_silence(tmp_path: Path) -> None:
    samples, rate = heard(sounding(tmp_path, tone(0.5), recipe(frames=49)).path)
    assert np.abs(samples[:, : rate // 4]).max() > 0.5
    assert np.abs(samples[:, rate:]).max() < 0.01


@pytest.mark.parametrize(("given", "kept"), [(48_000, 48_000), (24_000, 24_000), (17_000, 48_000)])
def test_a_rate_that_players_know_is_kept(tmp_path: Path, given: int, kept: int) -> None:
    assert heard(sounding(tmp_path, tone(1, given), recipe()).path)[1] == kept


def test_one_channel_stays_one(tmp_path: Path) -> None:
    assert heard(sounding(tmp_path, tone(1, channels=1), recipe()).path)[0].shape[0] == 1


def test_recipe_mark_and_pictures_are_as_without_sound(tmp_path: Path) -> None:
    asked = recipe(frames=25)
    clip = sounding(tmp_path, tone(1), asked)
    found = probe(clip.path)
    assert (found.frames, found.fps, found.profile) == (25, 24, "High")  # type: ignore[comparison-overlap]
    assert found.moov_first
    assert found.has_audio
    assert read_recipe(clip.path) == asked
    assert source_of(clip.path) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "clip.jpg"}


@pytest.mark.parametrize("cap", [200_000, 500_000])
def test_the_cap_holds_with_sound(tmp_path: Path, cap: int) -> None:
    asked = recipe(width=256, height=256, frames=49)
    clip = sounding(tmp_path, tone(2), asked, size_cap=cap)
    assert clip.size <= cap
    assert probe(clip.path).has_audio


def test_a_smaller_copy_keeps_its_sound(tmp_path: Path) -> None:
    asked = recipe(width=256, height=256, frames=49)
    clip = sounding(tmp_path, tone(2), asked, size_cap=900_000)
    fit(clip.path, tmp_path / "copy.mp4", 300_000)
    assert (tmp_path / "copy.mp4").stat().st_size <= 300_000
    assert heard(tmp_path / "copy.mp4")[0].shape == heard(clip.path)[0].shape


def test_samples_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    broken = Sound(np.full((2, 24_000), np.nan, np.float32), 24_000)
    assert np.abs(heard(sounding(tmp_path, broken, recipe()).path)[0]).max() < 0.001


def test_without_sound_there_is_no_track(tmp_path: Path) -> None:
    assert not probe(sounding(tmp_path, None, recipe()).path).has_audio


@pytest.mark.parametrize("shape", [(3, 10), (10,)])
def test_what_is_no_sound_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="is no sound"):
        Sound(np.zeros(shape, np.float32), 24_000)
