"""What a file says about its colours, in the order of precedence that the standards give."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import ImageCms

from generation.images.colour import (
    USUAL_PEAK,
    Coding,
    Hlg,
    Power,
    Pq,
    SrgbCurve,
    Transfer,
)
from generation.images.primaries import PRIMARIES, SRGB, Chromaticities, between

STANDARD: Final = Coding(SRGB, SrgbCurve())

_VIDEO: Final = Power(2.4)
"""What a browser takes the curves of television for: the display's, not the camera's."""

_TRANSFERS: Final[dict[int, Transfer]] = {
    1: _VIDEO,
    4: Power(2.2),
    5: Power(2.8),
    6: _VIDEO,
    8: Power(1.0),
    11: _VIDEO,
    13: SrgbCurve(),
    14: _VIDEO,
    15: _VIDEO,
    16: Pq(),
    17: Power(2.6, scale=52.37 / 48),
    18: Hlg(),
}
"""By the number that PNG's cICP and HEIF's nclx use (ITU-T H.273, table 3)."""

_HDR: Final = (16, 18)
_SRGB_GAMMA: Final = 0.45455
_ICC_TAG_COUNT: Final = 128


@dataclass(frozen=True, slots=True)
class IccProfile:
    """An embedded profile, which LittleCMS applies."""

    content: bytes


ColourTag = Coding | IccProfile | None
"""`None`: the file says nothing usable, so its numbers are taken for sRGB."""


def coding_by_number(primaries: int, transfer: int, peak: float | None = None) -> Coding | None:
    """`None` for numbers that say nothing, or nothing that can be shown."""
    if primaries not in PRIMARIES or transfer not in _TRANSFERS:
        return None
    curve = _TRANSFERS[transfer]
    if isinstance(curve, Pq):
        curve = Pq(peak or USUAL_PEAK)
    return Coding(PRIMARIES[primaries], curve)


def coding_by_gamma(gamma: float, primaries: Chromaticities | None) -> Coding | None:
    """From PNG's gAMA (the encoding exponent) and cHRM; `None` for impossible values."""
    if not 0.001 < gamma < 1000:
        return None
    if primaries is None:
        near = abs(gamma - _SRGB_GAMMA) < 1e-4
        return STANDARD if near else Coding(SRGB, Power(1 / gamma))
    try:
        between(primaries, SRGB)
    except (ValueError, ArithmeticError):
        return None
    return Coding(primaries, Power(1 / gamma))


def of_profile(content: bytes, peak: float | None = None) -> ColourTag:
    """HDR profiles name their curve in a `cicp` tag: then the tag counts, not their tables."""
    count = int.from_bytes(content[_ICC_TAG_COUNT : _ICC_TAG_COUNT + 4], "big")
    for index in range(min(count, 100)):
        entry = content[_ICC_TAG_COUNT + 4 + 12 * index :][:12]
        at = int.from_bytes(entry[4:8], "big")
        if entry[:4] == b"cicp" and content[at : at + 4] == b"cicp":
            primaries, transfer = content[at + 8 : at + 10].ljust(2, b"\0")
            if transfer in _HDR:
                return coding_by_number(primaries, transfer, peak)
    return IccProfile(content)


def readable(content: bytes) -> bool:
    """Whether LittleCMS can show colours by it, if it is one of screens: others are not asked."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(content))
        mode = {"RGB": "RGB", "GRAY": "L"}.get(profile.profile.xcolor_space.strip())
        if mode is not None:
            ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (OSError, ImageCms.PyCMSError):
        return False
    return True
