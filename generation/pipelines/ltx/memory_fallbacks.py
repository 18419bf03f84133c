"""What is tried when the GPU's memory runs out, and what is undone again afterwards."""

from __future__ import annotations

import gc
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from generation.errors import OutOfMemory
from generation.pipelines.ltx.memory import tile
from generation.pipelines.ltx.options import Memory

if TYPE_CHECKING:
    import torch

SIDE = 32
SMALLEST = 64

T = TypeVar("T")

log = logging.getLogger("photoplay.engine")


@dataclass(frozen=True, slots=True)
class Rung:
    """A way to need less memory; `leave` undoes it: the next job starts as if nothing had been."""

    name: str
    climb: Callable[[], None]
    leave: Callable[[], None]


def climb(
    render: Callable[[], T],
    rungs: Sequence[Rung],
    *,
    on_rung: Callable[[str], None],
    at_the_top: OutOfMemory,
) -> T:
    """`render`'s result, tried anew after each rung; afterwards all rungs are left.

    Raises `at_the_top` where none was enough.
    """
    taken: list[Rung] = []
    try:
        for rung in rungs:
            try:
                return render()
            except Exception as error:  # only memory is ours to mend: all else passes on
                if not is_out_of_memory(error):
                    raise
            empty()
            on_rung(rung.name)
            taken.append(rung)
            rung.climb()
        return _last(render, at_the_top)
    finally:
        for rung in reversed(taken):
            rung.leave()


def _last(render: Callable[[], T], at_the_top: OutOfMemory) -> T:
    try:
        return render()
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        log.exception("out of GPU memory on the last rung")
    empty()
    raise at_the_top


def is_out_of_memory(error: Exception) -> bool:
    """Also what libraries beneath torch say in words: cuBLAS, cuDNN and the driver have no type."""
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "out of memory" in str(error).lower()


def empty() -> None:
    """Give back what nobody holds any more; frames of a failed try may sit in a cycle."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def rungs_for(pipe: Any, how: Memory, device: torch.device) -> list[Rung]:
    """From the cheapest to the slowest, less what `how` has already."""
    rungs = [Rung("the cache is emptied and the same tried again", _nothing, _nothing)]
    if how is not Memory.LOW:
        rungs.append(
            Rung(
                "the clip is decoded in tiles",
                lambda: tile(pipe, on=True),
                lambda: tile(pipe, on=False),
            )
        )
    if how is Memory.FULL and device.type == "cuda":
        rungs.append(
            Rung(
                "components wait outside of the GPU's memory",
                lambda: pipe.enable_model_cpu_offload(device=device),
                lambda: _resident(pipe, device),
            )
        )
    return rungs


def _resident(pipe: Any, device: torch.device) -> None:
    pipe.remove_all_hooks()
    pipe.to(device)


def _nothing() -> None:
    return


def too_large(width: int, height: int) -> OutOfMemory:
    """For somebody whose clip does not fit, with a size that should."""
    size = smaller(width, height)
    if size == (width, height):
        return OutOfMemory("length")
    return OutOfMemory("size", nearest=f"{size[0]}x{size[1]}")


def smaller(width: int, height: int) -> tuple[int, int]:
    """About half of the pixels in the same shape, both sides multiples of 32 and at least 64."""
    scale = math.sqrt(0.5)
    return _on_grid(width * scale), _on_grid(height * scale)


def _on_grid(side: float) -> int:
    return max(SMALLEST, round(side / SIDE) * SIDE)
