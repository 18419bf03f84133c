"""The pipeline seen from the engine's child: model code that turns a picture into frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from generation.engine.protocol import Animation, Capabilities
from generation.events import PhaseName
from generation.media.frames import Frames, Samples
from generation.media.marking import DigitalSource
from generation.media.recipe import Scalar
from generation.notes import Note


class Stage(Protocol):
    """What a pipeline may do while it renders. Every call raises `Interrupted` after a cancel."""

    def phase(self, name: PhaseName) -> None: ...

    def step(self, index: int, total: int) -> None:
        """Say that step `index` (1-based) of `total` is done."""

    def preview(self, jpeg: bytes) -> None: ...

    def note(self, note: Note) -> None: ...

    def effective_prompt(self, text: str) -> None:
        """Record the words the model was really given, for the recipe."""

    def remember(self, name: str, value: Scalar) -> None:
        """Keep something in the clip's recipe, before any frame: for one that goes on from it."""

    def sound(self, samples: Samples, rate: int) -> None:
        """Give the clip a sound track of `rate` samples a second, once and before any frame.

        What is longer than the pictures is cut, what is shorter ends in silence.
        """

    def frames(self, frames: Frames) -> None:
        """Hand on the next frames in order; blocks while the encoder is more than a few behind.

        A whole clip in one call never blocks.
        """


class Interrupted(Exception):
    """Raised out of a stage's methods once the job was cancelled; a pipeline only cleans up."""


class DeviceLost(Exception):
    """Raised by a pipeline whose device serves nobody any more: its process has to end."""


OnLoading = Callable[[str, int, int], None]
"""Told what is loaded now, how many parts are done, and of how many."""


class Pipeline(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def source(self) -> DigitalSource:
        """How its clips are marked: made by a trained model, or by plain arithmetic."""

    def load(self, loading: OnLoading) -> None:
        """Make ready for the first job; called once. Raises `Misconfigured`, `DeviceLost`."""

    def render(self, animation: Animation, stage: Stage) -> None:
        """Hand exactly `animation.request.num_frames` frames to the stage.

        Raises `GenerationFailed` kinds for expected failures, and `DeviceLost`; anything else is a
        defect.
        """
