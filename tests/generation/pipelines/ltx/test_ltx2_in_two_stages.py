"""LTX-2 in two stages, as by hand: a full one is distilled for the second pass alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from generation.media.frames import Frames, Samples
from generation.pipelines.ltx.conditioning import planned
from generation.pipelines.ltx.detection import profile_for
from generation.pipelines.ltx.options import Compile, LtxOptions
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.stages import SOUND_SCHEDULE
from tests.fakes.hub.distilled_lora import FILE
from tests.generation.pipelines.ltx.conftest import plain_pipe
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS
SIZE = {"width": 256, "height": 256, "num_frames": 9}
UNGUIDED = {
    name: value
    for kind in ("", "audio_")
    for name, value in {
        f"{kind}guidance_scale": 1.0,
        f"{kind}stg_scale": 0.0,
        f"{kind}modality_scale": 1.0,
        f"{kind}guidance_rescale": 0.0,
    }.items()
}


@pytest.mark.parametrize(("kind", "steps"), [("staged-ltx2-distilled", 11), ("staged-ltx2", 6)])
def test_a_clip_is_what_the_library_makes_by_hand(
    kind: str,
    steps: int,
    session: Callable[[str], Session],
    checkpoint: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    """As in its documentation; but a full model's sound is the first pass's, as its authors do."""
    stage, wanted = Recorder(), asked(tmp_path, **SIZE)
    session(kind).render(wanted, stage, good)
    assert stage.steps == [(index + 1, steps) for index in range(steps)]
    assert len(stage.previews) == steps - 2
    assert stage.facts == {"stages": 2}
    frames, wave = by_the_library(checkpoint(kind), planned(wanted).picture, stage.prompts[0])
    assert np.abs(stage.clip.astype(int) - frames).max() <= 1
    [(heard, _)] = stage.sounds
    assert np.allclose(heard, wave[:, : heard.shape[1]], atol=1e-4)


def by_the_library(folder: Path, picture: Image.Image, prompt: str) -> tuple[Frames, Samples]:
    import torch

    pipe: Any = plain_pipe(folder)
    profile = profile_for(str(folder))
    generator = torch.Generator().manual_seed(7)
    both = {
        "prompt": prompt,
        "frame_rate": 24.0,
        "use_cross_timestep": False,
        "generator": generator,
        "return_dict": False,
    }
    first = {"sigmas": list(profile.schedule), **UNGUIDED} if profile.schedule else guided(profile)
    video, audio = pipe(**both, **shown(picture, 128), **first, output_type="latent")
    large = doubled(pipe, folder, video)
    if not profile.schedule:
        distil(pipe, folder)
    second = {"sigmas": list(SOUND_SCHEDULE), "noise_scale": SOUND_SCHEDULE[0], **UNGUIDED}
    begun = {"latents": large, "audio_latents": audio}
    frames, wave = pipe(**both, **shown(picture, 256), **second, **begun, output_type="np")
    if not profile.schedule:
        with torch.no_grad():
            wave = pipe.vocoder(pipe.audio_vae.decode(audio, return_dict=False)[0])
    return (frames[0] * 255).round().astype(int), wave[0].clamp(-1, 1).numpy()


def guided(profile: Profile) -> dict[str, Any]:
    return {
        "negative_prompt": profile.negative,
        "num_inference_steps": 3,
        "guidance_scale": 3.0,
        "modality_scale": 3.0,
        "guidance_rescale": 0.7,
        "audio_guidance_scale": 7.0,
        "spatio_temporal_guidance_blocks": [profile.skipped],
    }


def shown(picture: Image.Image, side: int) -> dict[str, Any]:
    from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

    sized = picture.resize((side, side), Image.Resampling.LANCZOS)
    condition = LTX2VideoCondition(frames=[sized], index=0, strength=1.0)
    return {"conditions": [condition], "width": side, "height": side, "num_frames": 9}


def doubled(pipe: Any, folder: Path, video: Any) -> Any:
    from diffusers import LTX2LatentUpsamplePipeline
    from diffusers.pipelines.ltx2.latent_upsampler import LTX2LatentUpsamplerModel

    model = LTX2LatentUpsamplerModel.from_pretrained(folder, subfolder="latent_upsampler")
    kind: Any = LTX2LatentUpsamplePipeline
    upsample = kind(vae=pipe.vae, latent_upsampler=model)
    return upsample(latents=video, width=128, height=128, output_type="latent", return_dict=False)[
        0
    ]


def distil(pipe: Any, folder: Path) -> None:
    from safetensors.torch import load_file

    found = load_file(folder / FILE)
    pipe.load_lora_weights(
        {name: tensor for name, tensor in found.items() if "connector" not in name},
        adapter_name="theirs",
    )
    pipe.set_adapters("theirs", 1.0)
    pipe.scheduler = type(pipe.scheduler).from_config(
        pipe.scheduler.config, use_dynamic_shifting=False, shift_terminal=None
    )


@pytest.mark.parametrize("content", [None, b"nothing of the kind"])
def test_without_its_lora_it_has_one_stage_and_doubles_nothing(
    checkpoint: Callable[[str], Path], tmp_path: Path, content: bytes | None
) -> None:
    """Gone after the start found it, or of no use."""
    folder = copied(checkpoint("staged-ltx2"), tmp_path / "mine")
    profile = profile_for(str(folder))
    assert profile.stages
    lora = folder / FILE
    lora.unlink()
    if content is not None:
        lora.write_bytes(content)
    from generation.pipelines.ltx.start import open_session

    options = LtxOptions(str(folder), "cpu", compile=Compile.OFF)
    warm = open_session(options, profile, lambda *_: None)
    assert warm.upsampling is None
    stage = Recorder()
    warm.render(asked(tmp_path, **SIZE), stage, good)
    assert stage.steps == [(1, 3), (2, 3), (3, 3)]


def copied(folder: Path, to: Path) -> Path:
    import shutil

    return Path(shutil.copytree(folder, to))
