"""What somebody asked for, before anything of it is checked: the same on every platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generation.directions.vocabulary import Effect, Motion


@dataclass(frozen=True, slots=True)
class Options:
    """Everything but pictures; `None` leaves the choice to us. Lengths in seconds or frames.

    A `draft` is smaller and quicker than `size` and `num_inference_steps` say, which hold in full.
    """

    prompt: str = ""
    negative_prompt: str | None = None
    motion: Motion = Motion.AUTO
    effect: Effect = Effect.AUTO
    seconds: float | None = None
    num_frames: int | None = None
    fps: int | None = None
    size: str = "auto"
    seed: int | None = None
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    strength: float | None = None
    motion_strength: int | None = None
    loop: bool = False
    boomerang: bool = False
    enhance: bool = True
    model: str | None = None
    draft: bool | None = None
    variations: int = 1


@dataclass(frozen=True, slots=True)
class KeyframePicture:
    """A further picture that the clip shows `at` so many seconds after its beginning."""

    at: float
    picture: bytes | Path


@dataclass(frozen=True, slots=True)
class ExtraPictures:
    """The pictures beside the first one: where the clip ends, what it passes on its way."""

    end: bytes | Path | None = None
    keyframes: tuple[KeyframePicture, ...] = ()


LEAST_MOTION, USUAL_MOTION, MOST_MOTION = 0, 2, 4
"""Degrees of `motion_strength`."""


def motion_degree(asked: int | None) -> int:
    return USUAL_MOTION if asked is None else asked


NO_EXTRA_PICTURES = ExtraPictures()

Changes = Mapping[str, Any]
"""What somebody wants otherwise than it was: names of `Options` and their new values."""

LENGTHS = frozenset({"seconds", "num_frames"})
"""Two ways to say the same: the new one replaces the old one, whichever it was."""


def changed(options: Options, changes: Changes) -> Options:
    """The old options with what was given anew."""
    if LENGTHS & changes.keys():
        options = replace(options, seconds=None, num_frames=None)
    return replace(options, **changes)
