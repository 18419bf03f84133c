"""What only a GPU can show: every way to place the model, compiled, cancelled, full and dead."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from generation.directions.vocabulary import Motion
from generation.engine.pipeline import Interrupted
from generation.errors import OutOfMemory
from generation.pipelines.ltx.options import Compile, Lora, LtxOptions, Memory
from tests.generation.pipelines.ltx.conftest import opened
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, animation, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = [*MODEL_MARKS, pytest.mark.timeout(180)]
Checkpoint = Callable[[str], Path]
KINDS = ("first", "condition", "ltx2")


def needs_gpu(device: str) -> None:
    if device == "cpu":
        pytest.skip("this one needs a GPU")


@pytest.fixture(autouse=True)
def emptied(device: str) -> Iterator[None]:
    """One test's model is gone before the next one's comes."""
    import gc

    import torch
    import torch._dynamo

    yield
    torch._dynamo.reset()
    gc.collect()
    if device != "cpu":
        torch.cuda.empty_cache()


def session_of(folder: Path, device: str, **changes: Any) -> Session:
    from generation.pipelines.ltx.start import RehearsalSize, Start

    options = LtxOptions(str(folder), device, compile=Compile.OFF)
    start = Start(rehearsal=RehearsalSize(128, 96, 17))
    return opened(folder, replace(options, **changes), start)


def clip_of(session: Session, folder: Path, **changes: object) -> Recorder:
    stage = Recorder()
    session.render(asked(folder, **changes), stage, good)
    assert stage.clip.shape[0] == 17
    return stage


@pytest.mark.parametrize("how", [Memory.FULL, Memory.TEXT, Memory.OFFLOAD, Memory.LOW])
@pytest.mark.parametrize("kind", KINDS)
def test_every_way_to_place_every_model_makes_clips(
    kind: str, how: Memory, checkpoint: Checkpoint, device: str, tmp_path: Path
) -> None:
    session = session_of(checkpoint(kind), device, memory=how)
    first, again = clip_of(session, tmp_path), clip_of(session, tmp_path)
    assert np.array_equal(first.clip, again.clip)
    other = clip_of(session, tmp_path, seed=8)
    assert not np.array_equal(first.clip, other.clip)


@pytest.mark.parametrize("kind", KINDS)
def test_streaming_the_text_encoder_changes_no_pixel(
    kind: str, checkpoint: Checkpoint, device: str, tmp_path: Path
) -> None:
    full, text = (
        clip_of(session_of(checkpoint(kind), device, memory=how), tmp_path).clip
        for how in (Memory.FULL, Memory.TEXT)
    )
    assert np.array_equal(full, text)


@pytest.mark.parametrize("kind", KINDS)
def test_compiled_for_one_size_it_serves_others(
    kind: str, checkpoint: Checkpoint, device: str, tmp_path: Path
) -> None:
    needs_gpu(device)
    from generation.pipelines.ltx.compilation import is_compiled

    session = session_of(checkpoint(kind), device, compile=Compile.ON)
    assert is_compiled(session.pipe.transformer)
    for width, height in ((96, 64), (64, 64), (160, 128)):
        for guidance in (3.0, 1.0):
            clip_of(session, tmp_path, width=width, height=height, guidance_scale=guidance)
    assert is_compiled(session.pipe.transformer)


@pytest.mark.parametrize("compiled", [Compile.OFF, Compile.ON])
@pytest.mark.parametrize("how", [Memory.FULL, Memory.LOW])
def test_loras_take_turns(
    how: Memory, compiled: Compile, checkpoint: Checkpoint, device: str, tmp_path: Path
) -> None:
    if compiled is Compile.ON:
        needs_gpu(device)
    loras = {
        motion: Lora(str(lora(tmp_path / motion, rank)), 1.0)
        for motion, rank in ((Motion.ZOOM_IN, 2), (Motion.PAN_LEFT, 8))
    }
    folder = checkpoint("condition")
    session = session_of(folder, device, memory=how, compile=compiled, loras=loras)
    order = (Motion.STILL, *loras, Motion.STILL)
    clips = [clip_of(session, tmp_path, motion=motion).clip for motion in order]
    assert np.array_equal(clips[0], clips[3])
    assert not np.array_equal(clips[0], clips[1])


def lora(folder: Path, rank: int) -> Path:
    import torch
    from diffusers import LTXConditionPipeline

    torch.manual_seed(rank)
    weights = {
        f"transformer_blocks.{block}.attn1.{name}.lora_{half}.weight": torch.randn(*shape)
        for block in (0, 1)
        for name in ("to_q", "to_v")
        for half, shape in (("A", (rank, 32)), ("B", (32, rank)))
    }
    LTXConditionPipeline.save_lora_weights(folder, transformer_lora_layers=weights)
    return folder / "pytorch_lora_weights.safetensors"


def test_matrices_of_eight_bits_are_close_to_those_of_sixteen(device: str) -> None:
    """On one block of the 2B's real width: the tiny ones have no matrix that is quantised."""
    needs_gpu(device)
    if importlib.util.find_spec("torchao") is None:
        pytest.skip("torchao is not installed: engine.fp8 is NOT tested")
    import torch

    from generation.pipelines.ltx.acceleration import quantise

    torch.manual_seed(7)
    block = torch.nn.Sequential(torch.nn.Linear(2048, 8192), torch.nn.Linear(8192, 2048))
    block = block.to(torch.bfloat16)
    entered = torch.randn(64, 2048, dtype=torch.bfloat16, device=device)
    with torch.no_grad():
        wanted = block.to(device)(entered).float()
        block.to("cpu")
        quantise(block, torch.device(device))
        found = block.to(device)(entered).float()
    assert (found - wanted).norm() / wanted.norm() < 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_a_cancel_at_the_second_step_leaves_the_next_clip_as_ever(
    kind: str, checkpoint: Checkpoint, device: str, tmp_path: Path
) -> None:
    session = session_of(checkpoint(kind), device)
    first = clip_of(session, tmp_path)
    cancelled = Recorder(lasts=2)
    with pytest.raises(Interrupted):
        session.render(animation(tmp_path), cancelled, good)
    assert len(cancelled.steps) == 2
    assert np.array_equal(clip_of(session, tmp_path).clip, first.clip)


