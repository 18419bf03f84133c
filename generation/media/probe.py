"""What a clip really is, as a player sees it; nothing else in the product opens videos."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from generation.media.mp4_boxes import BrokenClip, moov_comes_first, top_level_boxes

__all__ = ["BrokenClip", "Probe", "probe"]


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
    """Read a clip's facts; frames are counted as packets, without decoding them.

    Raises `BrokenClip` where it is no MP4 or holds no moving picture, `OSError` where the file
    can't be read.
    """
    moov_first = moov_comes_first(top_level_boxes(path))
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            return _facts(container, moov_first)
    except av.FFmpegError as error:
        raise BrokenClip(f"it cannot be opened: {error.strerror}") from error


def _facts(container: InputContainer, moov_first: bool) -> Probe:
    if not container.streams.video:
        raise BrokenClip("it holds no video stream")
    stream = container.streams.video[0]
    frames = sum(1 for packet in container.demux(stream) if packet.size)
    if not frames or stream.average_rate is None or stream.duration is None:
        raise BrokenClip("its video stream holds no frames")
    return Probe(
        width=stream.width,
        height=stream.height,
        frames=frames,
        fps=stream.average_rate,
        duration=_seconds(stream, stream.duration),
        codec=stream.codec_context.name,
        profile=stream.profile,
        pix_fmt=stream.pix_fmt,
        comment=container.metadata.get("comment"),
        moov_first=moov_first,
        has_audio=bool(container.streams.audio),
    )


def _seconds(stream: VideoStream, ticks: int) -> float:
    if stream.time_base is None:
        raise BrokenClip("its video stream has no time base")
    return float(ticks * stream.time_base)
