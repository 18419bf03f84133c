"""How near each part of a picture is, guessed from what painters know: no model, no download."""

from __future__ import annotations

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.raster import blurred, clipped, guided, luma, smooth, stretched
from generation.pipelines.camera.saliency import energy

GROUND, SUBJECT, SHARP, HAZE = 0.55, 0.28, 0.08, 0.12
"""How much each cue says. The ground plane counts most: it is right in nearly every photograph."""
STANDING = 0.8
"""How upright a subject is taken to stand: 0 lies on the ground, 1 is a cut-out."""


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
        + SUBJECT * stretched(blurred(salient, size / 12), 10, 98)
        + SHARP * stretched(blurred(energy(small), size / 16), 10, 95)
        - HAZE * _haze(small)
    )
    edges = guided(cues, grey, size // 16, 1e-2)
    slope = stretched(blurred(edges, size / 45), 2, 98)
    return blurred(_stood_up(slope, salient, grey), size / 45)


def pivot_in(near: Field, salient: Field) -> float:
    """The nearness of what an orbit turns around: the subject's, where that is near enough.

    What is far then goes by at least twice as fast as what is near turns against it.
    """
    weight = salient.astype(np.float64) ** 3
    subject = float((near * weight).sum() / max(float(weight.sum()), 1e-9))
    rim = max(1, near.shape[0] // 10)
    far, close = sorted([float(near[:rim].mean()), float(near[-rim:].mean())])
    return max(subject, far + (close - far) * 2 / 3)


def _stood_up(slope: Field, salient: Field, grey: Field) -> Field:
    """A subject stands on the ground rather than lying on it: nearly one depth, so that an orbit
    does not lean it over."""
    size = max(slope.shape)
    mask = smooth(stretched(blurred(salient, size / 20), 10, 98), 0.3, 0.75)
    mask = STANDING * clipped(guided(mask, grey, size // 12, 1e-2))
    depth = np.float32((slope * mask).sum() / max(float(mask.sum()), 1e-6))
    return slope + mask * (depth - slope)


def _ground(height: int, width: int) -> Field:
    """What stands lower in the picture is nearer; above the usual horizon that says little."""
    y = np.linspace(0.5 / height, 1 - 0.5 / height, height, dtype=np.float32)
    column = 0.2 * y + 0.8 * smooth(y, 0.35, 1.15)
    return np.repeat(column[:, None], width, axis=1)


def _haze(small: Picture) -> Field:
    """Air is bright and without colour, and there is more of it before what is far (the dark
    channel of He, Sun and Tang, 2009); the sky is the farthest of all."""
    darkest = small.min(axis=2).astype(np.float32) / 255
    veil = opencv.erode(darkest, 7)
    return blurred(veil, max(small.shape[:2]) / 60)
