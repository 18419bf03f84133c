"""Every kind of checkpoint makes what was asked: exactly, again the same, and until cancelled."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from generation.directions.vocabulary import Effect, Motion
from generation.engine.pipeline import Interrupted
from generation.errors import GenerationFailed
from generation.events import PhaseName
from generation.media.frames import Frames
from generation.notes import Note
from tests.fakes.hub import checkpoints
from tests.fakes.hub.checkpoint_parts import library
from tests.generation.pipelines.ltx.conftest import KINDS, opened
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, animation, asked

if TYPE_CHECKING:
    from generation.pipelines.ltx.output_check import Judgement
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS
Sessions = Callable[[str], "Session"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_hands_on_exactly_the_frames_and_counts_the_steps(
    kind: str, session: Sessions, tmp_path: Path
) -> None:
    stage = Recorder()
    session(kind).render(animation(tmp_path), stage, good)
    assert stage.clip.shape == (17, 64, 96, 3)
    assert stage.clip.dtype == np.uint8
    total = {"condition-distilled": 7, "ltx2-distilled": 8}.get(kind, 3)
    assert stage.steps == [(index, total) for index in range(1, total + 1)]
    assert stage.phases == [PhaseName.PREPARE, PhaseName.STEP, PhaseName.DECODE]
    assert stage.notes == []


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_cancel_the_next_job_is_the_same_as_ever(
    kind: str, session: Sessions, tmp_path: Path
) -> None:
    first, again = Recorder(), Recorder()
    session(kind).render(animation(tmp_path), first, good)
    cancelled = Recorder(lasts=2)
    with pytest.raises(Interrupted):
        session(kind).render(animation(tmp_path), cancelled, good)
    assert len(cancelled.steps) == 2
    session(kind).render(animation(tmp_path), again, good)
    assert np.array_equal(first.clip, again.clip)
    assert first.previews == again.previews


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_is_another_clip(kind: str, session: Sessions, tmp_path: Path) -> None:
    first, other = Recorder(), Recorder()
    session(kind).render(animation(tmp_path), first, good)
    session(kind).render(asked(tmp_path, seed=8), other, good)
    assert not np.array_equal(first.clip, other.clip)


def test_a_cancel_before_the_decoder_spares_it(session: Sessions, tmp_path: Path) -> None:
    stage = Recorder(until=PhaseName.DECODE)
    with pytest.raises(Interrupted):
        session("condition").render(animation(tmp_path), stage, good)
    assert stage.steps[-1] == (3, 3)
    assert stage.batches == []


@pytest.mark.parametrize("kind", KINDS)
def test_while_it_works_it_shows_what_it_believes(
    kind: str, session: Sessions, tmp_path: Path
) -> None:
    stage = Recorder()
    session(kind).render(asked(tmp_path, num_inference_steps=4), stage, good)
    assert len(stage.previews) == len(stage.steps) - 1  # one step alone shows no direction
    with Image.open(io.BytesIO(stage.previews[-1])) as shown:
        assert shown.format == "JPEG"
        assert shown.size == (176, 117)


@pytest.mark.parametrize("kind", ["first", "timestep", "condition"])
def test_it_makes_what_diffusers_own_call_makes(
    kind: str, checkpoint: Callable[[str], Path], session: Sessions, tmp_path: Path
) -> None:
    """Prompts encoded before, latents decoded apart, bytes made on the device: nothing is lost."""
    import torch
    from PIL import ImageOps

    from generation.pipelines.ltx.detection import profile_for
    from generation.pipelines.ltx.negative_prompts import LTX_VIDEO

    stage, wanted = Recorder(), animation(tmp_path)
    session(kind).render(wanted, stage, good)
    pipe = checkpoints.plain().from_pretrained(checkpoint(kind), local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    profile = profile_for(str(checkpoint(kind)))
    with Image.open(wanted.image) as picture:
        image = ImageOps.fit(picture, (96, 64), Image.Resampling.LANCZOS)
    theirs = pipe(
        image=image,
        prompt=wanted.request.prompt,
        negative_prompt=LTX_VIDEO,
        width=96,
        height=64,
        num_frames=17,
        frame_rate=24,
        num_inference_steps=3,
        guidance_rescale=profile.guidance_rescale,
        decode_timestep=profile.decode_timestep,
        decode_noise_scale=profile.decode_noise,
        generator=torch.Generator().manual_seed(7),
        output_type="pt",
    ).frames[0]
    levels = (theirs * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    assert np.abs(stage.clip.astype(int) - levels).max() <= 1


def test_a_cache_of_steps_does_not_outlive_a_cancel(
    checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    warm, first, again = opened(checkpoint("first")), Recorder(), Recorder()
    warm.pipe.transformer.enable_cache(library().FirstBlockCacheConfig(threshold=0.2))
    warm.render(animation(tmp_path), first, good)
    with pytest.raises(Interrupted):
        warm.render(asked(tmp_path, width=64, num_frames=9), Recorder(lasts=2), good)
    warm.render(animation(tmp_path), again, good)
    assert np.array_equal(first.clip, again.clip)


def test_the_requests_own_numbers_win(session: Sessions, tmp_path: Path) -> None:
    stage, calls = Recorder(), Batches(session("condition"))
    session("condition").render(
        asked(tmp_path, num_inference_steps=5, guidance_scale=1.0), stage, good
    )
    calls.close()
    assert stage.steps[-1] == (5, 5)
    assert calls.sizes == [1] * 5  # no guidance: nothing is computed twice


@pytest.mark.parametrize("kind", ["first", "condition", "condition-distilled", "ltx2-distilled"])
def test_one_model_call_a_step(kind: str, session: Sessions, tmp_path: Path) -> None:
    stage, calls = Recorder(), Batches(session(kind))
    session(kind).render(animation(tmp_path), stage, good)
    calls.close()
    guided = "distilled" not in kind
    assert calls.sizes == [2 if guided else 1] * len(stage.steps)


def test_one_step_is_made_two(session: Sessions, tmp_path: Path) -> None:
    stage = Recorder()
    session("first").render(asked(tmp_path, num_inference_steps=1), stage, good)
    assert stage.steps == [(1, 2), (2, 2)]


def test_what_was_written_for_the_model_is_what_it_is_told(
    session: Sessions, tmp_path: Path
) -> None:
    stage = Recorder()
    written = "Waves roll in. The camera zooms in slowly."
    session("condition").render(replace(animation(tmp_path), prompt=written), stage, good)
    assert stage.prompts == [written]


def test_what_was_chosen_by_name_is_said_to_the_model(session: Sessions, tmp_path: Path) -> None:
    stage = Recorder()
    chosen = asked(tmp_path, motion=Motion.PAN_LEFT, effect=Effect.RAIN)
    session("condition").render(chosen, stage, good)
    assert stage.prompts == [
        "a boat on a lake. The camera pans slowly to the left. It begins to rain."
    ]


@pytest.mark.parametrize("kind", ["ltx2", "ltx2-distilled"])
def test_ltx2_is_heard_before_it_is_seen(kind: str, session: Sessions, tmp_path: Path) -> None:
    stage = Recorder()
    session(kind).render(animation(tmp_path), stage, good)
    [(samples, rate)] = stage.sounds
    assert rate == 24000
    assert samples.dtype == np.float32
    assert samples.shape[0] == 2
    assert samples.shape[1] == pytest.approx(17 / 24 * rate, rel=0.1)
    assert np.abs(samples).max() <= 1


class Eyes:
    """Judges the first try, then the second, as told; remembers what it saw."""

    def __init__(self, *judgements: Judgement) -> None:
        self._judgements = list(judgements)
        self.seen: list[Frames] = []

    def __call__(self, frames: Frames) -> Judgement:
        self.seen.append(frames)
        return self._judgements.pop(0)


def test_a_clip_that_does_not_move_is_made_once_more(session: Sessions, tmp_path: Path) -> None:
    from generation.pipelines.ltx.output_check import Good, Static

    stage, eyes = Recorder(), Eyes(Static(), Good())
    session("condition").render(animation(tmp_path), stage, eyes)
    assert np.array_equal(stage.clip, eyes.seen[1])
    assert not np.array_equal(eyes.seen[0], eyes.seen[1])
    assert len(stage.steps) == 6
    assert stage.notes == [Note("second_try", flaw="still")]


def test_what_stays_bad_is_handed_on_with_the_truth(session: Sessions, tmp_path: Path) -> None:
    from generation.pipelines.ltx.output_check import Black

    stage = Recorder()
    session("first").render(animation(tmp_path), stage, Eyes(Black(), Black()))
    assert len(stage.clip) == 17
    assert stage.notes == [Note("still_flawed", flaw="dark")]


def test_numbers_that_are_none_end_in_a_failure(
    checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    import torch

    broken = opened(checkpoint("first"))
    with torch.no_grad():
        broken.pipe.transformer.proj_out.weight.fill_(float("nan"))
    with pytest.raises(GenerationFailed, match="no_clip"):
        broken.render(animation(tmp_path), Recorder(), good)


def good(frames: Frames) -> Judgement:
    """Random weights make no clip worth looking at."""
    from generation.pipelines.ltx.output_check import Good

    return Good()


class Batches:
    """The batch size of every call of the transformer, until closed."""

    def __init__(self, session: Session) -> None:
        self.sizes: list[int] = []
        self._hook = session.pipe.transformer.register_forward_pre_hook(
            lambda module, positional, named: self.sizes.append(len(named["hidden_states"])),
            with_kwargs=True,
        )

    def close(self) -> None:
        self._hook.remove()
