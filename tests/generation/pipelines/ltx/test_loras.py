"""A motion's LoRA is on for that motion alone; one that cannot be used costs nobody a clip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generation.directions.vocabulary import Motion
from generation.pipelines.ltx.options import Compile, Lora, LtxOptions
from tests.generation.pipelines.ltx.conftest import opened, plain_pipe
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


@pytest.fixture
def pipe(checkpoint: Checkpoint) -> Any:
    return plain_pipe(checkpoint("condition"))


Trained = Callable[..., Path]


@pytest.fixture
def trained(pipe: Any, tmp_path: Path) -> Trained:
    """Files as trainers save them, whose weights change what the transformer says."""
    import torch
    from diffusers import LTXConditionPipeline
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    def save(name: str, rank: int = 2, modules: tuple[str, ...] = ("to_q", "to_v")) -> Path:
        config = LoraConfig(r=rank, lora_alpha=rank, target_modules=list(modules))
        pipe.transformer.add_adapter(config, adapter_name="trained")
        weights = get_peft_model_state_dict(pipe.transformer, adapter_name="trained")
        torch.manual_seed(rank)
        changed = {name: torch.randn_like(tensor) for name, tensor in weights.items()}
        LTXConditionPipeline.save_lora_weights(tmp_path / name, transformer_lora_layers=changed)
        pipe.transformer.delete_adapters("trained")
        return tmp_path / name / "pytorch_lora_weights.safetensors"

    return save


def said(pipe: Any) -> Any:
    """What the transformer makes of the same few latents."""
    import torch

    torch.manual_seed(7)
    with torch.no_grad():
        return pipe.transformer(
            hidden_states=torch.randn(1, 8, 16),
            encoder_hidden_states=torch.randn(1, 4, 16),
            timestep=torch.tensor([500.0]),
            encoder_attention_mask=torch.ones(1, 4),
            num_frames=2,
            height=2,
            width=2,
            return_dict=False,
        )[0]


def by_the_library(checkpoint: Path, loras: list[Path], weights: list[float]) -> Any:
    """The same with diffusers' own way to load LoRAs."""
    pipe = plain_pipe(checkpoint)
    names = [f"theirs_{number}" for number in range(len(loras))]
    for name, lora in zip(names, loras, strict=True):
        pipe.load_lora_weights(str(lora.parent), weight_name=lora.name, adapter_name=name)
    pipe.set_adapters(names, weights)
    return said(pipe)


def test_each_is_what_the_library_makes_of_it_and_none_is_none(
    pipe: Any, trained: Trained, checkpoint: Checkpoint
) -> None:
    """Three ranks, and one that changes other parts of the model."""
    from torch import allclose, equal

    from generation.pipelines.ltx.loras import Loras

    files = {
        Motion.ZOOM_IN: Lora(str(trained("a", 2)), 0.5),
        Motion.PAN_LEFT: Lora(str(trained("b", 4)), 1.0),
        Motion.PAN_RIGHT: Lora(str(trained("c", 8, ("to_q",))), 0.3),
        Motion.TILT_UP: Lora(str(trained("d", 2, ("proj_out",))), 0.7),
    }
    plain = said(pipe)
    loras = Loras(pipe, files)
    order = [*files, Motion.STILL, Motion.TILT_UP, Motion.ZOOM_IN, Motion.AUTO, Motion.PAN_LEFT]
    for motion in order:
        loras.use(motion)
        if motion not in files:
            assert equal(said(pipe), plain)
            continue
        wanted = by_the_library(
            checkpoint("condition"), [Path(files[motion].path)], [files[motion].weight]
        )
        assert not allclose(plain, wanted, atol=1e-3)
        assert allclose(said(pipe), wanted, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Already found a `peft_config`")
def test_the_one_of_a_second_pass_is_on_beside_a_motions_and_off_again(
    pipe: Any, trained: Trained, checkpoint: Checkpoint
) -> None:
    """Both change one part, each one alone."""
    from torch import allclose, equal

    from generation.pipelines.ltx.distilled_lora import add_second_pass_lora
    from generation.pipelines.ltx.loras import Loras

    motion, distilled = trained("a", 2), trained("b", 4, ("to_q", "proj_out"))
    loras = Loras(pipe, {Motion.ZOOM_IN: Lora(str(motion), 0.5)})
    plain = said(pipe)
    second = add_second_pass_lora(pipe, distilled)
    assert second
    for moved, weights in ((Motion.ZOOM_IN, [0.5, 1.0]), (Motion.STILL, [0.0, 1.0])):
        loras.use(moved)
        with second.on():
            both = said(pipe)
        assert allclose(
            both, by_the_library(checkpoint("condition"), [motion, distilled], weights), atol=1e-5
        )
        wanted = by_the_library(checkpoint("condition"), [motion], weights[:1])
        assert allclose(said(pipe), wanted, atol=1e-5)
    assert equal(said(pipe), plain)


def test_a_rank_that_was_trained_with_another_strength_keeps_it(
    pipe: Any, trained: Trained
) -> None:
    from torch import allclose

    from generation.pipelines.ltx.loras import _matrices, _read_file

    path = trained("a", 2)
    found, _ = _read_file(pipe, str(path))
    plain = _matrices(found, {})
    strong = _matrices(found, {"transformer.lora_alpha": 8, "transformer.r": 2})
    for module, (_, up) in plain.items():
        assert allclose(strong[module][1], 4 * up)


def test_the_one_that_changes_other_parts_is_said_at_the_start(
    pipe: Any, trained: Trained, caplog: pytest.LogCaptureFixture
) -> None:
    from generation.pipelines.ltx.loras import Loras

    same, odd = trained("a"), trained("d", 2, ("proj_out",))
    Loras(pipe, {Motion.ZOOM_IN: Lora(str(same)), Motion.TILT_UP: Lora(str(odd))})
    assert "the LoRA for tilt-up changes other parts" in caplog.text
    assert "zoom-in" not in caplog.text


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_compiled_blocks_stay_compiled_when_loras_are_exchanged(
    checkpoint: Checkpoint, trained: Trained, tmp_path: Path
) -> None:
    import torch._dynamo

    from generation.pipelines.ltx.start import RehearsalSize, Start

    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    motions = (Motion.ZOOM_IN, Motion.PAN_LEFT, Motion.PAN_RIGHT)
    loras = {m: Lora(str(trained(m, 2**i))) for i, m in enumerate(motions, 1)}
    options = LtxOptions(str(checkpoint("condition")), "cpu", compile=Compile.ON, loras=loras)
    start = Start(backend="eager", rehearsal=RehearsalSize(96, 64, 17))
    session = opened(checkpoint("condition"), options, start)
    rehearsed = torch._dynamo.utils.counters["stats"]["unique_graphs"]
    for motion in (*motions, Motion.AUTO, Motion.ZOOM_IN):
        session.render(asked(tmp_path, motion=motion), Recorder(), good)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == rehearsed
    torch._dynamo.reset()


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
