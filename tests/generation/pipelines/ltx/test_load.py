"""Weights come from this machine alone, whole and safe, or there is a sentence that says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.errors import Misconfigured
from generation.pipelines.ltx.detection import profile_for
from tests.generation.pipelines.ltx.conftest import plain_pipe
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


@pytest.fixture
def copy(checkpoint: Checkpoint, tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint("condition"), tmp_path / "copy"))


@pytest.mark.parametrize("kind", ["first", "condition", "ltx2"])
def test_it_is_the_class_that_the_profile_wants(kind: str, checkpoint: Checkpoint) -> None:
    pipe = plain_pipe(checkpoint(kind))
    assert type(pipe).__name__ == profile_for(str(checkpoint(kind))).pipeline


def test_a_text_to_video_folder_is_loaded_for_pictures(copy: Path) -> None:
    index = copy / "model_index.json"
    index.write_text(index.read_text().replace("LTXConditionPipeline", "LTXPipeline"))
    assert type(plain_pipe(copy)).__name__ == "LTXConditionPipeline"


def test_conditions_are_never_shifted_by_size(copy: Path) -> None:
    config = copy / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text().replace('shifting": false', 'shifting": true'))
    assert plain_pipe(copy).scheduler.config.use_dynamic_shifting is False


def test_a_distilled_schedule_is_used_as_it_stands(checkpoint: Checkpoint) -> None:
    assert plain_pipe(checkpoint("ltx2")).scheduler.config.use_dynamic_shifting is True
    assert plain_pipe(checkpoint("ltx2-distilled")).scheduler.config.use_dynamic_shifting is False


@pytest.mark.parametrize("part", ["transformer", "vae", "text_encoder"])
def test_a_part_that_is_missing_is_missed_in_a_sentence(part: str, copy: Path) -> None:
    for weights in (copy / part).glob("*.safetensors"):
        weights.unlink()
    with pytest.raises(Misconfigured, match="photoplay download"):
        plain_pipe(copy)


def test_half_a_file_is_a_missing_file(copy: Path) -> None:
    [weights] = (copy / "vae").glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(Misconfigured, match="photoplay download"):
        plain_pipe(copy)


def test_pickles_are_not_opened(copy: Path) -> None:
    import torch

    [weights] = (copy / "vae").glob("*.safetensors")
    weights.unlink()
    torch.save({}, copy / "vae" / "diffusion_pytorch_model.bin")
    with pytest.raises(Misconfigured, match="photoplay download"):
        plain_pipe(copy)


def test_what_the_libraries_cannot_do_is_not_told_as_missing_weights(
    copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = copy / "transformer" / "config.json"
    config.write_text(
        config.read_text().replace('"caption_channels": 16', '"caption_channels": 17')
    )
    with pytest.raises(Misconfigured, match="installed libraries cannot load them"):
        plain_pipe(copy)
    assert "the weights cannot be loaded" in caplog.text


def test_parts_that_nobody_uses_are_not_missed(checkpoint: Checkpoint, tmp_path: Path) -> None:
    """LTX-2.5's index names four that are not fetched, one of which no class here takes."""
    folder = Path(shutil.copytree(checkpoint("ltx2"), tmp_path / "ltx2.5"))
    index = json.loads((folder / "model_index.json").read_text())
    index |= {
        "prompt_enhancer": ["transformers", "Gemma4ForConditionalGeneration"],
        "processor": ["transformers", "Gemma3Processor"],
        "duration_head": ["ltx2", "LTX2DurationHead"],
        "diffusion_decoder": ["diffusers", "LTX2VideoDiffusionDecoderModel"],
    }
    (folder / "model_index.json").write_text(json.dumps(index))
    pipe = plain_pipe(folder)
    assert pipe.transformer is not None
    assert pipe.prompt_enhancer is None


def test_each_part_has_its_place_before_the_next_is_read(checkpoint: Checkpoint) -> None:
    """The transformer comes last: LoRAs are added before it is placed."""
    import torch

    from generation.pipelines.ltx.load import load

    folder, told = checkpoint("ltx2"), list[str]()
    load(
        profile_for(str(folder)),
        str(folder),
        torch.device("cpu"),
        lambda name, part: told.append(f"place {name}"),
        lambda name, done, total: told.append(f"{done}/{total} {name}"),
    )
    assert told == [
        "0/8 audio_vae",
        "place audio_vae",
        "1/8 connectors",
        "place connectors",
        "2/8 scheduler",
        "3/8 text_encoder",
        "place text_encoder",
        "4/8 tokenizer",
        "5/8 vae",
        "place vae",
        "6/8 vocoder",
        "place vocoder",
        "7/8 transformer",
    ]
