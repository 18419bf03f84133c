"""What people send instead of pictures, and what they are told."""

from __future__ import annotations

import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.images.formats import PictureFormat, Refused, recognise


def why(data: bytes) -> str:
    kind = recognise(data)
    assert isinstance(kind, Refused)
    return kind.reason


def a_zip(name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def a_tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("picture.png"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- Inkscape -->\n<svg></svg>', "svg"),
        ('<?xml version="1.0"?><svg/>'.encode("utf-16"), "svg"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\n\n%PDF-1.4\n", "pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "eps"),
        (b"8BPS\x00\x01", "psd"),
        (b"gimp xcf v011\x00", "editor_file"),
        (a_zip("mimetype", b"application/x-krita"), "editor_file"),
        (a_zip("[Content_Types].xml"), "office"),
        (a_zip("picture.png"), "archive"),
        (a_tar(), "archive"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", "video"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio"),
        (b"ID3\x04\x00", "audio"),
        (b"OggS\x00\x02", "audio"),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00", "audio"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "html"),
        (b"  <HTML><img src=a.png></HTML>", "html"),
        ("make it rain, schön".encode(), "text"),
        (b'{"error": "not found"}', "text"),
        (b"\xff\x0a\xfa\x7f", "jxl"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jpeg_2000"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "raw"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01", "raw"),
        (b"BM and some words", "text"),
        (b"RIFF\x00\x00\x00\x00RMID", "unknown_format"),
        (bytes(range(256)), "unknown_format"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, name: str) -> None:
    assert why(data) == name


def test_a_web_page_that_shows_a_drawing_is_still_about_the_drawing() -> None:
    assert why(b"<html><svg></svg></html>") == "svg"


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"avif\x00\x00\x00\x00mif1", PictureFormat.AVIF),
        (b"mif1\x00\x00\x00\x00avifmif1", PictureFormat.AVIF),
        (b"mif1\x00\x00\x00\x00heicmif1", PictureFormat.HEIF),
        (b"heic\x00\x00\x00\x00mif1heic", PictureFormat.HEIF),
        (b"msf1\x00\x00\x00\x00hevc", PictureFormat.HEIF),
    ],
)
def test_one_container_is_told_apart_by_its_brands(brands: bytes, expected: PictureFormat) -> None:
    box = b"ftyp" + brands
    assert recognise((len(box) + 4).to_bytes(4, "big") + box) == expected


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_something(data: bytes) -> None:
    assert isinstance(recognise(data), PictureFormat | Refused)
