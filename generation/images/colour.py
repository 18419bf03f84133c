"""From code values to sRGB for pictures that say what their values mean: wide, linear or HDR.

HDR is brought down as Chromium does it, so that people get what they see in a browser: the curve
for a reference white of 203 cd/m² on the largest of R, G and B in BT.2020, which keeps the hue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generation.images.primaries import BT2020, SRGB, Chromaticities, between

Codes = NDArray[np.uint8] | NDArray[np.uint16]
Floats = NDArray[np.float32]

REFERENCE_WHITE: Final = 203.0
"""cd/m² of what white paper has in an HDR picture (ITU-R BT.2408)."""
USUAL_PEAK: Final = 1000.0
"""cd/m² of the brightest light where the file does not say; also what HLG is made for."""

_KNEE: Final = 0.65
"""How far the curve's middle point lies from the knee to the peak."""
_ROWS: Final = 32
"""Rows that are converted at a time: the values in between are six times as large."""
_STEPS: Final = 65535


@dataclass(frozen=True, slots=True)
class Power:
    """A plain gamma: light = scale · code ^ exponent."""

    exponent: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class SrgbCurve:
    """The curve of sRGB itself."""


@dataclass(frozen=True, slots=True)
class Pq:
    """SMPTE ST 2084: absolute light; `peak` is the brightest in the picture, in cd/m²."""

    peak: float = USUAL_PEAK


@dataclass(frozen=True, slots=True)
class Hlg:
    """ARIB STD-B67: light of the scene, shown on a display of 1,000 cd/m²."""


Transfer = Power | SrgbCurve | Pq | Hlg


@dataclass(frozen=True, slots=True)
class Coding:
    """What code values from 0 to 1 mean as light."""

    primaries: Chromaticities
    transfer: Transfer


def in_srgb(codes: Codes, coding: Coding) -> NDArray[np.uint8]:
    """The picture of shape (height, width, 3) with the same look in sRGB, eight bits a channel."""
    shown = np.empty(codes.shape, np.uint8)
    light_of = _light_table(coding.transfer, np.iinfo(codes.dtype).max)
    for top in range(0, len(codes), _ROWS):
        rows = codes[top : top + _ROWS]
        planes = light_of[np.ascontiguousarray(rows.reshape(-1, 3).T)]
        light = np.clip(_in_srgb_light(planes, coding), 0, 1)
        steps = (light * _STEPS + 0.5).astype(np.uint16)
        shown[top : top + _ROWS] = _srgb_of_light()[steps].T.reshape(rows.shape)
    return shown


def _in_srgb_light(light: Floats, coding: Coding) -> Floats:
    """Light of shape (3, pixels) in the primaries of sRGB; 1 is white."""
    match coding.transfer:
        case Pq(peak):
            light = _toned(between(coding.primaries, BT2020) @ light, peak)
            return between(BT2020, SRGB) @ light
        case Hlg():
            light = _displayed(between(coding.primaries, BT2020) @ light)
            return between(BT2020, SRGB) @ _toned(light, USUAL_PEAK)
        case Power() | SrgbCurve():
            return between(coding.primaries, SRGB) @ light


def _light_table(transfer: Transfer, levels: int) -> Floats:
    """Light for every code value; 1 is white, for PQ the reference white."""
    code = np.arange(levels + 1, dtype=np.float64) / levels
    match transfer:
        case Power(exponent, scale):
            light = scale * code**exponent
        case SrgbCurve():
            light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
        case Pq():
            root = code ** (1 / 78.84375)
            light = (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (
                1 / 0.1593017578125
            )
            light *= 10_000 / REFERENCE_WHITE
        case Hlg():
            curved = (np.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
            light = np.where(code <= 0.5, code * code / 3, curved)
    return light.astype(np.float32)


def _displayed(scene: Floats) -> Floats:
    """What an HLG display of the usual peak shows of the scene, relative to reference white."""
    luminance = np.array([0.2627, 0.6780, 0.0593], np.float32) @ scene
    gain = np.maximum(luminance, 1e-6) ** np.float32(0.2)
    shown: Floats = scene * (gain * np.float32(USUAL_PEAK / REFERENCE_WHITE))
    return shown


def _toned(light: Floats, peak: float) -> Floats:
    """Light of up to `peak` brought into 0-1: up to white a line, above it a Bézier curve.

    The reference white tone mapping operator of SMPTE ST 2094-50, annex C, as Skia has it.
    """
    largest = light.max(0)
    most = peak / REFERENCE_WHITE
    if most < 1.001:
        return light
    headroom = math.log2(most) / math.log2(USUAL_PEAK / REFERENCE_WHITE)
    white = 1 - 0.5 * min(headroom, 1.0)
    middle_x = (1 - _KNEE) + _KNEE / white
    middle_y = (1 - _KNEE) * white + _KNEE
    a, b = 1 - 2 * middle_x + most, 2 * (middle_x - 1)
    gain = np.full_like(largest, white)
    over = largest > 1
    above = np.minimum(largest[over], most) - 1
    t = (np.sqrt(b * b + 4 * a * above) - b) / (2 * a)
    curve = white + t * (2 * (middle_y - white) + t * (white - 2 * middle_y + 1))
    gain[over] = curve / largest[over]
    toned: Floats = light * gain
    return toned


@cache
def _srgb_of_light() -> NDArray[np.uint8]:
    light = np.arange(_STEPS + 1) / _STEPS
    code = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(code * 255).astype(np.uint8)
