"""OpenCV with types: its stubs know no channels and no kinds of numbers, so they are named here."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.media.frames import Field, Picture

Matrix = NDArray[np.float64]
Array = TypeVar("Array", Picture, Field)

_NO_SECOND_MAP = cast(Field, None)
"""Both coordinates are in the first; OpenCV's stubs do not know that the second may be missing."""


class Kernel(IntEnum):
    """How values between two pixels are found; `AREA` counts every pixel of a reduced picture."""

    LINEAR = cv2.INTER_LINEAR
    CUBIC = cv2.INTER_CUBIC
    AREA = cv2.INTER_AREA


def ran_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem


def use_threads(count: int) -> None:
    cv2.setNumThreads(count)


def read_picture(path: Path) -> Picture | None:
    """RGB; `None` where no picture can be read."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    return None if picture is None else cast(Picture, picture)


def jpeg(picture: Picture, quality: int) -> bytes:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    written, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not written:
        raise ValueError("the picture cannot be written as a JPEG")
    return encoded.tobytes()


def resize(array: Array, size: tuple[int, int], kernel: Kernel) -> Array:
    """`size`: width, height."""
    return cast(Array, cv2.resize(array, size, interpolation=kernel))


def remap(source: Array, places: Field, kernel: Kernel) -> Array:
    """`source` at the pixels `places` (rows, columns, 2), its borders repeated outside."""
    return cast(
        Array,
        cv2.remap(source, places, _NO_SECOND_MAP, kernel, borderMode=cv2.BORDER_REPLICATE),
    )


def warp(picture: Picture, matrix: Matrix, size: tuple[int, int]) -> Picture:
    """`matrix` (2, 3) leads from the result's pixels to the picture's, whose borders are repeated
    outside; `size`: width, height."""
    return cast(
        Picture,
        cv2.warpAffine(
            picture,
            matrix,
            size,
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
    )


def transform(array: Array, matrix: NDArray[np.floating]) -> Array:
    """Every pixel's channels, or a point's coordinates, multiplied by `matrix`."""
    return cast(Array, cv2.transform(array, matrix))


def add(first: Field, second: Field) -> Field:
    return cast(Field, cv2.add(first, second))


def multiply(picture: Picture, factors: Field) -> Picture:
    """`factors`: of the picture's size and channels; what exceeds 255 becomes 255."""
    return cast(Picture, cv2.multiply(picture, factors, dtype=cv2.CV_8U))


def invert(picture: Picture) -> Picture:
    return cast(Picture, cv2.bitwise_not(picture))


def look_up(picture: Picture, table: NDArray[np.uint8]) -> Picture:
    """`table`: (256, channels)."""
    return cast(Picture, cv2.LUT(picture, table[:, None, :]))


def mix(first: Picture, second: Picture, share: float) -> Picture:
    """`share` of the second, 0 to 1."""
    return cast(Picture, cv2.addWeighted(first, 1 - share, second, share, 0.0))


def blend(first: Picture, second: Picture, share: Field) -> Picture:
    """`share` (height, width) of the second, 0 to 1, pixel by pixel."""
    return cast(Picture, cv2.blendLinear(first, second, 1 - share, share))


def gaussian_blur(array: Array, sigma: float) -> Array:
    """`sigma` in pixels."""
    return cast(Array, cv2.GaussianBlur(array, (0, 0), sigma))


def box_blur(field: Field, side: int) -> Field:
    return cast(Field, cv2.blur(field, (side, side), borderType=cv2.BORDER_REFLECT))


def erode(field: Field, side: int) -> Field:
    """The least value within a square around each pixel."""
    return cast(Field, cv2.erode(field, np.ones((side, side), np.uint8)))


def opening(field: Field, side: int) -> Field:
    """Without what is brighter than its surroundings and narrower than a disc `side` across."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return cast(Field, cv2.morphologyEx(field, cv2.MORPH_OPEN, disc))


def gradient(field: Field) -> tuple[Field, Field]:
    """Across and along, by Sobel's kernels."""
    across, along = cv2.Sobel(field, cv2.CV_32F, 1, 0), cv2.Sobel(field, cv2.CV_32F, 0, 1)
    return cast(Field, across), cast(Field, along)


def lab(picture: Picture) -> Field:
    """CIE L*a*b* as OpenCV scales it: all three 0 to 255, grey at 128."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)


def draw_lines(
    mask: NDArray[np.uint8], lines: Sequence[NDArray[np.int32]], thickness: int, digits: int
) -> None:
    """White, smooth, into `mask`; coordinates have `digits` binary digits after the point."""
    cv2.polylines(mask, list(lines), False, 255, thickness, cv2.LINE_AA, digits)
