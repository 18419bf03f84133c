"""What the table of checkpoints says agrees with the library, and with what is fetched."""

from __future__ import annotations

import json

import pytest

from generation.pipelines.ltx.negative_prompts import LTX2
from generation.pipelines.ltx.profiles import PROFILES, PipelineName, Profile, profile_of
from generation.pipelines.ltx.weights.needed import parts_of, small_files, weight_files


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
    names = ("transformer", "prompt_enhancer", "duration_head")
    index = json.dumps({name: ["diffusers", "Model"] for name in names}).encode()
    files = [f"{name}/{file}" for name in names for file in ("config.json", "model.safetensors")]
    small = small_files(part, files, index)
    weights = weight_files(part, files, index, lambda name: b"")
    assert small == ["model_index.json", "transformer/config.json"]
    assert weights == ["transformer/model.safetensors"]


def test_a_single_file_brings_its_own_vae() -> None:
    profile = profile_of("LTX-Video-2B-0.9.8-distilled")
    assert profile is not None
    single, base = parts_of(profile)
    assert single.file == "ltxv-2b-0.9.8-distilled.safetensors"
    assert base.without == {"transformer", "vae"}
