"""What a transformer computes anew at every step though it stays the same: once a clip instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def places_once(transformer: Any) -> Iterator[None]:
    """The rotary embedding of places, which are the same in all steps of one run, bit by bit.

    Only the last size of batch is kept: a hundred megabytes a row.
    """
    rope = transformer.rope
    compute = rope.forward
    known: dict[int, Any] = {}

    def remembered(hidden_states: torch.Tensor, *places: Any, **named: Any) -> Any:
        rows = len(hidden_states)
        if rows not in known:
            known.clear()
            known[rows] = compute(hidden_states, *places, **named)
        return known[rows]

    with _instead(rope, remembered):
        yield


@contextmanager
def levels_once(transformer: Any, levels: torch.Tensor) -> Iterator[None]:
    """The embedding of noise levels, of which a step has few: one for each instead of one a cell.

    `levels` (rows, cells) tells which cells share theirs. A smaller matrix may be multiplied by
    another kernel, so the last bits of a picture can differ.
    """
    embed = transformer.time_embed
    compute = embed.forward
    unique: Any = torch.unique  # whose types say nothing
    places: torch.Tensor = unique(levels, return_inverse=True)[1].flatten()
    first = torch.zeros(int(places.max()) + 1, dtype=torch.long, device=places.device)
    first.scatter_(0, places, torch.arange(len(places), device=places.device))

    def shared(timestep: torch.Tensor, *, batch_size: int, hidden_dtype: torch.dtype) -> Any:
        rows = len(timestep) // len(places)
        found = compute(timestep[first], batch_size=1, hidden_dtype=hidden_dtype)
        return tuple(part[places].repeat(rows, 1) for part in found)

    with _instead(embed, shared):
        yield


@contextmanager
def _instead(module: Any, forward: Any) -> Iterator[None]:
    """Somebody's hook may have put its own there, which comes back."""
    before = module.__dict__.get("forward")
    module.forward = forward
    try:
        yield
    finally:
        if before is None:
            del module.forward
        else:
            module.forward = before
