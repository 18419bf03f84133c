"""Kinds of files that phones, editors and programs make, each with the same four quarters in it.

Run `python -m tests.generation.images.kinds FOLDER` to look at them in a browser.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from tests.generation.images.pictures import chunk, corners, encoded, exif, png

OTHER: Final = Image.new("RGB", (160, 96), (0, 0, 0))
"""What must not be taken for the picture."""


def gain_map() -> bytes:
    """As Android and Adobe write HDR: an SDR picture, its gain map behind it, told of in XMP."""
    return _with_segment(_two_views(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _GAIN_MAP_XMP)


def broken_mpf() -> bytes:
    """The second picture is said to lie far behind the end of the file."""
    data = bytearray(_two_views())
    at = data.index(b"MPF\0") + 4
    entries = data.index(b"\x02\xb0\x07\x00", at)
    where = at + struct.unpack_from("<I", data, entries + 8)[0]
    struct.pack_into("<II", data, where + 16 + 4, 2**31, 2**31)
    return bytes(data)


def broken_exif() -> bytes:
    """Its only entry points behind its end."""
    tags = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\xff\0\0\0\xff\xff\xff\0\0\0\0\0"
    return encoded(corners(), "JPEG", quality=95, exif=tags)


def motion_photo() -> bytes:
    """A video behind the end marker."""
    video = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\x10\0mdat" + bytes(4088)
    return encoded(corners(), "JPEG", quality=95) + video


def other_primary() -> bytes:
    """HEIC whose second picture is the main one."""
    file = pillow_heif.from_pillow(OTHER)
    file.add_from_pillow(corners())
    out = BytesIO()
    file.save(out, primary_index=1, quality=95)
    return out.getvalue()


def sixteen_bits() -> bytes:
    line = np.asarray(corners()).astype(">u2") * 257
    return png(160, 96, 16, 2, b"".join(b"\0" + row.tobytes() for row in line))


def interlaced() -> bytes:
    """All seven passes of Adam7, put together by hand."""
    pixels, lines = np.asarray(corners()), b""
    for x, y, dx, dy in _ADAM7:
        lines += b"".join(b"\0" + row.tobytes() for row in pixels[y::dy, x::dx])
    header = struct.pack(">IIBBBBB", 160, 96, 8, 2, 0, 0, 1)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, body) for name, body in parts)


def bmp_with_empty_alpha() -> bytes:
    """Who wrote it declared a fourth channel and left it zero."""
    empty = corners().convert("RGBA")
    empty.putalpha(0)
    header = struct.pack("<IiiHHIIiiII", 108, 160, 96, 1, 32, 3, 0, 0, 0, 0, 0)
    header += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + bytes(52)
    pixels = empty.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGRA")
    return struct.pack("<2sIHHI", b"BM", 14 + 108 + len(pixels), 0, 0, 122) + header + pixels


def tiff_with_thumbnail_first() -> bytes:
    small = OTHER.resize((80, 64))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    out = BytesIO()
    small.save(out, "TIFF", tiffinfo={254: 1}, save_all=True, append_images=[_main_page()])
    return out.getvalue()


def _main_page() -> Image.Image:
    page = corners()
    page.encoderinfo = {"tiffinfo": {254: 0}}
    return page


def _two_views() -> bytes:
    return encoded(corners(), "MPO", save_all=True, append_images=[OTHER], quality=95)


def _with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    return data[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


_GAIN_MAP_XMP: Final = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
_ADAM7: Final = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def icon(kind: str) -> bytes:
    """Two sizes; the directory names the small one first."""
    sizes = [(32, 19), (160, 96)]
    return encoded(corners(), "ICO", sizes=sizes, bitmap_format=kind)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


KINDS: Final[dict[str, Callable[[], bytes]]] = {
    "gain_map.jpg": gain_map,
    "broken_mpf.jpg": broken_mpf,
    "broken_exif.jpg": broken_exif,
    "motion_photo.jpg": motion_photo,
    "two_views.jpg": _two_views,
    "other_primary.heic": other_primary,
    "sixteen_bits.png": sixteen_bits,
    "interlaced.png": interlaced,
    "palette.png": lambda: encoded(corners().quantize(8), "PNG"),
    "progressive.jpg": lambda: encoded(corners(), "JPEG", quality=95, progressive=True),
    "turned.jpg": lambda: encoded(
        corners().transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif(6)
    ),
    "srgb_profile.png": lambda: encoded(corners(), "PNG", icc_profile=srgb_profile()),
    "lossless.webp": lambda: encoded(corners(), "WEBP", lossless=True),
    "not_turned.webp": lambda: encoded(corners(), "WEBP", lossless=True, exif=exif(6)),
    "deflated.tif": lambda: encoded(corners(), "TIFF", compression="tiff_adobe_deflate"),
    "empty_alpha.bmp": bmp_with_empty_alpha,
    "thumbnail_first.tif": tiff_with_thumbnail_first,
    "pngs.ico": lambda: icon("png"),
    "bitmaps.ico": lambda: icon("bmp"),
}
"""By a name that says what it is; the colours are those of `corners()`."""


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name, make in KINDS.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    main()
