"""Blocks are compiled once for every size, and a compiler that fails costs nobody a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generation.pipelines.ltx.options import Compile, LtxOptions, Memory
from tests.generation.pipelines.ltx.conftest import Seconds, opened
from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS, Recorder, asked
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.compilation import KernelCache
    from generation.pipelines.ltx.session import Session

pytestmark = [*MODEL_MARKS, pytest.mark.timeout(300)]  # to trace LTX-2 takes half a minute
Checkpoint = Callable[[str], Path]

SIZES = [(64, 64, 9), (96, 64, 17), (128, 64, 9), (64, 96, 25), (128, 128, 17)]
STAGED = [(96, 64, 17), (256, 256, 9)]
"""In one stage and in two."""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What is compiled is known to the whole process."""
    import torch._dynamo

    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    yield
    torch._dynamo.reset()


def compiled(folder: Path, backend: str = "eager") -> Session:
    from generation.pipelines.ltx.start import RehearsalSize, Start

    options = LtxOptions(str(folder), "cpu", compile=Compile.ON)
    start = Start(backend=backend, rehearsal=RehearsalSize(160, 96, 33), clock=Seconds())
    return opened(folder, options, start)


def graphs() -> int:
    import torch._dynamo

    return int(torch._dynamo.utils.counters["stats"]["unique_graphs"])


@pytest.mark.soak
@pytest.mark.parametrize(
    ("kind", "sizes"), [("condition", SIZES), ("ltx2", SIZES), ("staged-ltx2", STAGED)]
)
def test_what_was_rehearsed_serves_every_size(
    kind: str,
    sizes: list[tuple[int, int, int]],
    checkpoint: Checkpoint,
    tmp_path: Path,
    kernels: Path,
) -> None:
    session = compiled(checkpoint(kind))
    rehearsed = graphs()
    assert rehearsed
    for width, height, frames in sizes:
        for guidance in (3.0, 1.0):
            wanted = asked(
                tmp_path, width=width, height=height, num_frames=frames, guidance_scale=guidance
            )
            session.render(wanted, Recorder(), good)
    assert graphs() == rehearsed


def test_a_compiler_that_fails_is_done_without_and_said_once(
    checkpoint: Checkpoint, tmp_path: Path, kernels: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from generation.pipelines.ltx.compilation import is_compiled

    broken(lambda graph, inputs: no_compiler())
    session = compiled(checkpoint("condition"), "broken")
    assert not is_compiled(session.pipe.transformer)
    session.render(asked(tmp_path), Recorder(), good)
    assert caplog.text.count("the model cannot be compiled, so it runs slower") == 1
    assert not list(kernels.glob("*.compiled"))


def test_a_compiler_that_fails_later_costs_no_clip(
    checkpoint: Checkpoint, tmp_path: Path, kernels: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from generation.pipelines.ltx.compilation import is_compiled

    session = opened(checkpoint("condition"))
    broken(lambda graph, inputs: no_compiler())
    session.pipe.transformer.compile_repeated_blocks(backend="broken")
    stage = Recorder()
    session.render(asked(tmp_path), stage, good)
    assert len(stage.clip) == 17
    assert not is_compiled(session.pipe.transformer)
    assert "the model cannot be compiled" in caplog.text


def broken(compiler: Callable[[Any, Any], Any]) -> None:
    from torch._dynamo import register_backend
    from torch._dynamo.backends.registry import _COMPILER_FNS

    if "broken" not in _COMPILER_FNS:
        register_backend(compiler, name="broken")


def no_compiler() -> None:
    raise RuntimeError("Failed to find C compiler. Please specify via CC environment variable.")


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))
    return tmp_path / "home" / "photoplay-kernels"


def kernel_cache(folder: Path, model: str = "LTX-Video") -> KernelCache:
    from generation.pipelines.ltx.compilation import KernelCache

    return KernelCache(folder, model, "NVIDIA H200")


@pytest.mark.parametrize(
    ("asked_for", "cuda", "complete", "is_wanted"),
    [
        (Compile.OFF, True, True, False),
        (Compile.ON, False, False, True),
        (Compile.AUTO, True, False, True),
        (Compile.AUTO, False, True, False),
        (Compile.CACHED, True, False, False),
        (Compile.CACHED, True, True, True),
    ],
)
def test_a_single_clip_waits_for_no_compiler(
    tmp_path: Path, *, asked_for: Compile, cuda: bool, complete: bool, is_wanted: bool
) -> None:
    from generation.pipelines.ltx.compilation import wanted

    cache = kernel_cache(tmp_path)
    if complete:
        cache.mark()
    assert wanted(asked_for, Memory.FULL, cache, cuda=cuda) is is_wanted


def test_kernels_are_known_by_model_and_card(tmp_path: Path) -> None:
    kernel_cache(tmp_path).mark()
    assert kernel_cache(tmp_path).complete
    assert not kernel_cache(tmp_path, "LTX-2").complete


def test_compiling_does_not_go_together_with_streamed_blocks_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from generation.pipelines.ltx.compilation import wanted

    assert not wanted(Compile.ON, Memory.LOW, kernel_cache(tmp_path), cuda=True)
    assert "engine.compile does not go together" in caplog.text


def test_kernels_that_cannot_be_kept_are_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    kernel_cache(tmp_path / "file").mark()
    assert "compiled kernels cannot be kept" in caplog.text


def test_a_rehearsal_leaves_no_trace(checkpoint: Checkpoint, tmp_path: Path, kernels: Path) -> None:
    import numpy as np

    from generation.pipelines.ltx.start import RehearsalSize, rehearse

    session, first, again = opened(checkpoint("condition")), Recorder(), Recorder()
    session.render(asked(tmp_path), first, good)
    for guided in (True, False):
        rehearse(session, RehearsalSize(64, 64, 9), guided=guided)
    session.render(asked(tmp_path), again, good)
    assert np.array_equal(first.clip, again.clip)


def test_the_rehearsal_is_the_clip_that_people_ask_for() -> None:
    """Kernels are chosen for its size."""
    from generation.pipelines.ltx.start import RehearsalSize, Start

    assert Start().rehearsal == RehearsalSize(704, 480, 161)
