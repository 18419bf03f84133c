"""A motion's LoRA is on for that motion alone; one that cannot be used costs nobody a clip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generation.directions.vocabulary import Motion
from generation.pipelines.ltx.options import Lora
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


@pytest.fixture
def pipe(checkpoint: Checkpoint) -> Any:
    import torch

    from generation.pipelines.ltx.detection import profile_for
    from generation.pipelines.ltx.load import load

    folder = str(checkpoint("condition"))
    return load(profile_for(folder), folder, torch.device("cpu"))


@pytest.fixture
def lora(pipe: Any, tmp_path: Path) -> Path:
    """A file as trainers save them, whose weights change what the transformer says."""
    import torch
    from diffusers import LTXConditionPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    config = LoraConfig(r=2, lora_alpha=2, target_modules=["to_q", "to_v"])
    pipe.transformer.add_adapter(config, adapter_name="trained")
    weights = get_peft_model_state_dict(pipe.transformer, adapter_name="trained")
    torch.manual_seed(7)
    changed = {name: torch.randn_like(tensor) for name, tensor in weights.items()}
    LTXConditionPipeline.save_lora_weights(tmp_path, transformer_lora_layers=changed)
    pipe.transformer.delete_adapters("trained")
    return tmp_path / "pytorch_lora_weights.safetensors"


def active(pipe: Any) -> list[str]:
    """Names of the adapters that take part, as the transformer's layers see it."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    layers = [layer for layer in pipe.transformer.modules() if isinstance(layer, BaseTunerLayer)]
    return sorted(
        {n for layer in layers if not layer.disable_adapters for n in layer.active_adapters}
    )


def test_it_is_on_for_its_motion_and_off_for_every_other(pipe: Any, lora: Path) -> None:
    from generation.pipelines.ltx.loras import Loras

    loras = Loras(pipe, {Motion.ZOOM_IN: Lora(str(lora), 0.5)})
    loras.use(Motion.AUTO)
    assert pipe.get_list_adapters() == {}
    loras.use(Motion.ZOOM_IN)
    assert active(pipe) == ["motion_zoom_in"]
    loras.use(Motion.PAN_LEFT)
    assert active(pipe) == []
    loras.use(Motion.ZOOM_IN)
    assert active(pipe) == ["motion_zoom_in"]


def test_two_motions_take_turns(pipe: Any, lora: Path) -> None:
    from generation.pipelines.ltx.loras import Loras

    both = {Motion.ZOOM_IN: Lora(str(lora)), Motion.PAN_LEFT: Lora(str(lora.parent), 0.3)}
    loras = Loras(pipe, both)
    for motion in (Motion.ZOOM_IN, Motion.PAN_LEFT, Motion.ZOOM_IN):
        loras.use(motion)
        assert active(pipe) == [f"motion_{motion.value.replace('-', '_')}"]


@pytest.mark.parametrize("content", [None, b"nothing of the kind"])
def test_one_that_cannot_be_used_is_said_once_and_left_out(
    pipe: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    from generation.pipelines.ltx.loras import Loras

    path = tmp_path / "lora.safetensors"
    if content is not None:
        path.write_bytes(content)
    loras = Loras(pipe, {Motion.ZOOM_IN: Lora(str(path))})
    loras.use(Motion.ZOOM_IN)
    loras.use(Motion.ZOOM_IN)
    assert caplog.text.count("the LoRA for zoom-in cannot be used") == 1
    assert pipe.get_list_adapters() == {}
