"""From foreign bytes to an upright sRGB picture: all that we do with Pillow, in the child only."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pillow_heif
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from generation.images.formats import RAW, PictureFormat, Refused, recognise
from generation.images.limits import LONG_SIDE, MAX_ASPECT, MAX_PIXELS, MIN_SIDE

PLUGINS: Final = (
    *(AvifImagePlugin, BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin),
    *(TiffImagePlugin, WebPImagePlugin),
)
"""Each registers itself when it is imported; because these are, Pillow never loads all others."""

_ORIENTATION: Final = 0x0112
_NEW_SUBFILE_TYPE: Final = 254
_DNG_VERSION: Final = 50706

_LIGHT_GROUND: Final = (255, 255, 255)
_DARK_GROUND: Final = (24, 24, 24)
_VERY_LIGHT: Final = 200
"""Luminance (0-255) from which something is hard to see on white."""
_MOSTLY: Final = 0.9
_CUT_OUT: Final = 0.75
"""Share of the picture that something on a transparent ground covers at most."""

_TRANSPOSES: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

DAMAGED = Refused("damaged")
TOO_COMPLEX = Refused("too_complex")
INVISIBLE = Refused("invisible")

_FOREIGN: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error, ArithmeticError),
    *(LookupError, TypeError, AttributeError, RuntimeError, AssertionError),
    ImageCms.PyCMSError,
)
"""What image libraries raise for broken files; they promise nothing narrower."""


class Refusal(Exception):
    """Carries the reason out of the depth of the decoding."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Upright:
    """An RGB image and what it was made from: `source_*` are the pixels the file declares."""

    image: Image.Image
    source_width: int
    source_height: int
    format: PictureFormat


def prepare() -> None:
    """Once a process: teach Pillow HEIC and keep its helpers few (each thread maps memory)."""
    pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked from the header, with its own reason


def upright(data: bytes) -> Upright:
    """Decode a whole file to RGB, turned by its EXIF orientation, at most 2,560 px a side.

    Raises `Refusal` for everything that isn't such a picture.
    """
    kind = recognise(data)
    if isinstance(kind, Refused):
        raise Refusal(kind)
    try:
        with Image.open(BytesIO(data), formats=[kind.value]) as image:
            width, height = image.size
            _check(image)
            return Upright(_developed(image), width, height, kind)
    except _FOREIGN:
        raise Refusal(DAMAGED) from None
    except MemoryError:
        raise Refusal(TOO_COMPLEX) from None


def _check(image: Image.Image) -> None:
    """The contract's limits, from the header alone: no pixel has been decoded yet."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Refusal(_too_many_pixels(width, height))
    if min(width, height) < MIN_SIDE:
        size = {"width": width, "height": height}
        raise Refusal(Refused("too_small", {**size, "least": MIN_SIDE}))
    if max(width, height) > MAX_ASPECT * min(width, height):
        size = {"width": width, "height": height}
        raise Refusal(Refused("too_narrow", {**size, "most": MAX_ASPECT}))
    if isinstance(image, TiffImagePlugin.TiffImageFile) and (
        _DNG_VERSION in image.tag_v2 or image.tag_v2.get(_NEW_SUBFILE_TYPE, 0) & 1
    ):
        raise Refusal(RAW)  # what a plain TIFF reader finds in it is the preview


def _too_many_pixels(width: int, height: int) -> Refused:
    millions = max(width * height / 1e6, MAX_PIXELS / 1e6 + 0.1)
    facts = {"megapixels": round(millions, 1), "most": MAX_PIXELS // 10**6}
    return Refused("too_many_pixels", facts)


def _developed(image: Image.Image) -> Image.Image:
    if image.format in ("JPEG", "MPO"):
        image.draft(None, _within(image.size))  # the codec can halve and quarter by itself
    image.load()
    turn = _orientation(image)  # TIFF is turned by Pillow while loading, and says so afterwards
    profile = image.info.get("icc_profile")
    plain = _shrunk(_plain(image))
    alpha = plain.getchannel("A") if plain.mode == "RGBA" else None
    colours = _in_srgb(plain.convert("RGB") if alpha else plain, profile)
    if alpha:
        colours = _grounded(colours, alpha)
    colours.info.clear()  # PNG would take profile and resolution along
    return colours.transpose(_TRANSPOSES[turn]) if turn in _TRANSPOSES else colours


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _FOREIGN:
        return 1  # broken EXIF does not spoil good pixels


def _plain(image: Image.Image) -> Image.Image:
    """One of L, RGB, RGBA, CMYK: what can be resized and has eight bits a channel."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("I", "F"):
        return _stretched(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return _transformed(image, ImageCms.ImageCmsProfile(lab)) or image.convert("RGB")
    if image.mode in ("L", "1"):
        return image.convert("L")
    return image if image.mode == "CMYK" else image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """Numbers without a scale of their own (32-bit and floating): darkest black, lightest white."""
    values = image.convert("F")
    low, high = (float(end) for end in values.getextrema() if isinstance(end, int | float))
    scale = 255 / (high - low) if high > low else 0.0
    return values.point(lambda value: value * scale + -low * scale).convert("L")


def _within(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, LONG_SIDE / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def _shrunk(image: Image.Image) -> Image.Image:
    if max(image.size) <= LONG_SIDE:
        return image
    return image.resize(_within(image.size), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """RGB; by the embedded profile where it is one for this picture, else by plain arithmetic."""
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            space = source.profile.xcolor_space.strip()
            wanted = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(space)
            if space == "RGB" and image.mode == "L":
                image = image.convert("RGB")
            if wanted == image.mode and (converted := _transformed(image, source)):
                return converted
        except _FOREIGN:
            pass  # a broken profile does not spoil good pixels
    return image.convert("RGB")


def _transformed(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image | None:
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.profileToProfile(image, source, target, outputMode="RGB")


def _grounded(colours: Image.Image, alpha: Image.Image) -> Image.Image:
    """Lay a cut-out on white, or on near-black where it would vanish on white."""
    opacities = alpha.histogram()
    most = max(value for value, count in enumerate(opacities) if count)
    if most == 0:
        raise Refusal(INVISIBLE)
    seen = alpha.point(lambda value: 255 if value * 2 >= most else 0)
    lights = ImageOps.grayscale(colours).histogram(mask=seen)
    vanishes = sum(lights[_VERY_LIGHT:]) >= _MOSTLY * sum(lights)
    # Rounded corners of a light screenshot stay white: only a real cut-out gets a dark ground.
    cut_out = sum(lights) <= _CUT_OUT * alpha.width * alpha.height
    ground = Image.new("RGB", colours.size, _DARK_GROUND if vanishes and cut_out else _LIGHT_GROUND)
    ground.paste(colours, mask=alpha)
    return ground
