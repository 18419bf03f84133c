"""Which model `engine.model = auto` means: the best one for the card whose weights are here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from generation.pipelines.ltx.profiles import PROFILES, Profile, profile_of

AUTO = "auto"

GB = 1e9

LARGE_CARD, SMALL_CARD = 40.0, 8.0
"""GB of card memory from which the distilled 13B and the distilled 2B answer at a chat's pace. A
card says a little less than its name does: 12 GB are 11.6.
"""

SAID_SHORT = 0.93

LARGE = ("LTX-Video-0.9.8-13B-distilled", "LTX-Video-0.9.7-distilled")
SMALL = ("LTX-Video-2B-0.9.8-distilled",)


@dataclass(frozen=True, slots=True)
class Chosen:
    """`here` is false where its weights have to come first."""

    profile: Profile
    here: bool


def choose_model(memory: int, is_here: Callable[[Profile], bool]) -> Chosen:
    """`memory` is the card's, in bytes; where no weights are here, what `download` would fetch."""
    fitting = [*_named(LARGE), *_named(SMALL)] if _has(memory, LARGE_CARD) else [*_named(SMALL)]
    for profile in (*fitting, *PROFILES):
        if is_here(profile):
            return Chosen(profile, here=True)
    return Chosen(fitting[0], here=False)


def _has(memory: int, gigabytes: float) -> bool:
    return memory / GB >= gigabytes * SAID_SHORT


def _named(names: Iterable[str]) -> list[Profile]:
    return [profile for name in names if (profile := profile_of(name)) is not None]
