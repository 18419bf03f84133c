"""What LTX-Video is shown: soft, compressed pictures; films and LTX-2's own way are let alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.media.frames import Frames
from generation.pipelines.ltx import learned_look
from generation.pipelines.ltx.conditioning import Condition, Plan
from generation.pipelines.ltx.learned_look import as_learned, learned, softened
from generation.pipelines.ltx.options import Compile, LtxOptions
from generation.pipelines.ltx.output_check import Good, Judgement, Static
from generation.pipelines.ltx.previous_clip import PreviousClip
from tests.generation.pipelines.ltx.conftest import opened
from tests.generation.pipelines.ltx.recording_stage import (
    MODEL_MARKS,
    Recorder,
    animation,
    painted,
)

PICTURE = painted(5, (96, 64))
NOISY = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8))


def test_a_point_is_spread_as_a_gaussian_of_three_pixels() -> None:
    point = np.zeros((5, 5, 3), np.uint8)
    point[2, 2] = 255
    assert softened(point)[1:4, 1:4, 0].tolist() == [[19, 32, 19], [32, 52, 32], [19, 32, 19]]
    assert softened(np.full((4, 4, 3), 77, np.uint8)).tolist() == [[[77] * 3] * 4] * 4


@pytest.mark.slow
def test_the_second_time_is_coarser_and_the_colours_stay() -> None:
    soft = softened(np.asarray(NOISY)).astype(int)
    first, second = (np.asarray(learned(NOISY, crf)).astype(int) for crf in (29, 51))
    assert 1 < np.abs(first - soft).mean() < np.abs(second - soft).mean()
    seen = np.asarray(learned(PICTURE, 29)).astype(int)
    assert np.abs(seen - np.asarray(PICTURE)).mean() < 4
    assert np.abs((seen - np.asarray(PICTURE)).mean(axis=(0, 1))).max() < 1.5


def test_pictures_are_prepared_and_frames_of_a_film_are_not() -> None:
    film = Plan((Condition((PICTURE,) * 9, 0), Condition((NOISY,), 24)), 25, 25)
    goes_on = replace(film, previous=PreviousClip(Path("old.mp4"), 25, 9))
    assert as_learned(film, 0) is film
    shown = as_learned(goes_on, 29)
    assert shown.conditions[0].pictures == goes_on.conditions[0].pictures
    assert shown.conditions[1].pictures[0].tobytes() != NOISY.tobytes()
    assert [it.at for it in shown.conditions] == [0, 24]


def test_without_an_encoder_a_picture_is_only_soft(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    learned_look._compressed.cache_clear()
    assert learned(NOISY, 30).tobytes() == softened(np.asarray(NOISY)).tobytes()
    assert "named_ffmpeg" in caplog.text or "encoder" in caplog.text


def judged(*judgements: Judgement) -> Callable[[Frames], Judgement]:
    left = list(judgements)
    return lambda frames: left.pop(0)


class TestTheFirstModel:
    """The extra noise of a second try does nothing for it."""

    pytestmark = MODEL_MARKS

    def test_sees_its_picture_coarser_at_the_second_try(
        self, checkpoint: Callable[[str], Path], tmp_path: Path
    ) -> None:
        NOISY.save(tmp_path / "first.png")
        folder = checkpoint("first")
        warm = opened(folder, LtxOptions(str(folder), "cpu", compile=Compile.OFF))
        seen: list[bytes] = []
        warm.pipe.vae.encoder.register_forward_pre_hook(
            lambda module, given: seen.append(given[0].numpy().tobytes())
        )
        warm.render(animation(tmp_path), Recorder(), judged(Static(), Good()))
        for_the_preview, first, again, second = seen
        assert for_the_preview == again
        assert len({again, first, second}) == 3
