"""What is tried when the GPU's memory runs out, and what is undone again afterwards."""

from __future__ import annotations

import gc
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from generation.errors import OutOfMemory
from generation.pipelines.ltx.device_errors import is_out_of_memory
from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.placement import tile

if TYPE_CHECKING:
    import torch

SIDE = 32
SMALLEST = 64

T = TypeVar("T")

log = logging.getLogger("photoplay.engine")


@dataclass(frozen=True, slots=True)
class Fallback:
    """A way to need less memory; `undo` makes the next job start as if nothing had been."""

    name: str
    apply: Callable[[], None]
    undo: Callable[[], None]


def with_fallbacks(
    render: Callable[[], T],
    fallbacks: Sequence[Fallback],
    *,
    on_fallback: Callable[[str], None],
    on_not_undone: Callable[[], None],
    otherwise: OutOfMemory,
) -> T:
    """`render`'s result, tried anew after each fallback; afterwards all are undone.

    A finished clip is not lost because the model cannot be put back: `on_not_undone` is told.
    Raises `otherwise` where none was enough.
    """
    applied: list[Fallback] = []
    try:
        return _tried(render, fallbacks, applied, on_fallback, otherwise)
    finally:
        for fallback in reversed(applied):
            if not _undone(fallback):
                on_not_undone()


def _tried(
    render: Callable[[], T],
    fallbacks: Sequence[Fallback],
    applied: list[Fallback],
    on_fallback: Callable[[str], None],
    otherwise: OutOfMemory,
) -> T:
    for fallback in fallbacks:
        try:
            return render()
        except Exception as error:  # only memory is ours to mend: all else passes on
            if not is_out_of_memory(error):
                raise
        empty()
        on_fallback(fallback.name)
        applied.append(fallback)
        fallback.apply()
    return _last(render, otherwise)


def _undone(fallback: Fallback) -> bool:
    try:
        fallback.undo()
    except Exception:  # whatever it is: it comes after the clip, which is handed on
        log.exception("not undone: %s", fallback.name)
        return False
    return True


def _last(render: Callable[[], T], otherwise: OutOfMemory) -> T:
    try:
        return render()
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        log.exception("out of GPU memory on the last fallback")
    empty()
    raise otherwise


def empty() -> None:
    """Give back what nobody holds any more; frames of a failed try may sit in a cycle."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def fallbacks_for(pipe: Any, how: Memory, device: torch.device) -> list[Fallback]:
    """From the cheapest to the slowest, less what `how` has already."""
    fallbacks = [Fallback("the cache is emptied and the same tried again", _nothing, _nothing)]
    low = how is Memory.LOW
    if not low:
        fallbacks.append(
            Fallback(
                "the clip is decoded in tiles",
                lambda: tile(pipe, on=True),
                lambda: tile(pipe, on=False),
            )
        )
    fallbacks.append(
        Fallback(
            "the clip is decoded in small tiles",
            lambda: tile(pipe, on=True, small=True),
            lambda: tile(pipe, on=low),
        )
    )
    if how is Memory.FULL and device.type == "cuda":
        fallbacks.append(
            Fallback(
                "components wait outside of the GPU's memory",
                lambda: pipe.enable_model_cpu_offload(device=device),
                lambda: _resident(pipe, device),
            )
        )
    return fallbacks


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
