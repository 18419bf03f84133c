"""From foreign bytes to an upright sRGB picture: all that we do with Pillow, in the child only."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

from generation.images.coding import STANDARD, ColourTag, IccProfile
from generation.images.colour import Coding, in_srgb
from generation.images.formats import PictureFormat
from generation.images.greys import eight_bits
from generation.images.ground import grounded
from generation.images.limits import LONG_SIDE
from generation.images.opening import FOREIGN, Loaded, OpenedPicture, load, opened, prepare, within
from generation.images.refusals import DAMAGED, TOO_COMPLEX, Refusal

__all__ = ["Refusal", "Upright", "prepare", "upright"]

_ORIENTATION: Final = 0x0112
_ROWS: Final = 256

_TRANSPOSES: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Upright:
    """An RGB image and what it was made from: `source_*` are the pixels the file declares.

    `missing`: the share of it that the file did not hold.
    """

    image: Image.Image
    source_width: int
    source_height: int
    format: PictureFormat
    missing: float


def upright(data: bytes) -> Upright:
    """Decode a whole file to RGB, turned by its EXIF orientation, at most 2,560 px a side.

    Raises `Refusal` for everything that isn't such a picture.
    """
    try:
        loaded = load(data)
        image = _developed(loaded)
        kind = loaded.source.format
        return Upright(image, loaded.width, loaded.height, kind, loaded.missing)
    except FOREIGN:
        raise Refusal(DAMAGED) from None
    except MemoryError:
        raise Refusal(TOO_COMPLEX) from None


def _developed(loaded: Loaded) -> Image.Image:
    image, colour = loaded.image, loaded.source.colour
    still = loaded.source.format is PictureFormat.WEBP  # browsers do not turn it
    turn = (
        1 if still else _orientation(image)
    )  # TIFF is turned by Pillow while loading, and says so afterwards
    if isinstance(colour, Coding) and (deep := _from_sixteen_bits(loaded.source, colour)):
        image, colour = deep, None
    plain = _shrunk(_plain(image))
    alpha = plain.getchannel("A") if plain.mode == "RGBA" else None
    if alpha and loaded.source.format is PictureFormat.BMP and alpha.getextrema()[1] == 0:
        alpha = None  # who wrote it had no use for the fourth byte
    colours = _in_srgb(plain.convert("RGB") if plain.mode == "RGBA" else plain, colour)
    if alpha:
        colours = grounded(colours, alpha)
    return colours.transpose(_TRANSPOSES[turn]) if turn in _TRANSPOSES else colours


def _orientation(image: Image.Image) -> int:
    """By EXIF alone, as in browsers; Pillow would take XMP's word too."""
    tags = Image.Exif()
    try:
        if isinstance(exif := image.info.get("exif"), bytes):
            tags.load(exif)
        elif image.format == "TIFF":
            tags = image.getexif()
        return int(tags.get(_ORIENTATION, 1))
    except FOREIGN:
        return 1  # broken EXIF does not spoil good pixels


def _plain(image: Image.Image) -> Image.Image:
    """One of L, RGB, RGBA, CMYK: what can be resized and has eight bits a channel."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return eight_bits(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return _transformed(image, ImageCms.ImageCmsProfile(lab)) or image.convert("RGB")
    if image.mode in ("L", "1"):
        return image.convert("L")
    return image if image.mode == "CMYK" else image.convert("RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    if max(image.size) <= LONG_SIDE:
        return image
    return image.resize(within(image.size), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, colour: ColourTag) -> Image.Image:
    match colour:
        case Coding():
            rgb = image.convert("RGB")
            return rgb if colour == STANDARD else Image.fromarray(in_srgb(np.asarray(rgb), colour))
        case IccProfile(content):
            return _by_profile(image, content) or image.convert("RGB")
        case None:
            return image.convert("RGB")


def _from_sixteen_bits(source: OpenedPicture, colour: Coding) -> Image.Image | None:
    """A PNG of 16 bits a channel in sRGB; `None` for others.

    Pillow gives eight of its bits: read once for the upper and once for the lower, linear and HDR
    pictures have smooth shadows.
    """
    if source.format is not PictureFormat.PNG or colour == STANDARD:
        return None
    upper, lower = opened(source), opened(source)
    assert isinstance(lower, PngImagePlugin.PngImageFile)
    if lower.tile[0].args not in ("RGB;16B", "RGBA;16B"):
        return None
    lower.tile = [tile._replace(args=f"{lower.mode};16L") for tile in lower.tile]
    shown = Image.new(upper.mode, upper.size)
    for top in range(0, upper.height, _ROWS):
        strip = (0, top, upper.width, min(top + _ROWS, upper.height))
        high, low = np.asarray(upper.crop(strip)), np.asarray(lower.crop(strip))
        codes = high[..., :3].astype(np.uint16) << 8 | low[..., :3]
        rows = np.dstack([in_srgb(codes, colour), high[..., 3:]])
        shown.paste(Image.fromarray(rows), (0, top))
    return shown


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """`None` where the profile is broken or made for another kind of picture."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        wanted = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(space)
        if space == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        return _transformed(image, source) if wanted == image.mode else None
    except FOREIGN:
        return None  # a broken profile does not spoil good pixels


def _transformed(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image | None:
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
