"""A GPU that answers no more ends the process, not everybody's jobs one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generation.engine.pipeline import DeviceLost
from tests.generation.pipelines.ltx.conftest import opened
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, animation
from tests.generation.pipelines.ltx.test_session import good

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("CUDA error: an illegal memory access was encountered", True),
        ("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx`", True),
        ("CUDA error: out of memory", False),
        ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", False),
        ("The size of tensor a (4) must match the size of tensor b (3)", False),
    ],
)
def test_the_error_says_whether_the_device_is_lost(text: str, *, dead: bool) -> None:
    from generation.pipelines.ltx.device_errors import is_dead

    assert is_dead(RuntimeError(text)) is dead


def test_a_dead_device_is_told_as_such(checkpoint: Checkpoint, tmp_path: Path) -> None:
    session = opened(checkpoint("first"))

    def fail(*_: object) -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered\nCUDA kernel …")

    session.pipe.transformer.register_forward_pre_hook(fail)
    with pytest.raises(DeviceLost, match=r"illegal memory access was encountered$"):
        session.render(animation(tmp_path), Recorder(), good)


def test_a_model_that_could_not_be_put_back_makes_its_clip_and_no_other(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    """Memory runs out once, and the tiles that helped cannot be turned off again."""
    import torch

    session, stage = opened(checkpoint("first")), Recorder()
    left = [1, 1]

    def full(*_: object) -> None:
        if left:
            left.pop()
            raise torch.OutOfMemoryError("CUDA out of memory")

    def stuck() -> None:
        raise RuntimeError("CUDA error: unspecified launch failure")

    session.pipe.transformer.register_forward_pre_hook(full)
    session.pipe.vae.disable_tiling = stuck
    session.render(animation(tmp_path), stage, good)
    assert len(stage.clip) == 17
    with pytest.raises(DeviceLost, match="could not be put back"):
        session.render(animation(tmp_path), Recorder(), good)
