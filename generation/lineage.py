"""What a clip was made from: shown wherever its recipe is."""

from __future__ import annotations

from enum import StrEnum

from generation.jobs import AnimationRequest
from generation.media.recipe import Scalar
from generation.notes import Note


class Lineage(StrEnum):
    """These words are stored in recipes."""

    REROLL = "reroll"
    EXTENDED = "extended"
    UPSCALED = "upscaled"


GOES_ON = Note("goes_on")
"""Of a clip that begins with the last frame of one that is no longer kept."""


def lineage_of(request: AnimationRequest) -> Lineage | None:
    """`None` for a clip that was made from a picture alone."""
    if request.upscales is not None:
        return Lineage.UPSCALED
    if request.extends is not None or GOES_ON in request.notes:
        return Lineage.EXTENDED
    return None if request.remixed_from is None else Lineage.REROLL


def kept_in_recipe(request: AnimationRequest) -> dict[str, Scalar]:
    """What a clip can be made again by beside what its engine is told."""
    kept: dict[str, Scalar] = {} if request.enhance else {"enhance": False}
    if request.draft is not None:
        kept["in_full"] = f"{request.draft.width}x{request.draft.height}"
        if request.draft.num_inference_steps is not None:
            kept["in_full_steps"] = request.draft.num_inference_steps
    lineage = lineage_of(request)
    return kept if lineage is None else kept | {"lineage": lineage.value}


def is_in_full(request: AnimationRequest, earlier: AnimationRequest) -> bool:
    """Whether `earlier` is a draft, and this the clip that it stood for."""
    drafted = earlier.draft is not None and request.draft is None
    return drafted and request.seed == earlier.seed
