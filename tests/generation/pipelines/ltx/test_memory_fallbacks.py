"""Fallbacks are applied one by one when memory runs out, and undone again whatever happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generation.engine.pipeline import Interrupted
from generation.errors import OutOfMemory
from generation.pipelines.ltx.memory_fallbacks import Fallback, fallbacks_for, with_fallbacks
from generation.pipelines.ltx.options import Memory

pytestmark = pytest.mark.slow


class Clip:
    """A render that has room from the `fits`th try on; keeps what was applied and undone."""

    def __init__(self, fits: int, error: Exception | None = None) -> None:
        import torch

        self.tries = 0
        self.said: list[str] = []
        self.steps: list[str] = []
        self._fits = fits
        self._error = error or torch.OutOfMemoryError("CUDA out of memory")

    def render(self) -> str:
        self.tries += 1
        if self.tries < self._fits:
            raise self._error
        return f"try {self.tries}"

    def made(self) -> str:
        return with_fallbacks(
            self.render,
            self.fallbacks(),
            on_fallback=self.said.append,
            on_not_undone=lambda: self.said.append("not undone"),
            otherwise=OutOfMemory("length"),
        )

    def fallbacks(self) -> list[Fallback]:
        return [
            Fallback(
                name,
                lambda name=name: self.steps.append(f"apply {name}"),  # type: ignore[misc]
                lambda name=name: self.steps.append(f"undo {name}"),  # type: ignore[misc]
            )
            for name in ("a", "b")
        ]


def test_what_fits_at_once_applies_nothing() -> None:
    clip = Clip(fits=1)
    assert clip.made() == "try 1"
    assert clip.steps == clip.said == []


def test_each_failure_applies_the_next_fallback_and_all_are_undone_in_reverse() -> None:
    clip = Clip(fits=3)
    assert clip.made() == "try 3"
    assert clip.said == ["a", "b"]
    assert clip.steps == ["apply a", "apply b", "undo b", "undo a"]


def test_after_the_last_one_it_is_out_of_memory_and_all_are_undone() -> None:
    clip = Clip(fits=9)
    with pytest.raises(OutOfMemory, match="length"):
        clip.made()
    assert clip.tries == 3
    assert clip.steps[-2:] == ["undo b", "undo a"]


def test_a_clip_is_kept_though_a_fallback_cannot_be_undone() -> None:
    class Stuck(Clip):
        def fallbacks(self) -> list[Fallback]:
            def fail() -> None:
                raise RuntimeError("CUDA error")

            return [replace(fallback, undo=fail) for fallback in super().fallbacks()]

    clip = Stuck(fits=2)
    assert clip.made() == "try 2"
    assert clip.said == ["a", "not undone"]


@pytest.mark.parametrize(
    "text",
    [
        "CUDA error: out of memory",
        "cuDNN: Out Of Memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "GET was unable to find an engine to execute this computation",
    ],
)
def test_what_libraries_say_in_words_counts_as_well(text: str) -> None:
    assert Clip(fits=2, error=RuntimeError(text)).made() == "try 2"


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), Interrupted()])
def test_anything_else_passes_at_once(error: Exception) -> None:
    clip = Clip(fits=2, error=error)
    with pytest.raises(type(error)):
        clip.made()
    assert clip.tries == 1


class Vae:
    """The switches of a decoder."""

    def __init__(self) -> None:
        self.tiling = False
        self.use_framewise_decoding = False

    def enable_tiling(self, **sizes: int) -> None:
        self.tiling = True

    def disable_tiling(self) -> None:
        self.tiling = False


class Pipe:
    """As much of a pipeline as fallbacks touch."""

    def __init__(self) -> None:
        self.vae = Vae()
        self.calls: list[str] = []

    def enable_model_cpu_offload(self, device: object) -> None:
        self.calls.append("offload")

    def remove_all_hooks(self) -> None:
        self.calls.append("unhook")

    def to(self, device: object) -> None:
        self.calls.append("to")


@pytest.mark.parametrize(
    ("how", "count"), [(Memory.FULL, 4), (Memory.TEXT, 3), (Memory.OFFLOAD, 3), (Memory.LOW, 2)]
)
def test_only_fallbacks_that_are_not_in_use_yet_are_offered(how: Memory, count: int) -> None:
    import torch

    assert len(fallbacks_for(Pipe(), how, torch.device("cuda"))) == count


def test_a_model_that_always_decodes_in_tiles_goes_on_with_them() -> None:
    import torch

    pipe = Pipe()
    *_, small = fallbacks_for(pipe, Memory.LOW, torch.device("cuda"))
    small.apply()
    small.undo()
    assert pipe.vae.tiling


def test_every_fallback_can_be_undone() -> None:
    import torch

    pipe = Pipe()
    fallbacks = fallbacks_for(pipe, Memory.FULL, torch.device("cuda"))
    for fallback in fallbacks:
        fallback.apply()
    applied = (pipe.vae.tiling, pipe.vae.use_framewise_decoding)
    for fallback in reversed(fallbacks):
        fallback.undo()
    assert applied == (True, True)
    assert (pipe.vae.tiling, pipe.vae.use_framewise_decoding) == (False, False)
    assert pipe.calls == ["offload", "unhook", "to"]
