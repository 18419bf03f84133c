"""A draft: small and quick, to see whether a clip is worth its time in full."""

from __future__ import annotations

from dataclasses import replace

from generation.engine.protocol import Capabilities
from generation.images.geometry import Size, halved
from generation.jobs import AnimationRequest, InFull
from generation.notes import Note

STEPS = 12
"""Of a draft, where the engine takes any number: enough to see what moves and where to."""


def drafted(request: AnimationRequest, known: Capabilities) -> AnimationRequest:
    """The same with half as long sides and few steps."""
    full, steps = Size(request.width, request.height), request.num_inference_steps
    small = halved(full)
    few = steps
    if steps is not None and "num_inference_steps" in known.options:
        few = min(steps, STEPS)
    return replace(
        request,
        width=small.width,
        height=small.height,
        num_inference_steps=few,
        draft=InFull(full.width, full.height, steps),
        notes=(*request.notes, Note("draft", size=str(full))),
    )
