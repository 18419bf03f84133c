"""How near each part of a picture is, guessed from what painters know: no model, no download."""

from __future__ import annotations

import cv2
import numpy as np

from generation.pipelines.camera.raster import (
    Field,
    Picture,
    blurred,
    guided,
    luma,
    smooth,
    stretched,
)
from generation.pipelines.camera.saliency import energy

GROUND, SUBJECT, SHARP, HAZE = 0.58, 0.26, 0.10, 0.12
"""How much each cue says. The ground plane counts most: it is right in nearly every photograph."""


def nearness(small: Picture, salient: Field) -> Field:
    """(height, width) of a picture of a few hundred pixels: 0 is the farthest, 1 the nearest.

    Smooth enough to be bent by: an edge takes a few hundredths of the picture's width, for a
    sharp one in the wrong place tears the picture while a soft one is only a little wrong.
    """
    height, width = small.shape[:2]
    size = max(height, width)
    grey = luma(small)
    cues = (
        GROUND * _ground(height, width)
        + SUBJECT * stretched(blurred(salient, size / 50), 10, 98)
        + SHARP * stretched(blurred(energy(small), size / 30), 10, 95)
        - HAZE * _haze(small)
    )
    edges = guided(cues, grey, size // 20, 4e-3)
    return stretched(blurred(edges, size / 45), 2, 98)


def pivot_in(near: Field, salient: Field) -> float:
    """The nearness of what an orbit turns around: the subject's, well off the far end."""
    weight = salient.astype(np.float64) ** 3
    subject = float((near * weight).sum() / max(float(weight.sum()), 1e-9))
    return min(max(subject, 0.60), 0.75)


def _ground(height: int, width: int) -> Field:
    """Things lower in the picture stand nearer, slowly above the usual horizon, quicker below."""
    y = np.linspace(0.5 / height, 1 - 0.5 / height, height, dtype=np.float32)
    column = 0.35 * y + 0.65 * smooth(y, 0.25, 1.15)
    return np.repeat(column[:, None], width, axis=1)


def _haze(small: Picture) -> Field:
    """Air is bright and without colour, and there is more of it before what is far (the dark
    channel of He, Sun and Tang, 2009); the sky is the farthest of all."""
    darkest = small.min(axis=2).astype(np.float32) / 255
    veil = cv2.erode(darkest, np.ones((7, 7), np.uint8))
    return blurred(np.asarray(veil, np.float32), max(small.shape[:2]) / 60)
