"""What a person is told beside a clip: what was understood, rounded or left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.facts import PLAIN, Fact, Facts

CODES: Mapping[str, tuple[str, ...]] = {
    PLAIN: ("text",),
    "duration": ("seconds", "frames", "fps"),
    "shortened": ("asked", "seconds"),
    "lengthened": ("asked", "seconds"),
    "size": ("asked", "size"),
    "camera": ("shots",),
    "own_choice": (),
    "weather": ("effects",),
    "light": ("effects",),
    "nothing_asked": ("example",),
    "chosen_first": (),
    "told": ("prompt",),
    "prompt_cut": ("tokens", "most"),
    "second_try": ("flaw",),
    "still_flawed": ("flaw",),
    "cut_off": ("percent",),
    "goes_on": (),
    **dict.fromkeys(("scene_missing", "scene_cancelled", "scene_deleted"), ("scene",)),
    "draft": ("size",),
    "recognised": (),
    **dict.fromkeys(("variation", "scene"), ("number", "count")),
}
"""Every code there is, and the facts that it comes with."""


@dataclass(frozen=True, slots=True, init=False)
class Note:
    """`Note("duration", seconds=6.7, frames=161, fps=24)`; the catalogue has the sentence."""

    code: str
    facts: Facts = field(hash=False)

    def __init__(self, code: str, /, **facts: Fact) -> None:
        """Raises `TypeError` for facts that the code's sentence does not go with."""
        if facts.keys() != set(CODES[code]):
            raise TypeError(f"note {code} needs {CODES[code]}, not {tuple(facts)}")
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "facts", facts)


LENGTH = "duration"
TOLD = "told"

SHOWN = 400
"""Characters of what a model was told that stand under a clip; the recipe has all of it."""

OF_SEVERAL = ("variation", "scene")
"""Which of those that were asked for together a clip is."""

WITHOUT = ("scene_missing", "scene_cancelled", "scene_deleted")
"""Of a film that goes on without one of its scenes."""


def told(prompt: str) -> Note:
    """What a model was told."""
    return Note(TOLD, prompt=prompt if len(prompt) <= SHOWN else f"{prompt[:SHOWN]}…")


def duration(frames: int, fps: int) -> Note:
    return Note(LENGTH, seconds=round(frames / fps, 2), frames=frames, fps=fps)
