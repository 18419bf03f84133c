"""Sunset, night and dawn: the light changes over the clip; lamps and windows keep theirs."""

from __future__ import annotations

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.effects.frame_context import FrameContext
from generation.pipelines.camera.effects.looks import Look, between
from generation.pipelines.camera.effects.tone import curved, glowing, multiplied, saturated
from generation.pipelines.camera.raster import blurred, clipped, enlarged, luma, reduced, smooth

SAMPLE = 160
"""Long side in pixels of the copy on which exposures are tried."""
WARM = np.array([1.0, 0.80, 0.48], np.float32)
SETTLED = 0.85
"""Share of the clip after which the last look is reached, so that it can be looked at."""


class Light:
    """`looks` follow each other over the clip; each is exposed for this very picture."""

    def __init__(self, looks: tuple[Look, ...], small: Picture, near: Field) -> None:
        self._lamps = lamps_in(small)
        self._halo = blurred(self._lamps, max(small.shape) / 45) * np.float32(2.2)
        self._sky = horizon_in(small, near)
        sample = reduced(small, SAMPLE)
        self._keys = [(look, self._exposure(sample, look, near)) for look in looks]

    def paint(self, frame: Picture, moment: FrameContext) -> Picture:
        look, exposure = self._now(moment.progress)
        lamps, halo, sky = (moment.seen(f) for f in (self._lamps, self._halo, self._sky))
        return _graded(frame, look, exposure, moment.near, lamps, halo, sky)

    def _now(self, progress: float) -> tuple[Look, float]:
        place = min(progress / SETTLED, 1.0) * (len(self._keys) - 1)
        first = min(int(place), len(self._keys) - 2)
        share = place - first
        share = share * share * (3 - 2 * share)
        (look, exposure), (later, later_exposure) = self._keys[first : first + 2]
        mixed = exposure ** (1 - share) * later_exposure**share
        return between(look, later, share), mixed

    def _exposure(self, sample: Picture, look: Look, near: Field) -> float:
        """The gain at which the look leaves just its share of the picture's mean luma.

        Found by halving: the result grows with the gain, and clips in a way no formula knows.
        """
        wanted = look.luma * float(luma(sample).mean())
        low, high = 0.05, 2.5
        for _ in range(12):
            middle = (low + high) / 2
            fields = (near, self._lamps, self._halo, self._sky)
            reached = float(luma(_graded(sample, look, middle, *fields)).mean())
            low, high = (middle, high) if reached < wanted else (low, middle)
        return (low + high) / 2


def _graded(
    frame: Picture, look: Look, exposure: float, near: Field, lamps: Field, halo: Field, sky: Field
) -> Picture:
    red, green, blue = (exposure,) * 3
    dim = curved(saturated(frame, look.saturation), (red, green, blue), look.power)
    depth = near[..., None]
    dim = multiplied(
        dim,
        np.array(look.far, np.float32) * (1 - depth)
        + depth * np.float32(1) * (np.array(look.near, np.float32)),
    )
    shine = sky[..., None] * np.array(look.glow, np.float32)
    if look.lamps > 0:
        dim = _lit(dim, frame, lamps, look.lamps)
        shine = _fitting(shine, halo) + halo[..., None] * WARM * np.float32(0.5 * look.lamps)
    return glowing(dim, shine)


def _lit(dim: Picture, frame: Picture, lamps: Field, share: float) -> Picture:
    """The frame's own brightest spots shine through where there are lamps: sharp to the pixel."""
    height, width = frame.shape[:2]
    bright = smooth(luma(frame), 0.5, 0.75)
    through = clipped(enlarged(lamps, width, height) * np.float32(1.6)) * bright * np.float32(share)
    warm = saturated(frame, 1.1, (1.05, 0.98, 0.80))
    return opencv.blend(dim, warm, through)


def _fitting(shine: Field, halo: Field) -> Field:
    if shine.shape[:2] == halo.shape[:2]:
        return shine
    return enlarged(shine, halo.shape[1], halo.shape[0])


def lamps_in(small: Picture) -> Field:
    """(height, width), 0 to 1: what is small, very bright and stands in dark surroundings.

    A white top-hat, so that a sky, a wall or a white shirt is no lamp; nor is a face's highlight.
    """
    grey = luma(small)
    radius = max(2, max(small.shape) // 48)
    ground = opencv.opening(grey, 2 * radius + 1)
    around = blurred(grey, max(small.shape) / 20)
    found = smooth(grey - ground, 0.25, 0.45) * smooth(grey, 0.72, 0.90)
    return found * (1 - smooth(ground, 0.40, 0.60)) * (1 - smooth(around, 0.50, 0.66))


def horizon_in(small: Picture, near: Field) -> Field:
    """(rows, columns) as `near`, 0 to 1: the part of the far that the low sun lights up.

    A wide lobe around the brightest of the far part, which is where the sun was or will be.
    """
    rows, columns = near.shape
    grey = opencv.resize(luma(small), (columns, rows), opencv.Kernel.AREA)
    far = 1 - near
    weight = blurred(grey, columns / 16) ** 4 * far
    share = weight / max(float(weight.sum()), 1e-6)
    x, y = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    at_x, at_y = float((share.sum(axis=0) * x).sum()), float((share.sum(axis=1) * y).sum())
    wide, high = 0.45 * columns, 0.30 * rows
    lobe = np.exp(-(((x[None] - at_x) / wide) ** 2) - ((y[:, None] - at_y) / high) ** 2)
    return np.asarray(lobe * (0.1 + 0.9 * far), np.float32)
