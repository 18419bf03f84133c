"""A glimpse of the clip while it is made: what the model believes by now, as a small JPEG."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 176, 120
"""Pixels of the largest preview: a few kilobytes in a chat's status message."""

EVERY = 0.5

RIDGE = 0.01
"""Of the latents' mean square: a small picture has fewer cells than a latent has channels."""

Matrix = NDArray[np.float64]
Floats = NDArray[np.float32]


class LatentPreview:
    """Colours of latent cells, learned by least squares from the job's own first picture.

    `latent` (channels, rows, columns), normalised as the transformer sees it, is the encoded
    `picture`. Both stay on the host: a preview is a few hundred numbers, but to fetch them is to
    wait for the GPU, so there is at most one every `EVERY` seconds of `clock`.
    """

    def __init__(
        self, latent: Floats, picture: Image.Image, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._channels, rows, columns = latent.shape
        self._rows, self._columns = rows, columns
        self._size = _within(*picture.size)
        cells = picture.resize((columns, rows), Image.Resampling.BOX)
        colours = np.asarray(cells, np.float64).reshape(-1, 3)
        self._projection = _fitted(_with_ones(latent.reshape(self._channels, -1).T), colours)
        self._before: tuple[torch.Tensor, float] | None = None
        self._clock = clock
        self._next = clock()

    def jpeg(self, latents: torch.Tensor, sigma: float) -> bytes | None:
        """After each step: `latents` (channels, rows, columns) of one frame, at noise `sigma`.

        Where the straight line through the last two ends without noise is what will come, so
        there is nothing to show after the first.
        """
        before, self._before = self._before, (latents, sigma)
        if before is None or before[1] <= sigma or self._clock() < self._next:
            return None
        self._next = self._clock() + EVERY
        slope = (before[0] - latents) / (before[1] - sigma)
        clean = (latents - sigma * slope).float().cpu().numpy()
        cells = _with_ones(clean.reshape(self._channels, -1).T) @ self._projection
        if not np.isfinite(cells).all():
            return None
        pixels = np.clip(cells, 0, 255).astype(np.uint8).reshape(self._rows, self._columns, 3)
        file = io.BytesIO()
        small = Image.fromarray(pixels).resize(self._size, Image.Resampling.BICUBIC)
        small.save(file, "JPEG", quality=80)
        return file.getvalue()


def _with_ones(cells: NDArray[np.generic]) -> Matrix:
    return np.hstack([cells.astype(np.float64), np.ones((len(cells), 1))])


def _fitted(cells: Matrix, colours: Matrix) -> Matrix:
    """(channels + 1, 3); the constant colour in the last row costs nothing."""
    ridge = RIDGE * float((cells[:, :-1] ** 2).mean()) * len(cells) + 1e-6
    penalty = np.diag([*[ridge] * (cells.shape[1] - 1), 1e-6])
    return np.linalg.solve(cells.T @ cells + penalty, cells.T @ colours).astype(np.float64)


def _within(width: int, height: int) -> tuple[int, int]:
    scale = min(WIDTH / width, HEIGHT / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
