"""A stage that keeps what it is handed, and pictures whose movement can be measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.directions.vocabulary import Directions, Effect, Motion, Move
from generation.engine.pipeline import Interrupted
from generation.engine.protocol import Animation
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.media.frames import Frames, Picture, Samples
from generation.media.recipe import Scalar
from generation.notes import Note
from generation.pipelines.camera.pipeline import show

PICTURES = Path(__file__).parents[3] / "data" / "pictures"
REQUEST = AnimationRequest(
    prompt="", image="picture.png", width=256, height=160, num_frames=33, fps=24, seed=7
)
Shift = NDArray[np.float64]


class Camera:
    """A stage which keeps the frames; it is cancelled once `lasts` steps are done."""

    def __init__(self, lasts: int | None = None) -> None:
        self.kept: list[Picture] = []
        self.steps: list[tuple[int, int]] = []
        self.phases: list[PhaseName] = []
        self.notes: list[Note] = []
        self.kept_in_recipe: dict[str, Scalar] = {}
        self._lasts = lasts

    def phase(self, name: PhaseName) -> None:
        self.phases.append(name)

    def step(self, index: int, total: int) -> None:
        if self._lasts is not None and index > self._lasts:
            raise Interrupted
        self.steps.append((index, total))

    def preview(self, jpeg: bytes) -> None:
        raise AssertionError("the camera engine shows no previews")

    def remember(self, name: str, value: Scalar) -> None:
        self.kept_in_recipe[name] = value

    def sound(self, samples: Samples, rate: int) -> None:
        raise AssertionError("the camera engine makes no sound")

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def effective_prompt(self, text: str) -> None:
        raise AssertionError("there is no model that could be prompted")

    def frames(self, frames: Frames) -> None:
        self.kept.extend(frames)


def shot(
    picture: Picture,
    *motions: Motion | Move,
    effects: tuple[Effect, ...] = (),
    seed: int = 7,
    frames: int = 33,
    size: tuple[int, int] = (256, 160),
) -> list[Picture]:
    """The frames of one shot of moves together, under effects."""
    moves = tuple(Move(m) if isinstance(m, Motion) else m for m in motions)
    return filmed(picture, Directions((moves,), effects), seed, frames, size)


def filmed(
    picture: Picture,
    directions: Directions,
    seed: int = 7,
    frames: int = 33,
    size: tuple[int, int] = (256, 160),
) -> list[Picture]:
    camera = Camera()
    width, height = size
    request = replace(REQUEST, seed=seed, num_frames=frames, width=width, height=height)
    show(picture, directions, request, camera)
    return camera.kept


def animation(tmp_path: Path, picture: Picture, prompt: str = "") -> Animation:
    image = tmp_path / "picture.png"
    assert cv2.imwrite(str(image), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    request = replace(REQUEST, prompt=prompt)
    return Animation("job", 1, request, image, tmp_path / "clip.mp4", tmp_path / "clip.jpg")


def texture(width: int, height: int, seed: int = 1) -> Picture:
    """Even, natural-looking noise all over: something to track everywhere."""
    rng = np.random.default_rng(seed)
    fine = cv2.GaussianBlur(rng.random((height, width, 3), np.float32), (0, 0), 1.6)
    broad = cv2.GaussianBlur(rng.random((height, width, 3), np.float32), (0, 0), 9)
    mixed = (fine - 0.5) * 3.5 + (broad - 0.5) * 6 + 0.5
    return (np.clip(mixed, 0, 1) * 255).astype(np.uint8)


def plain(width: int, height: int, value: int) -> Picture:
    return np.full((height, width, 3), value, np.uint8)


def photograph(name: str) -> Picture:
    picture = cv2.imread(str(PICTURES / f"{name}.png"), cv2.IMREAD_COLOR_RGB)
    assert picture is not None
    return cast(Picture, picture)


def grey(frame: Picture) -> NDArray[np.float32]:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)


def shift(first: Picture, second: Picture) -> Shift:
    """How far the content has moved, in pixels to the right and down, to a few hundredths."""
    warp = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-6)
    mask = np.full(first.shape[:2], 255, np.uint8)
    _, warp_found = cv2.findTransformECC(
        grey(first), grey(second), warp, cv2.MOTION_TRANSLATION, stop, mask, 3
    )
    return np.asarray(warp_found, np.float64)[:, 2]


def growth(first: Picture, second: Picture) -> float:
    """By which factor the content has grown."""
    warp = np.eye(2, 3, dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-6)
    mask = np.full(first.shape[:2], 255, np.uint8)
    _, found = cv2.findTransformECC(
        grey(first), grey(second), warp, cv2.MOTION_AFFINE, stop, mask, 3
    )
    return float(np.sqrt(abs(np.linalg.det(np.asarray(found, np.float64)[:, :2]))))


def flow(first: Picture, second: Picture) -> NDArray[np.float32]:
    """(height, width, 2): how far each pixel's content has moved, to the right and down."""
    optical = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    still = np.zeros((*first.shape[:2], 2), np.float32)
    pair = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (first, second)]
    return np.asarray(optical.calc(pair[0], pair[1], still), np.float32)