def test_what_does_not_fit_ends_in_a_sentence_and_smaller_clips_go_on(
    checkpoint: Checkpoint, device: str, tmp_path: Path
) -> None:
    needs_gpu(device)
    import torch

    session = session_of(checkpoint("first"), device)
    first = clip_of(session, tmp_path)
    total = torch.cuda.get_device_properties(device).total_memory
    held = torch.cuda.memory_reserved(device)
    torch.cuda.set_per_process_memory_fraction((held + 64 * 2**20) / total, device)
    try:
        with pytest.raises(OutOfMemory, match="it should fit"):
            session.render(
                asked(tmp_path, width=1280, height=1280, num_frames=161), Recorder(), good
            )
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)
    assert np.array_equal(clip_of(session, tmp_path).clip, first.clip)


DEAD = """
import sys, torch
from generation.pipelines.ltx.device_errors import is_dead, is_out_of_memory
tensor = torch.zeros(4, device="cuda:0")
index = torch.tensor([10**6], device="cuda:0")
try:
    tensor[index] = 1.0
    torch.cuda.synchronize()
except RuntimeError as error:
    sys.exit(0 if is_dead(error) and not is_out_of_memory(error) else f"taken for another: {error}")
sys.exit("nothing happened")
"""


def test_a_dead_device_is_known_by_its_error(device: str) -> None:
    """In a process of its own, which no further call would survive."""
    needs_gpu(device)
    ended = subprocess.run(
        [sys.executable, "-c", DEAD], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_torch_says_of_this_gpu_what_the_engine_wants_to_know(device: str) -> None:
    needs_gpu(device)
    from generation.pipelines.ltx.cuda import card_of
    from generation.pipelines.ltx.cuda_probe import examine

    card = card_of(examine(), device)
    assert card.memory > 10**9
    assert card.name
