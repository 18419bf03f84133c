"""What a clip really is, as a player sees it; nothing else in the product opens videos."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from generation.media.mp4_boxes import BrokenClip, moov_comes_first
from generation.media.mp4_index import read_index

__all__ = ["BrokenClip", "Probe", "probe"]

CODECS = {
    **dict.fromkeys(("avc1", "avc3"), "h264"),
    **dict.fromkeys(("hvc1", "hev1"), "hevc"),
    "av01": "av1",
    "vp09": "vp9",
    "mp4v": "mpeg4",
}
"""ffmpeg's words for the four characters in a file; others stay as they are."""


@dataclass(frozen=True, slots=True)
class Probe:
    """`width`, `height` in pixels, `fps` frames a second, `duration` in seconds.

    `codec`, `profile` and `pix_fmt` are ffmpeg's words ("h264", "High", "yuv420p"); `comment` is
    the tag that carries the recipe.
    """

    width: int
    height: int
    frames: int
    fps: Fraction
    duration: float
    codec: str
    profile: str | None
    pix_fmt: str | None
    comment: str | None
    moov_first: bool
    has_audio: bool


def probe(path: Path) -> Probe:
    """Read a clip's facts from its index, which lists every frame, without decoding any.

    Raises `BrokenClip` where it is no MP4 or holds no moving picture, `OSError` where the file
    can't be read.
    """
    index = read_index(path)
    video = next((track for track in index.tracks if track.kind == "vide"), None)
    if video is None:
        raise BrokenClip("it holds no video stream")
    if not (video.samples and video.ticks and video.timescale):
        raise BrokenClip("its video stream holds no frames")
    return Probe(
        width=video.width,
        height=video.height,
        frames=video.samples,
        fps=Fraction(video.samples * video.timescale, video.ticks),
        duration=video.ticks / video.timescale,
        codec=CODECS.get(video.codec, video.codec),
        profile=video.profile,
        pix_fmt=video.pix_fmt,
        comment=index.comment,
        moov_first=moov_comes_first(list(index.boxes)),
        has_audio=any(track.kind == "soun" for track in index.tracks),
    )
