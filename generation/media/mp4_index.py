"""The index of an MP4, its `moov`, read without any library: tracks, and the tag of the recipe."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generation.media.mp4_boxes import Box, BrokenClip, top_level_boxes

LARGEST_INDEX = 16 * 2**20
"""Bytes: a clip of ours has an index of some kB, and a film of an hour one of a few MB."""

VISUAL_ENTRY = 78
"""Bytes of a picture's sample entry before its own boxes (ISO/IEC 14496-12, section 12.1.3)."""

ITEM = 8
"""Bytes before the text of a tag: its type and its language."""

AVC_PROFILES = {66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10"}
"""ITU-T H.264, annex A.2, in ffmpeg's words."""

CHROMA = ("gray", "yuv420p", "yuv422p", "yuv444p")
"""By `chroma_format_idc`."""


@dataclass(frozen=True, slots=True)
class Track:
    """`kind` is `vide`, `soun` or another handler's; `ticks` of them, `timescale` to a second.

    `sample_bytes` is what the samples take together; `profile` and `pix_fmt` are known for H.264.
    `steady` says that all samples last equally long; `configuration` is what a decoder of H.264
    has to know before the first picture, its parameter sets.
    """

    kind: str
    timescale: int
    ticks: int
    samples: int
    sample_bytes: int
    codec: str
    width: int
    height: int
    profile: str | None
    pix_fmt: str | None
    steady: bool
    configuration: bytes


@dataclass(frozen=True, slots=True)
class Index:
    """`boxes` are the file's outermost ones, in their order."""

    boxes: tuple[Box, ...]
    tracks: tuple[Track, ...]
    comment: str | None


def read_index(path: Path) -> Index:
    """Raises `BrokenClip` where the file is no MP4 or its index is damaged, `OSError`."""
    boxes = top_level_boxes(path)
    moov = next((box for box in boxes if box.kind == "moov"), None)
    if moov is None:
        raise BrokenClip("it has no index")
    if moov.end - moov.content > LARGEST_INDEX:
        raise BrokenClip(f"its index has {moov.end - moov.content} bytes")
    with path.open("rb") as file:
        file.seek(moov.content)
        data = file.read(moov.end - moov.content)
    try:
        tracks = tuple(_track(content) for kind, content in _boxes(data) if kind == "trak")
        index = Index(tuple(boxes), tracks, _comment(data))
    except (struct.error, IndexError) as error:
        raise BrokenClip(f"its index ends too early: {error}") from error
    _check_room(index)
    return index


def _check_room(index: Index) -> None:
    """A file cut short and mended by somebody has an index that promises more than there is."""
    room = sum(box.end - box.content for box in index.boxes if box.kind == "mdat")
    if sum(track.sample_bytes for track in index.tracks) > room:
        raise BrokenClip("its index promises more than the file holds")


def _track(trak: bytes) -> Track:
    mdia = _inside(trak, "mdia")
    table = _inside(mdia, "minf", "stbl")
    timescale = _timescale(_inside(mdia, "mdhd"))
    counts, sizes = _inside(table, "stts"), _inside(table, "stsz")
    pace = struct.unpack_from(f">{2 * _number(counts, 4)}I", counts, 8)
    kind = _inside(mdia, "hdlr")[8:12].decode("latin-1")
    entry_kind, entry = next(_boxes(_inside(table, "stsd")[8:]), ("", b""))
    width, height = struct.unpack_from(">HH", entry, 24) if kind == "vide" else (0, 0)
    is_avc = entry_kind in ("avc1", "avc3")
    configuration = _inside(entry[VISUAL_ENTRY:], "avcC") if is_avc else b""
    profile, pix_fmt = _avc(configuration) if is_avc else (None, None)
    return Track(
        kind,
        timescale,
        ticks=sum(count * delta for count, delta in zip(pace[::2], pace[1::2], strict=True)),
        samples=_number(sizes, 8),
        sample_bytes=_sample_bytes(sizes),
        codec=entry_kind,
        width=width,
        height=height,
        profile=profile,
        pix_fmt=pix_fmt,
        steady=len(set(pace[1::2])) == 1,
        configuration=configuration,
    )


def _timescale(mdhd: bytes) -> int:
    return _number(mdhd, 20 if mdhd[0] == 1 else 12)  # version 1 has times of 64 bits before it


def _sample_bytes(sizes: bytes) -> int:
    """Of `stsz`: one size for all of them, or a list."""
    same, count = _number(sizes, 4), _number(sizes, 8)
    return same * count if same else sum(struct.unpack_from(f">{count}I", sizes, 12))


def _avc(record: bytes) -> tuple[str | None, str | None]:
    """Profile and pixel format out of `avcC` (ISO/IEC 14496-15, section 5.3.3)."""
    profile = AVC_PROFILES.get(record[1])
    if record[1] in (66, 77, 88):
        return profile, "yuv420p"  # the only one that these have
    place = 5
    for mask in (0x1F, 0xFF):  # the sequence's parameter sets, then the pictures'
        count, place = record[place] & mask, place + 1
        for _ in range(count):
            place += 2 + struct.unpack_from(">H", record, place)[0]
    depth = 8 + (record[place + 1] & 7)
    return profile, CHROMA[record[place] & 3] + ("" if depth == 8 else f"{depth}le")


def _comment(moov: bytes) -> str | None:
    """The tag `©cmt` as iTunes and ffmpeg write it: `udta`, `meta`, `ilst`."""
    for kind, content in _boxes(moov):
        if kind != "udta":
            continue
        for inner, meta in _boxes(content):
            if inner == "meta":
                for name, item in _boxes(_inside(meta[4:], "ilst")):
                    if name == "\xa9cmt":
                        return _inside(item, "data")[ITEM:].decode("utf-8", "replace")
    return None


def _inside(data: bytes, *kinds: str) -> bytes:
    """The content of the first box of a kind in `data`, of the next kind in that, and so on."""
    for wanted in kinds:
        found = next((content for kind, content in _boxes(data) if kind == wanted), None)
        if found is None:
            raise BrokenClip(f"its index has no {wanted!r}")
        data = found
    return data


def _boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    place = 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if size < 8 or place + size > len(data):
            raise BrokenClip(f"box {kind!r} in its index claims {size} bytes")
        yield kind.decode("latin-1"), data[place + 8 : place + size]
        place += size


def _number(data: bytes, place: int) -> int:
    return int(struct.unpack_from(">I", data, place)[0])
