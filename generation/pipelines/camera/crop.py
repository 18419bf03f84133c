"""Which part of a picture a resting camera shows: all of it, or what matters where it can't."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.media.frames import Field
from generation.pipelines.camera.raster import blurred

GRID = 32
"""Pixels between two possible sides of a clip: a shape that is off by less is only rounding."""


HEADS = 0.1
"""Share of the play above and below a frame that is above it: people are cut at the foot."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The largest part of the clip's shape: its centre and its sizes in source pixels."""

    x: float
    y: float
    width: float
    height: float


def frame_in(
    picture_width: int, picture_height: int, width: int, height: int, salient: Field
) -> Frame:
    """Where a clip of `width` × `height` pixels fits best into the picture."""
    weight = blurred(salient, max(salient.shape) / 24) ** 6  # what matters has hair and hands
    scale = min(picture_width / width, picture_height / height)
    wide, high = width * scale, height * scale
    x, y = picture_width / 2, picture_height / 2
    if picture_width - wide > GRID * scale:
        x = _best(weight.sum(axis=0), wide / picture_width, 0.5) * picture_width
    if picture_height - high > GRID * scale:
        y = _best(weight.sum(axis=1), high / picture_height, HEADS) * picture_height
    return Frame(x, y, wide, high)


def focus_in(
    frame: Frame, salient: Field, picture_width: int, picture_height: int
) -> tuple[float, float]:
    """The point in source pixels a zoom goes to: from the middle a part of the way to what matters.

    Not all of it: a guess must never lose the picture. Never down: heads are above the middle, and
    what is below comes nearer by itself.
    """
    weight = salient.astype(np.float64) ** 8
    rows, columns = weight.shape
    total = max(float(weight.sum()), 1e-9)
    x = float(weight.sum(axis=0) @ (np.arange(columns) + 0.5)) / total / columns * picture_width
    y = float(weight.sum(axis=1) @ (np.arange(rows) + 0.5)) / total / rows * picture_height
    return (
        frame.x + _bounded(x - frame.x, 0.3 * frame.width),
        frame.y + _bounded(min(y - frame.y, 0.0), 0.3 * frame.height),
    )


def _bounded(distance: float, most: float) -> float:
    return float(most * np.tanh(distance / most))


def _best(profile: NDArray[np.float32], share: float, rest: float) -> float:
    """The centre, as a share of the side, of the window of `share` which holds the most.

    What is in its middle counts most, what is at its edges nothing. `rest` is where in the play
    between the borders it lies if nothing pulls at it.
    """
    play = np.linspace(0.0, 1.0, 101)
    centres = share / 2 + play * (1 - share)
    places = (np.arange(len(profile)) + 0.5) / len(profile)
    off_centre = (places[None, :] - centres[:, None]) / (share / 2)
    held = np.clip(1 - off_centre**2, 0.0, 1.0) @ profile / max(float(profile.sum()), 1e-9)
    return float(centres[int(np.argmax(held - 0.2 * (play - rest) ** 2))])
