"""A stage which keeps everything it is told, and requests for pictures of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.engine.pipeline import Interrupted
from generation.engine.protocol import Animation
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.media.frames import Frames, Samples
from generation.media.recipe import Scalar
from generation.notes import Note

MODEL_MARKS = [
    pytest.mark.slow,
    # diffusers 0.42 makes an array of a tensor with numpy 2
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
"""For every module of tests that runs a model."""

REQUEST = AnimationRequest(
    prompt="a boat on a lake",
    image="first.png",
    width=96,
    height=64,
    num_frames=17,
    fps=24,
    seed=7,
    num_inference_steps=3,
)


class Recorder:
    """Cancelled once `lasts` steps are done, or as soon as it hears of the phase `until`."""

    def __init__(self, lasts: int | None = None, until: PhaseName | None = None) -> None:
        self.phases: list[PhaseName] = []
        self.steps: list[tuple[int, int]] = []
        self.previews: list[bytes] = []
        self.notes: list[Note] = []
        self.prompts: list[str] = []
        self.facts: dict[str, Scalar] = {}
        self.sounds: list[tuple[Samples, int]] = []
        self.batches: list[Frames] = []
        self._lasts = lasts
        self._until = until

    @property
    def clip(self) -> Frames:
        return np.concatenate(self.batches)

    def phase(self, name: PhaseName) -> None:
        if name is self._until:
            raise Interrupted
        if not self.phases or self.phases[-1] is not name:
            self.phases.append(name)

    def step(self, index: int, total: int) -> None:
        self.steps.append((index, total))
        if index == self._lasts:
            raise Interrupted

    def preview(self, jpeg: bytes) -> None:
        self.previews.append(jpeg)

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def effective_prompt(self, text: str) -> None:
        self.prompts.append(text)

    def remember(self, name: str, value: Scalar) -> None:
        assert not self.batches, "what is kept in the recipe comes before any frame"
        self.facts[name] = value

    def sound(self, samples: Samples, rate: int) -> None:
        assert not self.batches, "sound comes before any frame"
        self.sounds.append((samples, rate))

    def frames(self, frames: Frames) -> None:
        self.batches.append(frames)


def animation(folder: Path, request: AnimationRequest = REQUEST) -> Animation:
    """With a picture for every name in the request which is not there yet."""
    for number, name in enumerate(request.inputs):
        if not (folder / name).exists():
            painted(number).save(folder / name)
    paths = folder / request.image, folder / "clip.mp4", folder / "clip.jpg"
    return Animation("job", 1, request, *paths)


def painted(number: int, size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Smooth colours, others for every number; of another shape than the clip."""
    rng = np.random.default_rng(number)
    cells = rng.integers(0, 256, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize(size, Image.Resampling.BICUBIC)


def asked(folder: Path, **changes: object) -> Animation:
    return animation(folder, replace(REQUEST, **changes))  # type: ignore[arg-type]
