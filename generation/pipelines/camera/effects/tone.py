"""Colour arithmetic on whole frames, in OpenCV's loops: a clip has 54 million pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.raster import LUMA, enlarged

Colour = tuple[float, float, float]
"""RGB; 1 is the full value, or unchanged for a factor."""


def saturated(frame: Picture, share: float, tint: Colour = (1.0, 1.0, 1.0)) -> Picture:
    """Colours pulled towards grey (`share` below 1) or away from it, then multiplied by `tint`."""
    grey = np.repeat(np.array([LUMA]), 3, axis=0) * (1 - share)
    matrix = (grey + np.eye(3) * share) * np.array(tint)[:, None]
    return opencv.transform(frame, matrix)


def curved(frame: Picture, gain: Colour, power: Colour) -> Picture:
    """Each channel c becomes gain · c ** power."""
    levels = np.linspace(0.0, 1.0, 256)[:, None]
    table = np.array(gain)[None, :] * levels ** np.array(power)[None, :]
    table = np.clip(np.rint(table * 255), 0, 255).astype(np.uint8)
    return opencv.look_up(frame, table)


def multiplied(frame: Picture, factors: Field) -> Picture:
    """`factors`: (rows, columns, 3), coarser than the frame."""
    full = enlarged(factors, frame.shape[1], frame.shape[0])
    return opencv.multiply(frame, full)


def glowing(frame: Picture, light: Field) -> Picture:
    """Screened: `light` (rows, columns, 3), 0 to 1, takes away that share of the darkness."""
    dark = np.clip(1 - light, np.float32(0), np.float32(1))
    return opencv.invert(multiplied(opencv.invert(frame), dark))


def veiled(frame: Picture, colour: Colour, opacity: Field) -> Picture:
    """`opacity` 0 to 1, of the frame's size or coarser, of a flat colour laid over it."""
    height, width = frame.shape[:2]
    full = opacity if opacity.shape == (height, width) else enlarged(opacity, width, height)
    paint = _filled(colour, width, height)
    return opencv.blend(frame, paint, full)


def _filled(colour: Colour, width: int, height: int) -> Picture:
    """By copying bytes: NumPy takes ten times as long to repeat three of them."""
    pixel = bytearray(round(255 * min(max(channel, 0.0), 1.0)) for channel in colour)
    return np.frombuffer(pixel * (width * height), np.uint8).reshape(height, width, 3)


def brightness(frame: Picture) -> float:
    """The mean luma, 0 to 1, of a sparse sample: for what must fit into the scene's light."""
    return float(_mean(frame) @ np.array(LUMA))


def cast_of(frame: Picture, plain: Picture) -> Colour:
    """What colour of light turned `plain` into `frame`, as factors around 1; half of it, for air
    is lit from everywhere."""
    gain = (_mean(frame) + 0.02) / (_mean(plain) + 0.02)
    red, green, blue = np.sqrt(gain / (gain @ np.array(LUMA)))
    return float(red), float(green), float(blue)


def _mean(frame: Picture) -> NDArray[np.float64]:
    """Whole numbers are added up, so the sum is the same in any order and on any machine."""
    sample = frame[4::8, 4::8].reshape(-1, 3)
    return np.asarray(sample.sum(axis=0, dtype=np.int64) / (255 * len(sample)), np.float64)
