"""A finished clip twice as large: from what it was decoded from if that is kept, else from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from generation.errors import GenerationFailed
from generation.media.frames import Frames
from generation.pipelines.ltx.options import Compile, LtxOptions, Memory
from generation.pipelines.ltx.pipeline import LtxPipeline
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS
Sessions = Callable[[str], "Session"]


@pytest.mark.parametrize("kind", ["staged-distilled", "staged-ltx2"])
def test_a_clip_is_doubled_and_stays_the_same_clip(
    kind: str, session: Sessions, tmp_path: Path
) -> None:
    warm, small = session(kind), Recorder()
    warm.render(asked(tmp_path, num_frames=9), small, good)
    written(tmp_path / "small.mp4", small.clip)
    looked = Looks(warm)
    listened = list[Any]()
    hook = warm.pipe.transformer.register_forward_pre_hook(
        lambda module, given, named: listened.append(named.get("audio_hidden_states")),
        with_kwargs=True,
    )
    kept, encoded = Recorder(), Recorder()
    size = {"width": 192, "height": 128, "num_frames": 9, "upscales": "small.mp4"}
    warm.render(asked(tmp_path, **size, remixed_from="job"), kept, good)
    assert 9 not in looked.frames
    warm.render(asked(tmp_path, **size, remixed_from="another"), encoded, good)
    assert 9 in looked.frames
    looked.close()
    hook.remove()
    assert len(listened) == 6
    if "ltx2" in kind:  # to its own sound while that is kept, else to noise
        assert not np.allclose(listened[0].numpy(), listened[3].numpy())
    for stage in (kept, encoded):
        assert stage.clip.shape == (9, 128, 192, 3)
        assert stage.steps == [(1, 3), (2, 3), (3, 3)]
        assert [samples.shape[1] for samples, _ in stage.sounds] == (
            [9000] if "ltx2" in kind else []
        )


@pytest.mark.parametrize(
    ("changes", "decoded"),
    [
        ({"width": 192, "height": 192, "num_frames": 9}, 2),  # two stages made it larger
        ({"num_frames": 9, "boomerang": True}, 1),  # they are of its half
    ],
)
def test_latents_that_are_not_the_clips_own_are_decoded_or_left(
    changes: dict[str, Any], decoded: int, session: Sessions, tmp_path: Path
) -> None:
    warm, small, large = session("staged-distilled"), Recorder(), Recorder()
    wanted = replace(asked(tmp_path, **changes), job=str(changes))
    warm.render(wanted, small, good)
    written(tmp_path / "small.mp4", small.clip)
    width, height = wanted.request.width * 2, wanted.request.height * 2
    doubled = {"width": width, "height": height, "upscales": "small.mp4"}
    decodes = list[object]()
    hook = warm.pipe.vae.decoder.register_forward_pre_hook(lambda *given: decodes.append(given))
    larger = asked(tmp_path, **(changes | doubled), remixed_from=wanted.job)
    warm.render(larger, large, good)
    hook.remove()
    assert large.clip.shape == (9, height, width, 3)
    assert len(decodes) == decoded


def test_a_clip_of_another_size_is_refused(session: Sessions, tmp_path: Path) -> None:
    written(tmp_path / "small.mp4", np.zeros((9, 64, 64, 3), np.uint8))
    wanted = asked(tmp_path, width=192, height=128, upscales="small.mp4")
    with pytest.raises(GenerationFailed, match="previous_size"):
        session("staged-distilled").render(wanted, Recorder(), good)


def test_where_the_upsampler_is_gone_the_clip_stays_as_it_is(
    session: Sessions, tmp_path: Path
) -> None:
    (tmp_path / "small.mp4").touch()
    wanted = asked(tmp_path, width=192, height=128, upscales="small.mp4")
    with pytest.raises(GenerationFailed, match="cannot_double"):
        session("condition").render(wanted, Recorder(), good)


@pytest.mark.parametrize(
    ("kind", "changes", "doubles"),
    [
        ("staged-distilled", {}, True),
        ("staged-distilled", {"two_stages": False}, False),
        ("staged-distilled", {"memory": Memory.LOW}, False),
        ("condition-distilled", {}, False),
    ],
)
def test_a_loaded_model_offers_to_double_only_what_it_can_double(
    kind: str, changes: dict[str, Any], doubles: bool, checkpoint: Callable[[str], Path]
) -> None:
    options = LtxOptions(str(checkpoint(kind)), "cpu", compile=Compile.OFF)
    pipeline = LtxPipeline(replace(options, **changes))
    pipeline.load(lambda *_: None)
    assert ("upscales" in pipeline.capabilities.options) is doubles


def test_latents_are_kept_for_minutes_and_of_few_clips() -> None:
    import torch

    from generation.pipelines.ltx.enlarging import KEPT, SECONDS, RecentLatents
    from generation.pipelines.ltx.inference import Denoised

    now = [0.0]
    recent, shape = RecentLatents(lambda: now[0]), (2, 3, 4)
    for number in range(KEPT + 1):
        recent.keep(f"job-{number}", Denoised(torch.zeros(1, 16, *shape)))
    assert recent.of("job-0") is None
    assert recent.of("job-1") is not None
    now[0] = SECONDS + 1
    assert recent.of("job-8") is None


class Looks:
    """How many frames the VAE was given to encode, call by call."""

    def __init__(self, session: Session) -> None:
        self.frames: list[int] = []
        self._hook = session.pipe.vae.encoder.register_forward_pre_hook(
            lambda module, given: self.frames.append(given[0].shape[2])
        )

    def close(self) -> None:
        self._hook.remove()


def written(path: Path, frames: Frames) -> None:
    with av.open(path, "w") as container:
        video = container.add_stream("libx264", rate=24)
        video.width, video.height, video.pix_fmt = frames.shape[2], frames.shape[1], "yuv420p"
        for index, one in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(one, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 24)
            container.mux(video.encode(frame))
        container.mux(video.encode())
