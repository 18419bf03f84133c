"""Every clip says that an algorithm made it, and still plays."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from generation.media.marking import XMP_BOX, DigitalSource, mark, source_of
from generation.media.mp4_boxes import BrokenClip, top_level_boxes
from generation.media.probe import probe
from tests.generation.media.clips import RECIPE, encoder, gradient


def unmarked(path: Path) -> Path:
    """A clip by another program: PyAV."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuv420p"
        for frames in gradient(RECIPE):
            frame = av.VideoFrame.from_ndarray(frames[0], format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("source", list(DigitalSource))
def test_a_finished_clip_carries_its_mark(tmp_path: Path, source: DigitalSource) -> None:
    with encoder(tmp_path, source=source) as target:
        for frames in gradient(RECIPE):
            target.write(frames)
        clip = target.finish()
    assert source_of(clip.path) is source


def test_the_mark_is_the_last_box_in_the_words_of_the_iptc(tmp_path: Path) -> None:
    path = unmarked(tmp_path / "clip.mp4")
    mark(path, DigitalSource.ALGORITHMICALLY_ENHANCED)
    last = top_level_boxes(path)[-1]
    content = path.read_bytes()[last.content : last.end]
    assert last.kind == "uuid"
    assert content.startswith(XMP_BOX)
    assert b"http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced<" in content
    assert b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"' in content


def test_a_marked_clip_plays_as_before(tmp_path: Path) -> None:
    path = unmarked(tmp_path / "clip.mp4")
    before = probe(path)
    mark(path, DigitalSource.TRAINED_ALGORITHMIC_MEDIA)
    assert probe(path) == before
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == RECIPE.frames


def test_a_clip_by_another_program_has_no_mark(tmp_path: Path) -> None:
    assert source_of(unmarked(tmp_path / "clip.mp4")) is None


def test_a_source_of_another_kind_is_none_of_ours(tmp_path: Path) -> None:
    path = unmarked(tmp_path / "clip.mp4")
    mark(path, DigitalSource.TRAINED_ALGORITHMIC_MEDIA)
    other = path.read_bytes().replace(b"trainedAlgorithmicMedia", b"somethingElseAltogether")
    path.write_bytes(other)
    assert source_of(path) is None


def test_a_damaged_mark_is_told(tmp_path: Path) -> None:
    path = unmarked(tmp_path / "clip.mp4")
    mark(path, DigitalSource.TRAINED_ALGORITHMIC_MEDIA)
    path.write_bytes(path.read_bytes().replace(b"</rdf:RDF>", b"</rdf:XXX>"))
    with pytest.raises(BrokenClip):
        source_of(path)


@pytest.mark.parametrize("content", [b"", b"no clip", b"\x00\x00\x00\xffmoov"])
def test_only_a_clip_is_marked(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(BrokenClip):
        mark(path, DigitalSource.TRAINED_ALGORITHMIC_MEDIA)
    assert path.read_bytes() == content
