"""What a card gets: which model is offered, how its weights lie, and how long a clip takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from generation.pipelines.ltx.memory import FreeMemory, choose
from generation.pipelines.ltx.model_choice import GB, SMALL_CARD, choose_model
from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.profiles import Profile

HEAD = ("card", "model that is offered", "`engine.memory = auto`", "seconds a clip")

LARGEST = 80
"""GB from which a card gets no more than a smaller one."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Seconds of a warm clip of 704×480 and 161 frames, from the request to its MP4."""

    card: str
    model: str
    how: Memory
    seconds: float


MEASURED: tuple[Measurement, ...] = ()
"""Nothing yet: no card was at hand. A row is added by who ran docs/gpu-check.md."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to whom has no weights yet, and the fastest way that fits an empty card."""

    model: str
    how: Memory

    def seconds(self, measured: Sequence[Measurement] = MEASURED) -> str:
        found = (one for one in measured if (one.model, one.how) == (self.model, self.how))
        return ", ".join(f"{one.seconds:.1f} ({one.card})" for one in found) or "not measured"


def offer(memory: int) -> Offer:
    """`memory` is the card's, in bytes."""
    return way_of(choose_model(memory, lambda profile: False).profile, memory)


def way_of(profile: Profile, memory: int) -> Offer:
    how = choose(Memory.AUTO, FreeMemory(memory, 0), profile, fp8=False)
    return Offer(profile.name, how)


def rows() -> list[tuple[str, str, str, str]]:
    """A row for all cards that get the same, the largest first."""
    sizes = range(LARGEST, int(SMALL_CARD) - 1, -1)
    found = []
    for one, same in groupby(sizes, lambda size: offer(round(size * GB))):
        of = list(same)
        found.append((_span(of[-1], of[0]), one.model, one.how.value, one.seconds()))
    return found


def _span(least: int, most: int) -> str:
    if most == LARGEST:
        return f"{least} GB and more"
    return f"{least} GB" if least == most else f"{least} to {most} GB"
