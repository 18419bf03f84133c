"""What the table of checkpoints says agrees with the library, and with what is fetched."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from generation.pipelines.ltx.guidance import Guiding
from generation.pipelines.ltx.negative_prompts import LTX2
from generation.pipelines.ltx.options import LtxOptions, without_effect
from generation.pipelines.ltx.profiles import PROFILES, PipelineName, Profile, profile_of
from generation.pipelines.ltx.weights.needed import (
    Part,
    parts_of,
    small_files,
    stage_files,
    weight_files,
)

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.slow
def test_ltx2_keeps_away_from_what_its_authors_say() -> None:
    from diffusers.pipelines.ltx2.utils import DEFAULT_NEGATIVE_PROMPT

    assert LTX2 == DEFAULT_NEGATIVE_PROMPT
    for profile in PROFILES:
        assert (profile.negative == LTX2) is (profile.pipeline is PipelineName.LTX2)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_no_schedule_has_a_step_that_changes_nothing(profile: Profile) -> None:
    largest = max(profile.schedule, default=1.0)
    assert all(level > 0.4 * largest for level in profile.schedule)


def test_what_is_never_loaded_is_never_fetched() -> None:
    profile = profile_of("LTX-2.5")
    assert profile is not None
    [part] = parts_of(profile)
    names = ("transformer", "prompt_enhancer", "duration_head", "diffusion_decoder")
    index = json.dumps({name: ["diffusers", "Model"] for name in names}).encode()
    files = [f"{name}/{file}" for name in names for file in ("config.json", "model.safetensors")]
    small = small_files(part, files, index)
    weights = weight_files(part, files, index, lambda name: b"")
    assert small == ["model_index.json", "transformer/config.json"]
    assert weights == ["transformer/model.safetensors"]


@pytest.mark.parametrize(
    ("library", "live"), [("transformers", "model"), ("diffusers", "diffusion_pytorch_model")]
)
def test_of_two_copies_the_one_that_its_library_reads_is_fetched(library: str, live: str) -> None:
    """LTX-2's text encoder lies there twice, 49 GB that are read and 52 GB that are stale."""
    index = json.dumps({"text_encoder": [library, "Model"]}).encode()
    copies = ("model", "diffusion_pytorch_model")
    files = [f"text_encoder/{name}.safetensors.index.json" for name in copies]

    def read(name: str) -> bytes:
        copy = name.removeprefix("text_encoder/").partition(".")[0]
        return json.dumps({"weight_map": {"a": f"{copy}-1-of-1.safetensors"}}).encode()

    found = weight_files(Part("Lightricks/LTX-2"), files, index, read)
    assert found == [f"text_encoder/{live}-1-of-1.safetensors"]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_profile_has_a_size_to_say(profile: Profile) -> None:
    assert profile.download > 20


def test_what_two_stages_fetch_is_where_the_hub_has_it() -> None:
    hub = tomllib.loads((DATA / "hub.toml").read_text("utf-8"))
    for stages in (profile.stages for profile in PROFILES if profile.stages):
        for repo, name in stage_files(stages):
            assert name in hub[repo]["files"]
        if lora := stages.lora:
            assert lora.gigabytes == pytest.approx(hub[lora.repo]["gigabytes"][lora.file], abs=0.01)


@pytest.mark.slow
def test_the_second_pass_of_ltx2_has_the_noise_that_the_library_knows() -> None:
    from diffusers.pipelines.ltx2.utils import STAGE_2_DISTILLED_SIGMA_VALUES

    sounding = [it.stages for it in PROFILES if it.stages and it.pipeline is PipelineName.LTX2]
    assert [list(stages.schedule) for stages in sounding] == [STAGE_2_DISTILLED_SIGMA_VALUES] * 4


def test_a_single_file_brings_its_own_vae() -> None:
    profile = profile_of("LTX-Video-2B-0.9.8-distilled")
    assert profile is not None
    single, base = parts_of(profile)
    assert single.file == "ltxv-2b-0.9.8-distilled.safetensors"
    assert base.without == {"transformer", "vae"}


@pytest.mark.parametrize(
    ("model", "guiding", "useless"),
    [
        ("LTX-Video", Guiding.AUTHORS, ["engine.guide=camera"]),
        ("LTX-Video-0.9.7-dev", Guiding.AUTHORS, []),
        ("LTX-Video-0.9.5", Guiding.INTERVAL, []),
        ("LTX-Video-0.9.8-13B-distilled", Guiding.INTERVAL, ["engine.guidance=interval"]),
        ("LTX-2", Guiding.AUTHORS, ["engine.guidance=authors"]),
        ("LTX-2", Guiding.PLAIN, []),
    ],
)
def test_a_setting_that_does_nothing_for_a_model_is_found(
    model: str, guiding: Guiding, useless: list[str]
) -> None:
    profile = profile_of(model)
    assert profile is not None
    assert without_effect(LtxOptions(model, guidance=guiding, camera_guides=True), profile) == (
        useless
    )
