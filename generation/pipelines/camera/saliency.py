"""What in a picture matters to people, guessed without a model: for the crop, a zoom and depth."""

from __future__ import annotations

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.raster import blurred, luma, stretched


def saliency(small: Picture) -> Field:
    """(height, width), 0 to 1, of a picture of a few hundred pixels.

    Detail, colours that differ from those along the borders, and the tones of skin.
    """
    spread = max(small.shape[:2]) / 40
    lab = opencv.lab(small)
    found: Field = (
        0.30 * stretched(blurred(energy(small), spread), 5, 98)
        + 0.25 * stretched(blurred(_strangeness(lab), spread), 5, 98)
        + 0.45 * stretched(blurred(skin(small), spread), 5, 99)
    )
    return found * (0.55 + 0.45 * centre_weight(*small.shape[:2]))


def energy(small: Picture) -> Field:
    """How much happens around each pixel: the length of the gradient of the luma."""
    grey = blurred(luma(small), 1.0)
    across, along = opencv.gradient(grey)
    return np.sqrt(across * across + along * along)


def centre_weight(height: int, width: int) -> Field:
    """1 at the place where photographers put people, a little above the middle."""
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.45
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - 0.5
    return np.exp(-(x[None, :] ** 2 + y[:, None] ** 2) / np.float32(2 * 0.3**2))


def _strangeness(lab: Field) -> Field:
    """The distance to the nearest of the colours typical of the four borders."""
    rim = max(2, min(lab.shape[:2]) // 16)
    sides = (lab[:rim], lab[-rim:], lab[:, :rim], lab[:, -rim:])
    means = [side.reshape(-1, 3).mean(axis=0) for side in sides]
    distances = [np.sqrt(((lab - mean) ** 2).sum(axis=2)) for mean in means]
    nearest: Field = np.minimum.reduce(distances)
    return nearest


def skin(small: Picture) -> Field:
    """(height, width), 0 to 1: hues from red to yellow, not very colourful, however light."""
    lab = opencv.lab(small)
    a, b = lab[..., 1] - 128, lab[..., 2] - 128
    chroma, hue = np.sqrt(a * a + b * b), np.arctan2(b, a)
    near = np.exp(-(((hue - 0.85) / 0.35) ** 2) - ((chroma - 24) / 12) ** 2)
    return near * (lab[..., 0] > 40)
