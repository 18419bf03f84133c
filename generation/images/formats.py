"""What a file is, told by its first bytes: a format we open, or why we don't.

Pure: names, types and what the sender says about a file count for nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from generation.errors import ImageReason
from generation.facts import Facts


class PictureFormat(StrEnum):
    """The formats we open; the values are the names of Pillow's (and pillow-heif's) plugins."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    AVIF = "AVIF"
    HEIF = "HEIF"
    ICO = "ICO"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a picture for us: why, as `InvalidImage` says it."""

    reason: ImageReason
    facts: Facts = field(default_factory=dict, hash=False)


_HEAD: Final = 4096
"""Bytes looked at: comments before an `<svg` or `<html` are rarely longer."""

SVG = Refused("svg")
PDF = Refused("pdf")
EPS = Refused("eps")
PSD = Refused("psd")
EDITOR = Refused("editor_file")
RAW = Refused("raw")
JXL = Refused("jxl")
JPEG_2000 = Refused("jpeg_2000")
RARE = Refused("rare_format")
VIDEO = Refused("video")
AUDIO = Refused("audio")
ARCHIVE = Refused("archive")
OFFICE = Refused("office")
HTML = Refused("html")
TEXT = Refused("text")
EMPTY = Refused("empty")
UNKNOWN = Refused("unknown_format")

# (offset, bytes, what it is): the first that matches counts.
_MAGIC: Final[tuple[tuple[int, bytes, PictureFormat | Refused], ...]] = (
    (0, b"\xff\xd8\xff", PictureFormat.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
    (0, b"GIF87a", PictureFormat.GIF),
    (0, b"GIF89a", PictureFormat.GIF),
    (8, b"CR\x02\x00", RAW),  # Canon's raw is a TIFF with this after its header
    (0, b"II*\x00", PictureFormat.TIFF),
    (0, b"MM\x00*", PictureFormat.TIFF),
    (0, b"II+\x00", PictureFormat.TIFF),
    (0, b"MM\x00+", PictureFormat.TIFF),
    (0, b"FUJIFILMCCD-RAW", RAW),
    (0, b"IIRO", RAW),
    (0, b"IIRS", RAW),
    (0, b"IIU\x00", RAW),
    (0, b"FOVb", RAW),
    (0, b"\xff\x0a", JXL),
    (4, b"JXL \r\n\x87\n", JXL),
    (4, b"jP  \r\n\x87\n", JPEG_2000),
    (0, b"\xffO\xffQ", JPEG_2000),
    (0, b"%PDF-", PDF),
    (0, b"%!PS", EPS),
    (0, b"\xc5\xd0\xd3\xc6", EPS),
    (0, b"8BPS", PSD),
    (0, b"gimp xcf", EDITOR),
    (30, b"mimetypeapplication/x-krita", EDITOR),
    (30, b"mimetypeimage/openraster", EDITOR),
    (30, b"mimetypeapplication/vnd.oasis", OFFICE),
    (30, b"[Content_Types].xml", OFFICE),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),
    (0, b"PK\x03\x04", ARCHIVE),
    (0, b"PK\x05\x06", ARCHIVE),
    (0, b"Rar!\x1a\x07", ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (0, b"\x1f\x8b", ARCHIVE),
    (0, b"BZh", ARCHIVE),
    (0, b"\xfd7zXZ\x00", ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", ARCHIVE),
    (257, b"ustar", ARCHIVE),
    (0, b"\x1a\x45\xdf\xa3", VIDEO),  # Matroska, WebM
    (0, b"FLV\x01", VIDEO),
    (0, b"\x00\x00\x01\xba", VIDEO),  # MPEG program stream
    (0, b"\x00\x00\x01\xb3", VIDEO),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),  # Windows Media
    (4, b"moov", VIDEO),  # QuickTime from before `ftyp`
    (4, b"mdat", VIDEO),
    (4, b"wide", VIDEO),
    (0, b"ID3", AUDIO),
    (0, b"fLaC", AUDIO),
    (0, b"OggS", AUDIO),
    (0, b"#!AMR", AUDIO),
    (0, b"MThd", AUDIO),
    (0, b"\xff\xfb", AUDIO),  # MPEG audio frames
    (0, b"\xff\xf3", AUDIO),
    (0, b"\xff\xf2", AUDIO),
    (0, b"\xff\xf1", AUDIO),
    (0, b"\xff\xf9", AUDIO),
    (0, b"\x00\x00\x01\x00", PictureFormat.ICO),
    (0, b"icns", RARE),
    (0, b"DDS ", RARE),
    (0, b"qoif", RARE),
    (0, b"v/1\x01", RARE),  # OpenEXR
    (0, b"#?RADIANCE", RARE),
)

_RIFF: Final[dict[bytes, PictureFormat | Refused]] = {
    b"WEBP": PictureFormat.WEBP,
    b"WAVE": AUDIO,
    b"AVI ": VIDEO,
}
_BMP_HEADERS: Final = (12, 16, 40, 52, 56, 64, 108, 124)
"""Sizes of the header that follows a BMP's first 14 bytes: two letters alone prove nothing."""

_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_SHARED_BRANDS: Final = frozenset({b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"MiHE", b"MiHB"})
"""Those that say "pictures inside" and leave open how they are coded."""


def recognise(data: bytes) -> PictureFormat | Refused:
    """What the file is; `data` is the file or at least its first 4,096 bytes."""
    if not data:
        return EMPTY
    head = data[:_HEAD]
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return PictureFormat.BMP
    return _words(head)


def _iso_media(head: bytes) -> PictureFormat | Refused:
    """MP4, MOV, AVIF and HEIC share one container and differ in their brands."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {head[at : at + 4] for at in range(16, size, 4)}
    if major in _AVIF_BRANDS or (major in _SHARED_BRANDS and brands & _AVIF_BRANDS):
        return PictureFormat.AVIF
    if major in _HEIF_BRANDS | _SHARED_BRANDS:
        return PictureFormat.HEIF
    if major == b"crx ":
        return RAW
    if major in (b"M4A ", b"M4B "):
        return AUDIO
    if b"pict" in head[size : size + 64] and head[size + 4 : size + 8] == b"meta":
        return PictureFormat.AVIF if brands & _AVIF_BRANDS else PictureFormat.HEIF
    return VIDEO


def _words(head: bytes) -> Refused:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="ignore").lower()
    else:
        text = head.decode("utf-8", errors="replace").lower()
    if "<svg" in text:
        return SVG
    if any(sign in text for sign in ("<!doctype html", "<html", "<head", "<body")):
        return HTML
    if "%pdf-" in text[:1024]:  # readers allow that much before it
        return PDF
    printable = sum(letter.isprintable() or letter in "\t\r\n\ufeff" for letter in text)
    unread = text.count("\ufffd")  # one may be a letter cut in two
    return TEXT if printable == len(text) and unread <= 1 else UNKNOWN
