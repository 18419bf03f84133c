"""Rungs are climbed one by one when memory runs out, and left again whatever happened."""

from __future__ import annotations

import pytest

from generation.engine.pipeline import Interrupted
from generation.errors import OutOfMemory
from generation.pipelines.ltx.memory_fallbacks import Rung, climb, rungs_for
from generation.pipelines.ltx.options import Memory

pytestmark = pytest.mark.slow


class Clip:
    """A render that has room from the `fits`th try on; keeps what was climbed and left."""

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
        return climb(
            self.render, self.rungs(), on_rung=self.said.append, at_the_top=OutOfMemory("length")
        )

    def rungs(self) -> list[Rung]:
        return [
            Rung(
                name,
                lambda name=name: self.steps.append(f"climb {name}"),  # type: ignore[misc]
                lambda name=name: self.steps.append(f"leave {name}"),  # type: ignore[misc]
            )
            for name in ("a", "b")
        ]


def test_what_fits_at_once_climbs_nothing() -> None:
    clip = Clip(fits=1)
    assert clip.made() == "try 1"
    assert clip.steps == clip.said == []


def test_each_failure_takes_the_next_rung_and_all_are_left_in_reverse() -> None:
    clip = Clip(fits=3)
    assert clip.made() == "try 3"
    assert clip.said == ["a", "b"]
    assert clip.steps == ["climb a", "climb b", "leave b", "leave a"]


def test_at_the_top_it_is_out_of_memory_and_the_rungs_are_left() -> None:
    clip = Clip(fits=9)
    with pytest.raises(OutOfMemory, match="length"):
        clip.made()
    assert clip.tries == 3
    assert clip.steps[-2:] == ["leave b", "leave a"]


@pytest.mark.parametrize("text", ["CUDA error: out of memory", "cuDNN: Out Of Memory"])
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

    def enable_tiling(self) -> None:
        self.tiling = True

    def disable_tiling(self) -> None:
        self.tiling = False


class Pipe:
    """As much of a pipeline as rungs touch."""

    def __init__(self) -> None:
        self.vae = Vae()
        self.calls: list[str] = []

    def enable_model_cpu_offload(self, device: object) -> None:
        self.calls.append("offload")

    def remove_all_hooks(self) -> None:
        self.calls.append("unhook")

    def to(self, device: object) -> None:
        self.calls.append("to")


@pytest.mark.parametrize(("how", "count"), [(Memory.FULL, 3), (Memory.OFFLOAD, 2), (Memory.LOW, 1)])
def test_only_rungs_that_are_not_taken_yet_are_offered(how: Memory, count: int) -> None:
    import torch

    assert len(rungs_for(Pipe(), how, torch.device("cuda"))) == count


def test_every_rung_is_undone_by_leaving_it() -> None:
    import torch

    pipe = Pipe()
    rungs = rungs_for(pipe, Memory.FULL, torch.device("cuda"))
    for rung in rungs:
        rung.climb()
    climbed = (pipe.vae.tiling, pipe.vae.use_framewise_decoding)
    for rung in reversed(rungs):
        rung.leave()
    assert climbed == (True, True)
    assert (pipe.vae.tiling, pipe.vae.use_framewise_decoding) == (False, False)
    assert pipe.calls == ["offload", "unhook", "to"]
