"""Which red, green, blue and white a picture's numbers are mixed from (ITU-T H.273, table 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]

_BRADFORD: Final = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
"""Into the response of the eye's cones, in which white is adapted to white."""

_D65: Final = (0.3127, 0.3290)
_C: Final = (0.310, 0.316)


@dataclass(frozen=True, slots=True)
class Chromaticities:
    """Points of the CIE 1931 diagram."""

    red: Point
    green: Point
    blue: Point
    white: Point = _D65


SRGB: Final = Chromaticities((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
BT2020: Final = Chromaticities((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
_NTSC: Final = Chromaticities((0.630, 0.340), (0.310, 0.595), (0.155, 0.070))
_P3: Final = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))

PRIMARIES: Final[dict[int, Chromaticities]] = {
    1: SRGB,
    4: Chromaticities((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    5: Chromaticities((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: _NTSC,
    7: _NTSC,
    8: Chromaticities((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    9: BT2020,
    10: Chromaticities((1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1 / 3, 1 / 3)),
    11: Chromaticities(*_P3, white=(0.314, 0.351)),
    12: Chromaticities(*_P3),
    22: Chromaticities((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}
"""By the number that PNG's cICP, HEIF's nclx and video streams use."""


def between(source: Chromaticities, target: Chromaticities) -> NDArray[np.float32]:
    """The matrix from light in one set of primaries to the same look in another.

    Raises `ValueError` (as `LinAlgError`) or `ZeroDivisionError` for points that span no colours.
    """
    adapted = _adaptation(source.white, target.white)
    matrix = np.linalg.inv(_to_xyz(target)) @ adapted @ _to_xyz(source)
    if not np.isfinite(matrix).all():
        raise ValueError("these primaries span no colours")
    return matrix.astype(np.float32)


def _to_xyz(primaries: Chromaticities) -> NDArray[np.float64]:
    corners = np.array([_xyz(p) for p in (primaries.red, primaries.green, primaries.blue)]).T
    matrix: NDArray[np.float64] = corners * np.linalg.solve(corners, _white(primaries.white))
    return matrix


def _adaptation(source: Point, target: Point) -> NDArray[np.float64]:
    before, after = _BRADFORD @ _white(source), _BRADFORD @ _white(target)
    matrix: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ np.diag(after / before) @ _BRADFORD
    return matrix


def _white(point: Point) -> NDArray[np.float64]:
    x, y = point
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _xyz(point: Point) -> NDArray[np.float64]:
    x, y = point
    return np.array([x, y, 1 - x - y])
