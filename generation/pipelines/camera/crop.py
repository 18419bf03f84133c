"""Which part of a picture a resting camera shows: all of it, or what matters where it can't."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.pipelines.camera.raster import Field

GRID = 32
"""Pixels between two possible sides of a clip: a shape that is off by less is only rounding."""


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
    scale = min(picture_width / width, picture_height / height)
    wide, high = width * scale, height * scale
    x, y = picture_width / 2, picture_height / 2
    if picture_width - wide > GRID * scale:
        x = _best(salient.sum(axis=0), wide / picture_width) * picture_width
    if picture_height - high > GRID * scale:
        y = _best(salient.sum(axis=1), high / picture_height) * picture_height
    return Frame(x, y, wide, high)


def focus_in(
    frame: Frame, salient: Field, picture_width: int, picture_height: int
) -> tuple[float, float]:
    """The point in source pixels a zoom goes to: from the middle a part of the way to what matters.

    Not all of it: a guess must never lose the picture.
    """
    weight = salient.astype(np.float64) ** 3
    rows, columns = weight.shape
    total = max(float(weight.sum()), 1e-9)
    x = float(weight.sum(axis=0) @ (np.arange(columns) + 0.5)) / total / columns * picture_width
    y = float(weight.sum(axis=1) @ (np.arange(rows) + 0.5)) / total / rows * picture_height
    return (
        frame.x + _bounded(x - frame.x, 0.15 * frame.width),
        frame.y + _bounded(y - frame.y, 0.12 * frame.height),
    )


def _bounded(distance: float, most: float) -> float:
    return float(most * np.tanh(distance / most))


def _best(profile: NDArray[np.float32], share: float) -> float:
    """The centre, as a share of the side, of the window of `share` which holds the most."""
    n = len(profile)
    held = np.concatenate([[0.0], np.cumsum(profile, dtype=np.float64)])
    centres = np.linspace(share / 2, 1 - share / 2, 101)
    edges = np.arange(n + 1) / n
    inside = np.interp(centres + share / 2, edges, held) - np.interp(
        centres - share / 2, edges, held
    )
    off = np.abs(centres - 0.5) / max(0.5 - share / 2, 1e-9)
    worth = inside / max(held[-1], 1e-9) - 0.04 * off**2
    return float(centres[int(np.argmax(worth))])
