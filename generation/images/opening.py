"""From bytes to a loaded picture: prepared so that its library takes it, repaired where it ends."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import pillow_heif
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from generation.images import icons, jpeg_repair, png_repair
from generation.images.coding import ColourTag, of_profile
from generation.images.formats import RAW, PictureFormat, Refused, recognise
from generation.images.frames import first_to_see, to_main_page
from generation.images.headers import declared_size
from generation.images.heif_boxes import Boxes, boxes
from generation.images.jpeg_scans import has_too_many_scans
from generation.images.limits import LONG_SIDE, MAX_PIXELS
from generation.images.png_chunks import cleaned
from generation.images.refusals import (
    DAMAGED,
    FLOATING,
    RARE_HEIF,
    RARE_TIFF,
    TOO_SLOW,
    Refusal,
    check_size,
    no_such_size,
)

PLUGINS: Final = (
    *(AvifImagePlugin, BmpImagePlugin, GifImagePlugin, IcoImagePlugin, JpegImagePlugin),
    *(MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin),
)
"""Each registers itself when it is imported; because these are, Pillow never loads all others."""

FOREIGN: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error, ArithmeticError),
    *(LookupError, TypeError, AttributeError, RuntimeError, AssertionError, StopIteration),
    ImageCms.PyCMSError,
)
"""What image libraries raise for broken files; they promise nothing narrower."""

_DNG_VERSION: Final = 50706
_SAMPLE_FORMAT: Final = 339
_FLOATING_POINT: Final = 3

_HEVC: Final = b"hvc1"
_AV1: Final = b"av01"


@dataclass(frozen=True, slots=True)
class OpenedPicture:
    """A file ready for its library, and what it says about its colours."""

    data: bytes
    format: PictureFormat
    colour: ColourTag = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """Decoded pixels; `width` and `height` are what the file declares, `missing` the share of the
    pixels that had to be made up."""

    image: Image.Image
    source: OpenedPicture
    width: int
    height: int
    missing: float = 0.0


def prepare() -> None:
    """Once a process: teach Pillow HEIC and keep its helpers few (each thread maps memory).

    Whatever is imported for a picture is here now: a confined process can open no module later.
    """
    Image.preinit()
    pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked from the header, with its own reason


def load(data: bytes) -> Loaded:
    """Raises `Refusal`, or one of `FOREIGN` for a file that is broken."""
    source = _source(data)
    image = opened(source)
    if isinstance(image, TiffImagePlugin.TiffImageFile) and (
        _DNG_VERSION in image.tag_v2 or not to_main_page(image)
    ):
        raise Refusal(RAW)  # what a plain TIFF reader finds in it is the preview
    width, height = image.size
    if width * height <= MAX_PIXELS and _claims_too_much(image, source):
        raise Refusal(DAMAGED)
    check_size(width, height)
    for name in ("xmp", "XML:com.adobe.xmp"):
        image.info.pop(name, None)  # may be long, and says nothing that counts
    profile = image.info.get("icc_profile")
    if source.format is not PictureFormat.PNG and isinstance(profile, bytes) and profile:
        source = replace(source, colour=of_profile(profile))
    pixels, missing = _pixels(image, source)
    return Loaded(pixels, source, width, height, missing)


def opened(source: OpenedPicture) -> Image.Image:
    """The header is read, no pixel decoded yet."""
    try:
        return Image.open(BytesIO(source.data), formats=[source.format.value])
    except UnidentifiedImageError:
        raise Refusal(_why_not(source)) from None


def within(size: tuple[int, int]) -> tuple[int, int]:
    """The size that a picture is scaled down to."""
    scale = min(1.0, LONG_SIDE / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def _source(data: bytes) -> OpenedPicture:
    kind = recognise(data)
    if isinstance(kind, Refused):
        raise Refusal(kind)
    if (size := declared_size(data, kind)) and min(size) < 1:
        raise Refusal(no_such_size(*size))
    if kind is PictureFormat.PNG:
        clean, colour = cleaned(data)
        return OpenedPicture(clean, kind, colour)
    if kind in (PictureFormat.AVIF, PictureFormat.HEIF):
        return _heif_source(data, kind)
    if kind is PictureFormat.ICO:
        return _icon_source(data)
    if kind is PictureFormat.JPEG and has_too_many_scans(data):
        raise Refusal(TOO_SLOW)
    return OpenedPicture(data, kind)


def _icon_source(data: bytes) -> OpenedPicture:
    picture = icons.largest(data)
    if recognise(picture) is PictureFormat.PNG:
        return _source(picture)
    if min(size := icons.bitmap_size(picture)) < 1:
        raise Refusal(no_such_size(*size))
    check_size(*size)
    return OpenedPicture(picture, PictureFormat.ICO)


def _heif_source(data: bytes, kind: PictureFormat) -> OpenedPicture:
    """By what is inside: brands are many, and libraries know few of them."""
    try:
        found = boxes(data)
    except FOREIGN:
        found = Boxes()
    if found.codec == _HEVC and kind is PictureFormat.AVIF:
        kind = PictureFormat.HEIF
    elif found.codec == _AV1:
        kind = PictureFormat.AVIF
    elif found.codec not in (b"", _HEVC):
        raise Refusal(RARE_HEIF)
    brand = b"avif" if kind is PictureFormat.AVIF else b"heic"
    if data[8:12] not in (b"avis", b"hevc", b"msf1"):  # those of sequences stay
        data = data[:8] + brand + data[12:]
    return OpenedPicture(data, kind, found.colour)


def _why_not(source: OpenedPicture) -> Refused:
    if source.format is not PictureFormat.TIFF:
        return DAMAGED
    try:
        tags = TiffImagePlugin.ImageFileDirectory_v2(source.data[:8])
        file = BytesIO(source.data)
        file.seek(tags.next)
        tags.load(file)
        if tags.get(_SAMPLE_FORMAT, (1,))[0] == _FLOATING_POINT:
            return FLOATING
        return RARE_TIFF if {256, 257, 273} <= tags.keys() or 324 in tags else DAMAGED
    except FOREIGN:
        return DAMAGED


def _claims_too_much(image: Image.Image, source: OpenedPicture) -> bool:
    """A bitmap without compression whose pixels would not fit into its file."""
    if not isinstance(image, BmpImagePlugin.BmpImageFile):
        return False
    tile = image.tile[0]
    if tile.codec_name != "raw" or not isinstance(tile.args, tuple):
        return False
    return tile.offset + int(tile.args[1]) * image.height > len(source.data)


def _pixels(image: Image.Image, source: OpenedPicture) -> tuple[Image.Image, float]:
    try:
        return _decoded(image), 0.0
    except (OSError, SyntaxError):  # it ends too early
        if source.format is PictureFormat.JPEG:
            return jpeg_repair.completed(
                source.data, lambda data: _decoded(opened(replace(source, data=data)))
            )
        if source.format is PictureFormat.PNG:
            whole, missing = png_repair.mended(source.data)
            return _decoded(opened(replace(source, data=whole))), missing
        raise


def _decoded(image: Image.Image) -> Image.Image:
    if image.format in ("JPEG", "MPO"):
        image.draft(None, within(image.size))  # the codec can halve and quarter by itself
    return first_to_see(image)
