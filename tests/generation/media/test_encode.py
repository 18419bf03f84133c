"""What a finished clip is, judged by a decoder that did not write it."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from generation.media.frames import Frames
from generation.media.h264 import threads_of
from generation.media.probe import probe
from generation.media.recipe import Recipe
from tests.generation.media.clips import encoded, encoder, encoders, gradient, noise, recipe

pytestmark = pytest.mark.slow

CARD = (
    *((255, 255, 255), (128, 128, 128), (64, 64, 64), (18, 18, 18)),
    *((255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)),
    *((255, 255, 0), (0, 255, 255), (255, 0, 255), (240, 240, 240)),
    *((200, 120, 40), (30, 90, 200), (90, 200, 30), (180, 150, 130)),
)
PATCH = 64


def colour_card() -> Frames:
    """One frame of 4 × 4 patches, each `PATCH` pixels a side."""
    small = np.array(CARD, np.uint8).reshape(1, 4, 4, 3)
    return small.repeat(PATCH, axis=1).repeat(PATCH, axis=2)


def as_a_player_shows_it(frame: av.VideoFrame) -> NDArray[np.float64]:
    """BT.709 in studio range to RGB, by ITU-R BT.709-6 section 3, in floating point."""
    planes = [
        np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
        for plane in frame.planes
    ]
    luma, blue, red = (
        plane[:, : shape.width].astype(np.float64)
        for plane, shape in zip(planes, frame.planes, strict=True)
    )
    y = (luma - 16) / 219
    cb, cr = ((c.repeat(2, axis=0).repeat(2, axis=1) - 128) / 224 for c in (blue, red))
    r, b = y + 1.5748 * cr, y + 1.8556 * cb
    g = (y - 0.2126 * r - 0.0722 * b) / 0.7152
    return np.stack([r, g, b], axis=-1).clip(0, 1) * 255


def test_a_clip_is_what_the_contract_says(tmp_path: Path) -> None:
    asked = recipe(width=96, height=64, frames=25, fps=24)
    clip = encoded(tmp_path, asked)
    found = probe(clip.path)
    assert (found.codec, found.profile, found.pix_fmt) == ("h264", "High", "yuv420p")
    assert (found.width, found.height, found.fps) == (96, 64, Fraction(24))
    assert found.moov_first
    assert not found.has_audio
    assert found.duration == pytest.approx(25 / 24, abs=1e-4)


def test_the_clip_handed_back_describes_the_file(tmp_path: Path) -> None:
    asked = recipe()
    clip = encoded(tmp_path, asked)
    assert clip.path == tmp_path / "clip.mp4"
    assert clip.size == clip.path.stat().st_size
    assert (clip.width, clip.height, clip.frames) == (asked.width, asked.height, asked.frames)
    assert (clip.fps, clip.seed) == (asked.fps, asked.seed)


@pytest.mark.parametrize(("frames", "fps"), [(9, 24), (17, 30), (97, 8), (257, 24)])
def test_every_frame_handed_in_comes_out_at_a_constant_pace(
    tmp_path: Path, frames: int, fps: int
) -> None:
    clip = encoded(tmp_path, recipe(width=64, height=64, frames=frames, fps=fps))
    with av.open(str(clip.path)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([index / fps for index in range(frames)], abs=1e-4)


def test_a_player_finds_a_place_to_jump_to_every_two_seconds(tmp_path: Path) -> None:
    clip = encoded(tmp_path, recipe(width=64, height=64, frames=97, fps=24))
    with av.open(str(clip.path)) as container:
        jumps = [frame.time for frame in container.decode(video=0) if frame.key_frame]
    assert jumps[0] == 0
    assert max(np.diff([*jumps, 97 / 24])) <= 2


def test_frames_may_come_in_batches_of_any_size_and_layout(tmp_path: Path) -> None:
    asked = recipe(frames=17)
    frames = np.concatenate(list(gradient(asked)))
    mirrored = frames[:, :, ::-1]  # not contiguous
    with encoder(tmp_path, asked) as target:
        target.write(mirrored[:0])
        target.write(mirrored[:1])
        target.write(mirrored[1:14])
        target.write(mirrored[14:])
        clip = target.finish()
    with av.open(str(clip.path)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert first[48, 16].mean() > 150 > 100 > first[48, 48].mean()


def test_colours_stay_within_three_levels(tmp_path: Path) -> None:
    asked = recipe(width=4 * PATCH, height=4 * PATCH)
    with encoder(tmp_path, asked) as target:
        target.write(colour_card().repeat(asked.frames, axis=0))
        clip = target.finish()
    with av.open(str(clip.path)) as container:
        frame = next(container.decode(video=0))
    rgb = as_a_player_shows_it(frame).reshape(4, PATCH, 4, PATCH, 3)
    inner = rgb[:, 16:-16, :, 16:-16].mean(axis=(1, 3)).reshape(-1, 3)
    assert np.abs(inner - np.array(CARD)).max() < 3


def test_a_player_is_told_which_colours_they_are(tmp_path: Path) -> None:
    clip = encoded(tmp_path)
    with av.open(str(clip.path)) as container:
        frame = next(container.decode(video=0))
    bt709, studio_range = 1, 1  # ITU-T H.273; AVCOL_RANGE_MPEG
    assert (frame.colorspace, frame.color_primaries, frame.color_trc) == (bt709, bt709, bt709)
    assert frame.color_range == studio_range


@pytest.mark.parametrize(("width", "height"), [(704, 480), (480, 704), (1280, 320), (64, 64)])
def test_the_thumbnail_is_a_small_jpeg_of_the_first_frame(
    tmp_path: Path, width: int, height: int
) -> None:
    asked = recipe(width=width, height=height, frames=2)
    frames = np.zeros((2, height, width, 3), np.uint8)
    frames[0] = (200, 40, 90)
    with encoder(tmp_path, asked) as target:
        target.write(frames)
        target.finish()
    shown = cv2.imread(str(tmp_path / "clip.jpg"))
    assert shown is not None
    assert max(shown.shape[:2]) == min(320, max(width, height))
    assert shown.shape[1] / shown.shape[0] == pytest.approx(width / height, rel=0.01)
    assert np.abs(shown.mean(axis=(0, 1)) - (90, 40, 200)).max() < 4


def test_the_thumbnail_of_noise_stays_under_200_kb(tmp_path: Path) -> None:
    asked = recipe(width=640, height=640, frames=1)
    small = next(noise(recipe(width=320, height=320)))
    with encoder(tmp_path, asked) as target:
        target.write(small.repeat(2, axis=1).repeat(2, axis=2))
        target.finish()
    assert (tmp_path / "clip.jpg").stat().st_size < 200_000


def test_nothing_but_the_clip_and_its_thumbnail_is_left(tmp_path: Path) -> None:
    encoded(tmp_path)
    encoded(tmp_path)  # a second attempt replaces the first
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "clip.jpg"}


def test_until_the_end_only_temporary_names_are_seen(tmp_path: Path) -> None:
    with encoder(tmp_path) as target:
        for frames in gradient(recipe()):
            target.write(frames)
        assert {path.suffix for path in tmp_path.iterdir()} == {".part"}
        target.finish()


def test_other_users_of_the_machine_read_no_prompt_and_ffmpeg_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOPLAY_DISCORD__TOKEN", "secret")
    with encoder(tmp_path):
        [ffmpeg] = encoders()
        assert recipe().prompt not in " ".join(ffmpeg.cmdline())
        assert "PHOTOPLAY_DISCORD__TOKEN" not in ffmpeg.environ()


def peak_memory(folder: Path, asked: Recipe) -> int:
    """Bytes that Python and numpy held at most while the clip was made, frame by frame."""
    tracemalloc.start()
    try:
        with encoder(folder, asked) as target:
            for frames in gradient(asked):
                target.write(frames)
            target.finish()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path) -> None:
    encoded(tmp_path)  # imports and caches are not counted
    few = peak_memory(tmp_path, recipe(width=256, height=256, frames=9))
    many = peak_memory(tmp_path, recipe(width=256, height=256, frames=129))
    one_frame = 256 * 256 * 3
    assert many < few + one_frame


@pytest.mark.parametrize(("cores", "threads"), [(1, 2), (2, 2), (8, 4), (12, 6), (64, 8)])
def test_the_encoder_takes_half_of_the_cores(cores: int, threads: int) -> None:
    assert threads_of(cores) == threads
