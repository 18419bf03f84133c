"""How the weights are to lie in the GPU's memory: decided from what is free on card and host."""

from __future__ import annotations

from dataclasses import dataclass

from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.profiles import Profile

GB = 1e9

RESERVE = 5.0
"""GB beside the weights: activations of 161 frames at 704×480 and the decoder's own, with room."""

TILED = 3.0
"""The same where the decoder may have to work in tiles, which it does only once memory runs out."""

IN_ORDER = (Memory.FULL, Memory.TEXT, Memory.OFFLOAD, Memory.LOW)
"""From the fastest to the one that needs the least of the card."""


@dataclass(frozen=True, slots=True)
class FreeMemory:
    """Bytes that are free now: on the card, and on the host."""

    card: int
    host: int


@dataclass(frozen=True, slots=True)
class Need:
    """GB on the card, with what works beside the weights, and GB that stay on the host."""

    card: float
    host: float

    def fits(self, room: FreeMemory) -> bool:
        return self.card <= room.card / GB and self.host <= room.host / GB


def needs(profile: Profile, *, fp8: bool = False) -> dict[Memory, Need]:
    """For every way but `auto`. With `fp8` the transformer takes half of its bf16 size."""
    sizes = profile.sizes
    transformer = sizes.transformer / 2 if fp8 else sizes.transformer
    largest = max(sizes.transformer, sizes.text_encoder)
    return {
        Memory.FULL: Need(transformer + sizes.text_encoder + sizes.rest + RESERVE, 0.0),
        Memory.TEXT: Need(transformer + sizes.rest + TILED, sizes.text_encoder),
        Memory.OFFLOAD: Need(largest + RESERVE, sizes.total),
        Memory.LOW: Need(TILED, sizes.total - sizes.transformer / 2),
    }


def choose(memory: Memory, room: FreeMemory, profile: Profile, *, fp8: bool) -> Memory:
    """Never `AUTO`: what the operator said, or the fastest way for which the card has room.

    What the host has is only said: every slower way would need more of it.
    """
    if memory is not Memory.AUTO:
        return memory
    known = needs(profile, fp8=fp8)
    fitting = (how for how in IN_ORDER if known[how].card <= room.card / GB)
    return next(fitting, Memory.LOW)


def sentence(how: Memory, room: FreeMemory, profile: Profile, *, asked: Memory, fp8: bool) -> str:
    """For the operator's log: what was chosen, and why."""
    words = {
        Memory.FULL: "all weights stay in the GPU's memory",
        Memory.TEXT: "the text encoder is streamed from the host, the rest stays",
        Memory.OFFLOAD: "components move in and out of the GPU's memory",
        Memory.LOW: "blocks move in and out of the GPU's memory, stored in 8 bits",
    }
    need = needs(profile, fp8=fp8)[how]
    why = "as engine.memory says" if asked is how else "the fastest way that fits"
    short = "" if need.fits(room) else " That is more than is free: expect it to be slow, or to end"
    return (
        f"{profile.name} has {profile.sizes.total:.1f} GB of weights; {room.card / GB:.1f} GB are "
        f"free on the card and {room.host / GB:.1f} GB on the host: {words[how]} "
        f"(engine.memory={how.value}, {why}; about {need.card:.1f} GB of the card and "
        f"{need.host:.1f} GB of the host).{short}"
    )
