"""A folder tells which model is in it: by its name, by its configuration; without torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generation.errors import Misconfigured
from generation.pipelines.ltx.detection import profile_for, recognise
from generation.pipelines.ltx.profiles import (
    DISTILLED_2B,
    DISTILLED_SIGMAS,
    DISTILLED_TIMESTEPS,
    PROFILES,
    PipelineName,
)


def checkpoint(
    folder: Path,
    name: str = "LTXConditionPipeline",
    *,
    dynamic: bool = False,
    timestep: bool = True,
    transformer: dict[str, Any] | None = None,
) -> Path:
    """The configuration files of one, and a header of 1,000 × 2,000 weights."""
    configs = {
        "model_index.json": {"_class_name": name},
        "scheduler/scheduler_config.json": {"use_dynamic_shifting": dynamic},
        "vae/config.json": {"timestep_conditioning": timestep},
        "transformer/config.json": transformer or {"num_layers": 28},
    }
    for path, content in configs.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content))
    header = json.dumps(
        {"__metadata__": {"format": "pt"}, "w": {"dtype": "F32", "shape": [1000, 2000]}}
    ).encode()
    length = len(header).to_bytes(8, "little")
    (folder / "transformer" / "model.safetensors").write_bytes(length + header)
    return folder


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_known_name_is_known(profile: Any) -> None:
    assert profile_for(profile.name) is profile


def test_the_first_model_shifts_by_size_and_has_no_conditions(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "mine", "LTXPipeline", dynamic=True, timestep=False)
    profile = recognise(folder)
    assert profile.pipeline is PipelineName.IMAGE_TO_VIDEO
    assert (profile.tokens, profile.decode_timestep) == (128, 0.0)
    assert "end_image" not in profile.options


def test_a_decoder_that_asks_for_noise_gets_it(tmp_path: Path) -> None:
    profile = recognise(checkpoint(tmp_path / "mine", "LTXPipeline", dynamic=True))
    assert (profile.decode_timestep, profile.decode_noise) == (0.05, 0.025)


@pytest.mark.parametrize("name", ["LTXConditionPipeline", "LTXImageToVideoPipeline"])
def test_a_fixed_schedule_means_conditions(name: str, tmp_path: Path) -> None:
    profile = recognise(checkpoint(tmp_path / "mine", name))
    assert profile.pipeline is PipelineName.CONDITION
    assert profile.tokens == 256
    assert {"end_image", "loop", "extends", "negative_prompt"} <= profile.options


@pytest.mark.parametrize(("layers", "schedule"), [(28, DISTILLED_2B), (48, DISTILLED_TIMESTEPS)])
def test_a_distilled_one_is_known_by_its_name(
    layers: int, schedule: tuple[float, ...], tmp_path: Path
) -> None:
    folder = checkpoint(tmp_path / "mine-distilled", transformer={"num_layers": layers})
    profile = recognise(folder)
    assert (profile.schedule, profile.guidance) == (schedule, 1.0)
    assert "guidance_scale" not in profile.options


def test_ltx2_makes_sound(tmp_path: Path) -> None:
    older = recognise(checkpoint(tmp_path / "two", "LTX2Pipeline", transformer={"num_layers": 48}))
    newer = recognise(
        checkpoint(
            tmp_path / "two-three-distilled",
            "LTX2Pipeline",
            transformer={"num_layers": 48, "cross_attn_mod": True},
        )
    )
    assert (older.pipeline, older.audio) == (PipelineName.LTX2, True)
    assert (older.skipped, older.crossed) == (29, False)
    assert (newer.skipped, newer.crossed) == (28, True)
    assert (older.schedule, newer.schedule) == ((), DISTILLED_SIGMAS)


def test_a_full_ltx2_has_two_stages_where_its_lora_lies_beside_it(tmp_path: Path) -> None:
    transformer = {"num_layers": 48}
    folder = checkpoint(tmp_path / "two", "LTX2Pipeline", transformer=transformer)
    (folder / "latent_upsampler").mkdir()
    assert recognise(folder).stages is None
    lora = folder / "my-distilled-lora-384.safetensors"
    lora.write_bytes((folder / "transformer" / "model.safetensors").read_bytes())
    stages = recognise(folder).stages
    assert stages
    assert stages.lora
    assert (stages.lora.file, stages.lora.gigabytes) == (lora.name, 0.004)


def test_a_known_models_folder_is_that_model(tmp_path: Path) -> None:
    cached = tmp_path / "models--Lightricks--LTX-Video-0.9.7-dev" / "snapshots" / "abc"
    assert recognise(checkpoint(cached)).guidance == 5.0
    assert profile_for(str(checkpoint(tmp_path / "LTX-Video-0.9.5"))).steps == 40


def test_a_name_alone_does_not_make_another_family(tmp_path: Path) -> None:
    assert recognise(checkpoint(tmp_path / "LTX-2")).pipeline is PipelineName.CONDITION


def test_the_sizes_are_those_of_the_files_in_bf16(tmp_path: Path) -> None:
    sizes = recognise(checkpoint(tmp_path / "mine")).sizes
    assert (sizes.transformer, sizes.text_encoder, sizes.rest) == (0.004, 0.0, 0.0)


def test_another_family_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="without an LTX model"):
        recognise(checkpoint(tmp_path / "mine", "FluxPipeline"))
    with pytest.raises(Misconfigured, match="without an LTX model"):
        recognise(tmp_path)


@pytest.mark.parametrize("model", ["somebody/who-has-nothing-here", "no hub id: at all"])
def test_what_is_not_on_this_machine_can_be_downloaded(model: str) -> None:
    with pytest.raises(Misconfigured, match="photoplay download"):
        profile_for(model)


def test_the_pipeline_is_known_without_torch_and_without_a_network() -> None:
    code = (
        "import sys, generation.pipelines.ltx.pipeline as p;"
        "from generation.pipelines.ltx.options import LtxOptions;"
        "assert p.LtxPipeline(LtxOptions('LTX-Video')).capabilities.options;"
        "assert not {'torch', 'diffusers', 'transformers'} & set(sys.modules);"
        "import huggingface_hub.constants as hub; assert hub.HF_HUB_OFFLINE"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[4])
