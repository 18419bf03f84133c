"""The few array operations that every part of the camera engine shares."""

from __future__ import annotations

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture

LUMA = (0.2126, 0.7152, 0.0722)
"""Rec. 709, on gamma-coded values: what a viewer calls brightness."""


def reduced(picture: Picture, longest: int) -> Picture:
    """The picture with its long side at most `longest` pixels, every source pixel counted."""
    height, width = picture.shape[:2]
    share = min(1.0, longest / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return opencv.resize(picture, size, opencv.Kernel.AREA)


def luma(picture: Picture) -> Field:
    """(height, width), 0 to 1."""
    share = np.array([LUMA], np.float32) / 255
    return opencv.transform(picture.astype(np.float32), share)


def enlarged(field: Field, width: int, height: int) -> Field:
    return opencv.resize(field, (width, height), opencv.Kernel.LINEAR)


def blurred(field: Field, sigma: float) -> Field:
    """Gaussian; `sigma` in pixels of the field."""
    return opencv.gaussian_blur(field, max(sigma, 0.3))


def boxed(field: Field, radius: int) -> Field:
    return opencv.box_blur(field, 2 * radius + 1)


def guided(field: Field, guide: Field, radius: int, epsilon: float) -> Field:
    """Smooth `field`, but keep the edges that it has where `guide` has them.

    He, Sun and Tang, Guided Image Filtering (ECCV 2010), with a grey guide; `radius` in pixels.
    """
    mean_guide, mean_field = boxed(guide, radius), boxed(field, radius)
    covariance = boxed(guide * field, radius) - mean_guide * mean_field
    variance = boxed(guide * guide, radius) - mean_guide * mean_guide
    slope = np.asarray(covariance / (variance + epsilon), np.float32)
    offset = mean_field - slope * mean_guide
    return boxed(slope, radius) * guide + boxed(offset, radius)


def stretched(field: Field, low: float, high: float, within: Field | None = None) -> Field:
    """Linear, so that the percentiles `low` and `high` (of a part, if that is given) become 0 and
    1; flat where all is equal."""
    bottom, top = np.percentile(field if within is None else within, [low, high])
    if top - bottom < 1e-3:
        return np.zeros_like(field)
    return clipped((field - np.float32(bottom)) / np.float32(top - bottom))


def smooth(field: Field, low: float, high: float) -> Field:
    """The smoothstep polynomial: 0 below `low`, 1 above `high`."""
    x = clipped((field - np.float32(low)) / np.float32(high - low))
    return x * x * (3 - 2 * x)


def clipped(field: Field) -> Field:
    return np.clip(field, np.float32(0), np.float32(1))
