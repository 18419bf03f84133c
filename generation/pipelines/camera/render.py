"""Shows what the camera sees: exact to a fraction of a pixel, sharp, and without shimmer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.media.opencv import Kernel, Matrix, remap, transform
from generation.pipelines.camera.moves import Pose
from generation.pipelines.camera.raster import enlarged

DENSITY = 2.0
"""Source pixels kept an output pixel. OpenCV's cubic kernel bends a straight ramp by up to 0.048
of the pixels it reads (measured on 5.0; its positions are exact) and is flat to half their Nyquist
frequency: twice as dense, that is 0.024 px in the clip, and no sharpness comes and goes in a pan.
"""
OCTAVE = 2**0.25
"""Between two levels of the pyramid: frames in between blend both, so that no step shows."""
SOFT = 0.75
"""Gaussian before sampling, in pixels of a level: half the contrast at the clip's finest lines."""
COARSE = 4
"""Output pixels a cell of the maps that bend: depth is smooth."""


@dataclass(frozen=True, slots=True)
class Relief:
    """The picture's depth: `near` (any size, 0 to 1) covers it all; nothing moves at `pivot`."""

    near: Field
    pivot: float


class Projector:
    """Turns poses into frames of one picture; keeps the few reduced copies it needs just now."""

    def __init__(self, picture: Picture, relief: Relief, width: int, height: int, closest: float):
        self._picture = picture
        self._relief = relief
        self._size = (width, height)
        self._base = max(closest / DENSITY, 1e-3)
        self._levels: dict[int, tuple[Picture, float, float]] = {}
        self._last: tuple[Pose, Picture] | None = None
        self._grid = _grid(width, height, 1)
        self._coarse = _grid(width, height, COARSE)

    def frame(self, pose: Pose) -> Picture:
        """(height, width, 3), not to be written to: the same again while the camera rests."""
        if self._last is None or self._last[0] != pose:
            self._last = pose, self._shown(pose)
        return self._last[1]

    def _shown(self, pose: Pose) -> Picture:
        rank = math.log(max(pose.scale / DENSITY / self._base, 1.0)) / math.log(OCTAVE)
        lower, blend = int(rank + 1e-6), rank - int(rank + 1e-6)
        self._levels = {k: v for k, v in self._levels.items() if k in (lower, lower + 1)}
        bent = self._bent(pose)
        frame = self._drawn(pose, lower, bent)
        if blend > 1e-3:
            other = self._drawn(pose, lower + 1, bent)
            frame = opencv.mix(frame, other, blend)
        return frame

    def seen(self, field: Field, pose: Pose) -> Field:
        """A map that covers the picture, as the camera sees it, at 1/COARSE of the clip's size."""
        points = self._coarse + self._offsets(pose) if _bends(pose) else self._coarse
        rows, columns = field.shape[:2]
        matrix = _matrix(pose, columns / self._picture.shape[1], rows / self._picture.shape[0])
        return remap(field, transform(points, matrix), Kernel.LINEAR)

    def near(self, pose: Pose) -> Field:
        """The nearness of what each cell of COARSE × COARSE output pixels shows, 0 to 1."""
        return self.seen(self._relief.near, pose)

    def _drawn(self, pose: Pose, rank: int, bent: Field | None) -> Picture:
        level, across, along = self._level(rank)
        matrix = _matrix(pose, across, along)
        if bent is not None:
            return remap(level, transform(bent, matrix), Kernel.CUBIC)
        return opencv.warp(level, matrix @ _corner(*self._size), self._size)

    def _level(self, rank: int) -> tuple[Picture, float, float]:
        """The picture at about DENSITY, and its pixels a source pixel across and along."""
        if rank not in self._levels:
            height, width = self._picture.shape[:2]
            step = self._base * OCTAVE**rank
            size = (max(1, round(width / step)), max(1, round(height / step)))
            kernel = Kernel.AREA if step > 1 else Kernel.CUBIC
            level = opencv.resize(self._picture, size, kernel)
            wanted = step * DENSITY
            if wanted > 1:
                sigma = SOFT * math.sqrt(1 - 1 / wanted**2)
                level = opencv.gaussian_blur(level, max(sigma, 0.1))
            self._levels[rank] = (level, size[0] / width, size[1] / height)
        return self._levels[rank]

    def _bent(self, pose: Pose) -> Field | None:
        """Output pixels, counted from the centre, moved to where a flat picture would show them."""
        if not _bends(pose):
            return None
        return opencv.add(self._grid, enlarged(self._offsets(pose), *self._size))

    def _offsets(self, pose: Pose) -> Field:
        """The parallax in output pixels at each coarse cell.

        It depends on the depth at the place where it leads to; three rounds find it, because the
        depth is smooth: nothing is torn and nothing is left empty.
        """
        near = self._relief.near
        rows, columns = near.shape[:2]
        matrix = _matrix(pose, columns / self._picture.shape[1], rows / self._picture.shape[0])
        slide = np.float32(pose.slide * self._size[0])
        offsets = np.zeros_like(self._coarse)
        for _ in range(3):
            places = transform(self._coarse + offsets, matrix)
            before = remap(near, places, Kernel.LINEAR) - np.float32(self._relief.pivot)
            offsets = -np.float32(pose.push) * before[..., None] * self._coarse
            offsets[..., 0] += slide * before
        return offsets


def base_of(known: float, closest: float) -> float:
    """The scale a pyramid begins with so that its levels are those of the one that is `known`."""
    return (
        known
        if known <= closest
        else known * OCTAVE ** math.floor(math.log(closest / known) / math.log(OCTAVE))
    )


def _bends(pose: Pose) -> bool:
    return pose.slide != 0.0 or pose.push != 0.0


def _matrix(pose: Pose, across: float, along: float) -> Matrix:
    """From output pixels, counted from the centre, to pixels of a copy of the picture."""
    cos, sin = math.cos(pose.roll) * pose.scale, math.sin(pose.roll) * pose.scale
    return np.array(
        [
            [cos * across, sin * across, pose.x * across - 0.5],
            [-sin * along, cos * along, pose.y * along - 0.5],
        ]
    )


def _corner(width: int, height: int) -> Matrix:
    return np.array([[1, 0, 0.5 - width / 2], [0, 1, 0.5 - height / 2], [0, 0, 1]])


def _grid(width: int, height: int, step: int) -> Field:
    """The centres of cells of `step` output pixels, counted from the centre: (rows, columns, 2)."""
    x = (np.arange(width // step, dtype=np.float32) + 0.5) * step - width / 2
    y = (np.arange(height // step, dtype=np.float32) + 0.5) * step - height / 2
    return np.stack(np.meshgrid(x, y), axis=2).astype(np.float32)
