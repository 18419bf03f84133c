"""Weights come from this machine alone, whole and safe, or there is a sentence that says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generation.errors import Misconfigured
from generation.pipelines.ltx.detection import profile_for
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


def loaded(folder: Path) -> Any:
    import torch

    from generation.pipelines.ltx.load import load

    return load(profile_for(str(folder)), str(folder), torch.device("cpu"))


@pytest.fixture
def copy(checkpoint: Checkpoint, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint("condition"), tmp_path / "copy"))


@pytest.mark.parametrize("kind", ["first", "condition", "ltx2"])
def test_it_is_the_class_that_the_profile_wants(kind: str, checkpoint: Checkpoint) -> None:
    pipe = loaded(checkpoint(kind))
    assert type(pipe).__name__ == profile_for(str(checkpoint(kind))).pipeline


def test_a_text_to_video_folder_is_loaded_for_pictures(copy: Path) -> None:
    index = copy / "model_index.json"
    index.write_text(index.read_text().replace("LTXConditionPipeline", "LTXPipeline"))
    assert type(loaded(copy)).__name__ == "LTXConditionPipeline"


def test_conditions_are_never_shifted_by_size(copy: Path) -> None:
    config = copy / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace('shifting": false', 'shifting": true'))
    assert loaded(copy).scheduler.config.use_dynamic_shifting is False


def test_a_distilled_schedule_is_used_as_it_stands(checkpoint: Checkpoint) -> None:
    assert loaded(checkpoint("ltx2")).scheduler.config.use_dynamic_shifting is True
    assert loaded(checkpoint("ltx2-distilled")).scheduler.config.use_dynamic_shifting is False


@pytest.mark.parametrize("part", ["transformer", "vae", "text_encoder"])
def test_a_part_that_is_missing_is_missed_in_a_sentence(part: str, copy: Path) -> None:
    for weights in (copy / part).glob("*.safetensors"):
        weights.unlink()
    with pytest.raises(Misconfigured, match="photoplay download"):
        loaded(copy)


def test_half_a_file_is_a_missing_file(copy: Path) -> None:
    [weights] = (copy / "vae").glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(Misconfigured, match="photoplay download"):
        loaded(copy)


def test_pickles_are_not_opened(copy: Path) -> None:
    import torch

    [weights] = (copy / "vae").glob("*.safetensors")
    weights.unlink()
    torch.save({}, copy / "vae" / "diffusion_pytorch_model.bin")
    with pytest.raises(Misconfigured, match="photoplay download"):
        loaded(copy)
