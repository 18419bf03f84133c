"""What a film is made of: its scenes in their order, and how one goes over into the next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from pathlib import Path


class Transition(StrEnum):
    """How one scene goes over into the next."""

    CUT = "cut"
    CROSSFADE = "crossfade"


class Fit(StrEnum):
    """How a scene of another shape fills the film's: it is never stretched."""

    CROP = "crop"
    BLUR = "blur"


@dataclass(frozen=True, slots=True)
class FilmStyle:
    """`fade_seconds` is the length of a crossfade, shorter where a scene is short."""

    transition: Transition = Transition.CUT
    fit: Fit = Fit.BLUR
    fade_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class FilmScene:
    """A finished clip and its words, which are the name of its chapter."""

    clip: Path
    title: str


@dataclass(frozen=True, slots=True)
class FilmShape:
    """The one size, in pixels, and the one rate, in frames a second, of a whole film."""

    width: int
    height: int
    fps: int

    def frames_of(self, frames: int, fps: Fraction) -> int:
        """How many frames it takes to show that many of another rate for the same time."""
        return max(1, round(frames * self.fps / fps))


@dataclass(frozen=True, slots=True)
class Timeline:
    """In frames of the film: each scene's length, and how long each is shown with the next."""

    frames: tuple[int, ...]
    fades: tuple[int, ...]

    @property
    def starts(self) -> tuple[int, ...]:
        """The first frame of each scene."""
        starts = [0]
        for length, fade in zip(self.frames, self.fades, strict=False):
            starts.append(starts[-1] + length - fade)
        return tuple(starts)

    @property
    def total(self) -> int:
        return sum(self.frames) - sum(self.fades)

    @property
    def chapters(self) -> tuple[int, ...]:
        """Where each scene is the one that is seen best: in the middle of its crossfade."""
        before = (0, *self.fades)
        return tuple(start + fade // 2 for start, fade in zip(self.starts, before, strict=True))


def timeline(frames: tuple[int, ...], style: FilmStyle, fps: int) -> Timeline:
    """A crossfade takes at most a third of either scene, so that each is seen alone."""
    match style.transition:
        case Transition.CUT:
            wished = 0
        case Transition.CROSSFADE:
            wished = round(style.fade_seconds * fps)
    pairs = pairwise(frames)
    return Timeline(frames, tuple(min(wished, one // 3, other // 3) for one, other in pairs))
