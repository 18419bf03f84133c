"""What makes the model faster is switched on where it works, and said where it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generation.pipelines.ltx.cuda import Card
from generation.pipelines.ltx.guidance import Guiding
from generation.pipelines.ltx.options import LtxOptions, Memory
from tests.generation.pipelines.ltx.conftest import plain_pipe
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS

pytestmark = MODEL_MARKS
Checkpoint = Callable[[str], Path]

HOPPER = Card("NVIDIA H200", 141 * 10**9, (9, 0))
ADA = Card("NVIDIA GeForce RTX 4090", 24 * 10**9, (8, 9))
AMPERE = Card("NVIDIA GeForce RTX 3090", 24 * 10**9, (8, 6))
EIGHT_BITS = LtxOptions(model="", fp8=True)


def backends(transformer: Any) -> set[object]:
    """Of self-attention, then of the attention to the text."""
    return {block.attn1.processor._attention_backend for block in transformer.transformer_blocks}


@pytest.mark.parametrize("kind", ["condition", "ltx2"])
def test_self_attention_alone_takes_cudnns_kernels_from_hopper_on(
    kind: str, checkpoint: Checkpoint
) -> None:
    from diffusers.models.attention_dispatch import AttentionBackendName

    from generation.pipelines.ltx.acceleration import attend

    transformer = plain_pipe(checkpoint(kind)).transformer
    for card in (None, ADA):
        attend(transformer, card)
        assert backends(transformer) == {None}
    attend(transformer, HOPPER)
    assert backends(transformer) == {AttentionBackendName._NATIVE_CUDNN}
    text = {block.attn2.processor._attention_backend for block in transformer.transformer_blocks}
    assert text == {None}


def test_where_flash_attention_3_is_installed_it_is_taken(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers.models.attention_dispatch import AttentionBackendName

    from generation.pipelines.ltx.acceleration import attend

    transformer = plain_pipe(checkpoint("condition")).transformer
    (tmp_path / "flash_attn_interface.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    attend(transformer, HOPPER)
    assert backends(transformer) == {AttentionBackendName._FLASH_3}


def test_similar_steps_are_skipped_where_asked(checkpoint: Checkpoint) -> None:
    from generation.pipelines.ltx.acceleration import skip_similar_steps
    from generation.pipelines.ltx.detection import profile_for

    pipe = plain_pipe(checkpoint("first"))
    assert skip_similar_steps(
        pipe.transformer, profile_for(str(checkpoint("first"))), Guiding.PLAIN
    )
    assert pipe.transformer.is_cache_enabled


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("condition-distilled", "of no use to a model of"), ("ltx2", "does not know this model")],
)
def test_a_cache_that_is_of_no_use_is_left_out_and_says_so(
    checkpoint: Checkpoint, caplog: pytest.LogCaptureFixture, kind: str, sentence: str
) -> None:
    from generation.pipelines.ltx.acceleration import skip_similar_steps
    from generation.pipelines.ltx.detection import profile_for

    pipe = plain_pipe(checkpoint(kind))
    assert not skip_similar_steps(
        pipe.transformer, profile_for(str(checkpoint(kind))), Guiding.PLAIN
    )
    assert not pipe.transformer.is_cache_enabled
    assert sentence in caplog.text


@pytest.mark.parametrize(
    ("card", "how", "sentence"),
    [
        (None, Memory.FULL, "needs a GPU of compute capability 8.9"),
        (AMPERE, Memory.FULL, "needs a GPU of compute capability 8.9"),
        (ADA, Memory.LOW, "does not go together with offloading"),
        (ADA, Memory.OFFLOAD, "does not go together with offloading"),
    ],
)
def test_eight_bits_that_cannot_be_had_are_left_out_and_said(
    card: Card | None, how: Memory, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    from generation.pipelines.ltx.acceleration import multiplies_in_8_bits

    assert not multiplies_in_8_bits(EIGHT_BITS, card, how)
    assert sentence in caplog.text
    assert not multiplies_in_8_bits(replace(EIGHT_BITS, fp8=False), HOPPER, Memory.FULL)


def test_large_matrices_alone_are_quantised() -> None:
    """The 2B in its real size, of which the meta device holds no byte."""
    import torch
    from diffusers import LTXVideoTransformer3DModel

    from generation.pipelines.ltx.acceleration import is_quantised

    with torch.device("meta"):
        kind: Any = LTXVideoTransformer3DModel
        transformer = kind()
    linear = [n for n, m in transformer.named_modules() if isinstance(m, torch.nn.Linear)]
    chosen = {n for n, m in transformer.named_modules() if is_quantised(m, n)}
    blocks = {name for name in linear if name.startswith("transformer_blocks.")}
    assert chosen == blocks
    assert any(name.startswith("time_embed") for name in linear)


TORCHAO = """
from dataclasses import dataclass
class PerRow: ...
@dataclass
class Float8DynamicActivationFloat8WeightConfig:
    granularity: object
def quantize_(module, config, filter_fn, device):
    print(type(config.granularity).__name__, filter_fn.__name__, device)
"""

QUANTISED = """
import torch
from generation.pipelines.ltx.acceleration import quantise
quantise(torch.nn.Linear(1, 1), torch.device("cuda:0"))
"""


def test_weights_are_quantised_a_row_at_a_time_on_their_way_to_the_card(tmp_path: Path) -> None:
    """With a torchao that only says what it is told: the real one needs a GPU."""
    package = tmp_path / "torchao"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "quantization.py").write_text(TORCHAO)
    paths = f"{tmp_path}:{Path(__file__).parents[4]}"
    told = subprocess.run(
        [sys.executable, "-c", QUANTISED],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert told.stdout.split() == ["PerRow", "is_quantised", "cuda:0"]
