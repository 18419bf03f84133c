"""A broken file is told as such, and boxes of every form are read."""

from __future__ import annotations

import struct
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.jobs import Clip
from generation.media.mp4_boxes import BrokenClip, moov_comes_first, top_level_boxes
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from tests.generation.media.clips import RECIPE, encoded


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def long_box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content


def open_box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 0, kind) + content


def a_file(folder: Path, content: bytes) -> Path:
    path = folder / "file.mp4"
    path.write_bytes(content)
    return path


def test_boxes_with_short_long_and_open_sizes_are_read(tmp_path: Path) -> None:
    content = box(b"ftyp", b"isom") + long_box(b"moov", b"12") + open_box(b"mdat", b"345")
    boxes = top_level_boxes(a_file(tmp_path, content))
    assert [(one.kind, one.content, one.end) for one in boxes] == [
        ("ftyp", 8, 12),
        ("moov", 28, 30),
        ("mdat", 38, 41),
    ]


@pytest.mark.parametrize(
    ("content", "first"),
    [
        (box(b"moov") + box(b"mdat"), True),
        (box(b"mdat") + box(b"moov"), False),
        (box(b"moov"), False),
        (box(b"mdat"), False),
    ],
)
def test_the_index_is_first_or_not(tmp_path: Path, content: bytes, first: bool) -> None:
    assert moov_comes_first(top_level_boxes(a_file(tmp_path, content))) is first


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x00",
        struct.pack(">I4s", 7, b"moov"),
        struct.pack(">I4s", 100, b"moov") + b"short",
        struct.pack(">I4sQ", 1, b"moov", 9),
        struct.pack(">I4s", 1, b"moov"),
        box(b"ftyp") + b"tail",
    ],
)
def test_sizes_that_do_not_add_up_are_broken(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenClip):
        top_level_boxes(a_file(tmp_path, content))


@pytest.mark.parametrize("content", [b"", b"not a clip at all", box(b"ftyp", b"isom")])
def test_a_file_that_is_no_clip_is_broken(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenClip):
        probe(a_file(tmp_path, content))


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_clip_that_was_cut_short_is_broken(tmp_path: Path, kept: float) -> None:
    whole = encoded(tmp_path).path.read_bytes()
    with pytest.raises(BrokenClip):
        probe(a_file(tmp_path, whole[: int(len(whole) * kept)]))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return encoded(tmp_path_factory.mktemp("clip"))


@given(data=st.data())
def test_an_index_with_a_changed_byte_is_read_or_refused(data: st.DataObject, clip: Clip) -> None:
    content = bytearray(clip.path.read_bytes())
    moov = next(box for box in top_level_boxes(clip.path) if box.kind == "moov")
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(moov.start, moov.end - 1))] = data.draw(st.integers(0, 255))
    with suppress(BrokenClip):
        probe(a_file(clip.path.parent, bytes(content)))


def test_an_index_that_promises_more_than_there_is_is_broken(clip: Clip) -> None:
    content = clip.path.read_bytes()
    mdat = next(box for box in top_level_boxes(clip.path) if box.kind == "mdat")
    short = content[: mdat.start] + box(b"mdat", content[mdat.content : mdat.end - 9])
    with pytest.raises(BrokenClip, match="more than the file holds"):
        probe(a_file(clip.path.parent, short))


def test_a_player_and_we_read_the_same_facts(clip: Clip) -> None:
    found = probe(clip.path)
    with av.open(str(clip.path)) as container:
        stream = container.streams.video[0]
        packets = sum(1 for packet in container.demux(stream) if packet.size)
        assert (found.frames, found.fps) == (packets, stream.average_rate)
        assert (found.width, found.height) == (stream.width, stream.height)
        assert (found.codec, found.profile) == (stream.codec_context.name, stream.profile)
        assert found.pix_fmt == stream.pix_fmt
        assert found.comment == container.metadata["comment"]


def test_a_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "gone.mp4")


def test_sound_is_noticed_and_pictures_are_missed(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 1_024), np.float32), format="fltp")
        silence.sample_rate = 48_000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    with pytest.raises(BrokenClip, match="no video"):
        probe(path)


def test_a_clip_by_another_program_is_probed_and_has_no_recipe(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        container.metadata["comment"] = "a holiday film"
        stream = container.add_stream("mpeg4", rate=Fraction(30_000, 1_001))
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuv420p"
        for _ in range(5):
            grey = np.full((96, 64, 3), 128, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    found = probe(path)
    assert (found.codec, found.frames, found.fps) == ("mpeg4", 5, Fraction(30_000, 1_001))
    assert (found.comment, found.moov_first) == ("a holiday film", False)
    assert read_recipe(path) is None


def test_a_clip_without_a_comment_has_no_recipe(tmp_path: Path) -> None:
    path = encoded(tmp_path).path
    found = probe(path)
    assert found.comment == RECIPE.to_json()
    bare = a_file(tmp_path, path.read_bytes().replace(b"\xa9cmt", b"skip"))
    assert probe(bare).comment is None
    assert read_recipe(bare) is None
