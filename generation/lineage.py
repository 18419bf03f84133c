"""What a clip was made from: shown wherever its recipe is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from generation.jobs import AnimationRequest
from generation.media.recipe import Scalar
from generation.notes import OF_SEVERAL, Note


class Lineage(StrEnum):
    """These words are stored in recipes."""

    REROLL = "reroll"
    EXTENDED = "extended"
    UPSCALED = "upscaled"
    FULL = "full"


PLACE = re.compile(r"(?P<number>[0-9]{1,2}) of (?P<count>[0-9]{1,2})", re.ASCII)

GOES_ON = Note("goes_on")
"""Of a clip that begins with the last frame of one that is no longer kept."""


def lineage_of(request: AnimationRequest) -> Lineage | None:
    """`None` for a clip that was made from a picture alone."""
    if request.upscales is not None:
        return Lineage.UPSCALED
    if request.extends is not None or GOES_ON in request.notes:
        return Lineage.EXTENDED
    if request.in_full:
        return Lineage.FULL
    return None if request.remixed_from is None else Lineage.REROLL


def kept_in_recipe(request: AnimationRequest) -> dict[str, Scalar]:
    """What a clip can be made again by beside what its engine is told."""
    kept: dict[str, Scalar] = {} if request.enhance else {"enhance": False}
    if request.draft is not None:
        kept["in_full"] = f"{request.draft.width}x{request.draft.height}"
        if request.draft.num_inference_steps is not None:
            kept["in_full_steps"] = request.draft.num_inference_steps
    for note in request.notes:
        if note.code in OF_SEVERAL:
            kept[note.code] = "{number} of {count}".format_map(note.facts)
    lineage = lineage_of(request)
    return kept if lineage is None else kept | {"lineage": lineage.value}


def is_in_full(request: AnimationRequest, earlier: AnimationRequest) -> bool:
    """Whether `earlier` is a draft, and this the clip that it stood for."""
    drafted = earlier.draft is not None and request.draft is None
    return drafted and request.seed == earlier.seed


def places_in(options: Mapping[str, object]) -> list[Note]:
    """What a recipe says of the clips that were asked for with it, as notes say it."""
    found = {code: PLACE.fullmatch(str(options.get(code, ""))) for code in OF_SEVERAL}
    return [
        Note(code, number=int(place["number"]), count=int(place["count"]))
        for code, place in found.items()
        if place is not None
    ]
