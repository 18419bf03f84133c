"""What makes the model faster is switched on where it works, and said where it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generation.pipelines.ltx.options import LtxOptions, Memory
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]


def quickened(
    folder: Path,
    how: Memory = Memory.FULL,
    *,
    compiled: bool | None = None,
    fp8: bool = False,
    cache: bool = False,
) -> Any:
    """A pipeline of its own, since these switches stay on."""
    import torch

    from generation.pipelines.ltx.acceleration import quicken
    from generation.pipelines.ltx.detection import profile_for
    from generation.pipelines.ltx.load import load

    device = torch.device("cpu")
    profile = profile_for(str(folder))
    pipe = load(profile, str(folder), device)
    asked = LtxOptions(str(folder), "cpu", compile=compiled, fp8=fp8, cache=cache)
    quicken(pipe, asked, profile, device, how)
    return pipe


def is_compiled(pipe: Any) -> bool:
    return all(
        block._compiled_call_impl is not None for block in pipe.transformer.transformer_blocks
    )


def test_without_a_gpu_nothing_is_switched_on_unasked(checkpoint: Checkpoint) -> None:
    pipe = quickened(checkpoint("condition"))
    assert not is_compiled(pipe)
    assert not pipe.transformer.is_cache_enabled


def test_blocks_are_compiled_where_asked(checkpoint: Checkpoint) -> None:
    assert is_compiled(quickened(checkpoint("condition"), compiled=True))


def test_compiling_does_not_go_together_with_streamed_blocks_and_says_so(
    checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture
) -> None:
    assert not is_compiled(quickened(checkpoint("condition"), Memory.LOW, compiled=True))
    assert "engine.compile does not go together" in caplog.text


def test_similar_steps_are_skipped_where_asked(checkpoint: Checkpoint) -> None:
    assert quickened(checkpoint("first"), cache=True).transformer.is_cache_enabled


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("condition-distilled", "of no use to a model of"), ("ltx2", "does not know this model")],
)
def test_a_cache_that_is_of_no_use_is_left_out_and_says_so(
    checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture, kind: str, sentence: str
) -> None:
    assert not quickened(checkpoint(kind), cache=True).transformer.is_cache_enabled
    assert sentence in caplog.text


def test_eight_bits_without_a_gpu_that_has_them_are_left_out_and_said(
    checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture
) -> None:
    quickened(checkpoint("condition"), fp8=True)
    assert "engine.fp8 needs a GPU" in caplog.text


@pytest.mark.parametrize(("asked", "batches"), [(True, [2, 1]), (False, []), (None, [])])
def test_both_batch_sizes_are_rehearsed_where_blocks_are_compiled(
    asked: bool | None, batches: list[int]
) -> None:
    import torch

    from generation.pipelines.ltx.acceleration import warm_up

    run: list[int] = []
    warm_up(run.append, LtxOptions(model="", compile=asked), torch.device("cpu"))
    assert run == batches
