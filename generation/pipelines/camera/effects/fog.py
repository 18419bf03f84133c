"""Fog: banks of uneven density that drift past, thicker the farther one looks."""

from __future__ import annotations

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.effects.frame_context import FrameContext
from generation.pipelines.camera.effects.tone import Colour, brightness, cast_of, saturated, veiled
from generation.pipelines.camera.random_streams import dice
from generation.pipelines.camera.raster import clipped

TILE = 256
"""Side in cells of a cloth of fog; it repeats without a seam."""
BANKS = ((0.9, 0.045, 0.004), (0.5, 0.075, -0.007))
"""Of two cloths: size of a tile in frame widths, drift in frame widths a second to the right and
down. Different speeds make the banks change as they pass."""
THICK = 1.9
"""Optical depth of the farthest at the end of the clip: a seventh of its light comes through."""


class Fog:
    def __init__(self, seed: int) -> None:
        rng = dice(seed, "fog")
        self._cloths = [_cloth(rng) for _ in BANKS]
        self._heading = 1.0 if rng.random() < 0.5 else -1.0

    def paint(self, frame: Picture, moment: FrameContext) -> Picture:
        light = brightness(frame)
        far = 1 - moment.near
        banks = self._banks(moment, frame.shape[1])
        depth = np.float32(THICK * (0.6 + 0.4 * moment.progress)) * (0.08 + 0.92 * far)
        opacity = 1 - np.exp(-depth * (0.1 + 2.6 * banks**1.5))
        return veiled(
            saturated(frame, 0.85),
            _lit(light, cast_of(frame, moment.plain)),
            np.asarray(opacity, np.float32),
        )

    def _banks(self, moment: FrameContext, width: int) -> Field:
        """(rows, columns), 0 to 1."""
        rows, columns = moment.near.shape
        density = np.zeros((rows, columns), np.float32)
        for cloth, (size, right, down) in zip(self._cloths, BANKS, strict=True):
            step = TILE / (size * 2.2 * columns)
            shift = 0.5 * moment.drift[0] / width + self._heading * right * moment.time
            sunk = 0.5 * moment.drift[1] / width + down * moment.time
            start = (-shift * columns * step, -sunk * columns * step)
            density += _laid(cloth, step, start, columns, rows)
        return density * np.float32(1 / len(BANKS))


def _laid(cloth: Field, step: float, start: tuple[float, float], columns: int, rows: int) -> Field:
    x = (np.arange(columns) * step + start[0]) % TILE
    y = (np.arange(rows) * step * 1.8 + start[1]) % TILE  # banks lie: they are wider than high
    places = np.stack(np.meshgrid(x, y), axis=2).astype(np.float32)
    return opencv.remap(cloth, places, opencv.Kernel.LINEAR)


def _cloth(rng: np.random.Generator) -> Field:
    """(TILE + 1, TILE + 1), 0 to 1: five octaves of smooth noise, the last cells like the first."""
    total = np.zeros((TILE, TILE), np.float32)
    for octave in range(5):
        cells = 4 * 2**octave
        coarse = np.tile(rng.random((cells, cells), dtype=np.float32), (3, 3))
        fine = opencv.resize(coarse, (3 * TILE, 3 * TILE), opencv.Kernel.CUBIC)
        total += fine[TILE : 2 * TILE, TILE : 2 * TILE] * np.float32(0.5**octave)
    spread = clipped((total - total.mean()) / np.float32(4 * total.std()) + np.float32(0.5))
    return np.pad(spread, ((0, 1), (0, 1)), mode="wrap")


def _lit(light: float, tint: Colour) -> Colour:
    """Fog is lit by the scene's own light, and by the sky that one does not see."""
    shade = 0.15 + 0.75 * min(1.0, light / 0.45)
    red, green, blue = tint
    return 0.97 * shade * red, 0.99 * shade * green, 1.01 * shade * blue
