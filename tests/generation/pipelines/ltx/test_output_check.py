"""Clips that hold still or stay dark are told from those that move."""

from __future__ import annotations

import numpy as np
import pytest

from generation.media.frames import Frames
from generation.pipelines.ltx.output_check import Black, Good, Static, judge


def clip(shift: float, *, level: int = 128, noise: int = 0, frames: int = 33) -> Frames:
    """A smooth picture that moves by `shift` pixels a frame, with `noise` levels of shimmer."""
    source = np.random.default_rng(7)
    x = np.arange(160)[None, :] + np.zeros((96, 1))
    made = []
    for index in range(frames):
        wave = level + 60 * np.sin((x + shift * index) / 12)
        shimmer = source.integers(-noise, noise + 1, wave.shape) if noise else 0
        made.append(np.clip(wave + shimmer, 0, 255).astype(np.uint8))
    return np.repeat(np.stack(made)[..., None], 3, axis=3)


def test_a_clip_that_moves_is_good() -> None:
    assert judge(clip(0.5)) == Good()


def test_a_picture_that_only_shimmers_is_static() -> None:
    assert judge(clip(0)) == Static()
    assert judge(clip(0, noise=1), still=1.5) == Static()


def test_a_movement_that_comes_late_counts() -> None:
    frames = clip(0)
    frames[25:] = clip(3)[25:]
    assert judge(frames) == Good()


def test_a_dark_clip_is_black_even_where_it_moves() -> None:
    assert judge(clip(2) // 60) == Black()


def test_a_night_scene_is_not_black() -> None:
    assert judge(clip(2) // 8) == Good()


@pytest.mark.parametrize("frames", [1, 2, 9])
def test_short_clips_are_judged_as_well(frames: int) -> None:
    assert judge(clip(2, frames=frames)) == Good()


def test_both_thresholds_are_the_callers_to_set() -> None:
    assert judge(clip(0.5), still=1000) == Static()
    assert judge(clip(0.5), dark=1000) == Black()
