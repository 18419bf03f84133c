"""What a clip is made of, as arguments for ffmpeg, and how its size is kept under a limit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CRF = 21
"""x264's constant rate factor: the highest at which clips are closer to the original than what
diffusers' export writes, at less than twice its size (bench/encode.py)."""

FEWEST_THREADS, MOST_THREADS = 2, 8
"""Beyond eight, x264 gains little on a picture of this size."""

KEYFRAME_SECONDS = 2
"""Between two points to which a player can jump."""

HIGHEST_RATE = 62_500_000
"""Bits a second: what H.264 High allows at level 4.1 (ITU-T H.264, table A-1, times 1.25). x264
writes the level that the limit asks for, and telephones refuse those above."""

TO_BT709 = (
    "scale=in_range=full:out_range=limited:out_color_matrix=bt709"
    ":flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p"
)
"""RGB 0-255 to studio range with BT.709's matrix: ffmpeg's own choice would be BT.601's."""

TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
"""On the frames: since FFmpeg 7 the output options of these names give way to the filters."""


@dataclass(frozen=True, slots=True)
class Quality:
    """`crf` of x264; `rate`, if any, is both the VBV's rate and its size, in bits (a second)."""

    crf: int = CRF
    rate: int | None = None


def rate_within(size: int, seconds: float) -> int:
    """Bits a second for at most `size` bytes of video of `seconds`.

    A VBV lets at most rate·seconds + one full buffer through, and the buffer is one second's worth:
    rate = size·8·0.98 / (seconds + 1). 2 % are left for x264's misses.
    """
    rate = int(size * 8 * 0.98 / (seconds + 1))
    return max(1_000, min(rate, HIGHEST_RATE))


def lower_qualities(rate: int) -> Iterator[Quality]:
    """What to try, in order, where x264 missed its limit: 0.85 of the rate, then a higher CRF too.

    51 is the coarsest quantiser that H.264 has: beyond it there is nothing left to try.
    """
    for step, crf in enumerate((CRF, CRF, CRF, 26, 33, 40, 51), start=1):
        yield Quality(crf, max(1_000, int(rate * 0.85**step)))


def threads() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return str(threads_of(cores or 1))


def threads_of(cores: int) -> int:
    """Half of them: a clip is encoded while the next one is rendered."""
    return max(FEWEST_THREADS, min(cores // 2, MOST_THREADS))


def from_rgb(width: int, height: int, fps: int) -> list[str]:
    """Read packed RGB frames of `width` × `height` pixels from stdin."""
    size = f"{width}x{height}"
    raw = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", size]
    return [*raw, "-framerate", str(fps), "-i", "pipe:0"]


def from_clip(clip: Path) -> list[str]:
    """Read the pictures of a finished clip."""
    return ["-threads", threads(), "-i", f"file:{clip}"]


def to_clip(metadata: Path, fps: int, quality: Quality, filters: str) -> list[str]:
    """Write the pictures of input 0 and the tags of `metadata` (see `ffmetadata`) as an MP4."""
    return [
        *("-f", "ffmetadata", "-i", f"file:{metadata}"),
        *("-map", "0:v:0", "-map_metadata", "1", "-map_chapters", "-1"),
        *("-filter_threads", "1", "-vf", filters, "-fps_mode", "passthrough"),
        *coding(fps, quality),
        *("-movflags", "+faststart", "-f", "mp4"),
    ]


def coding(fps: int, quality: Quality) -> list[str]:
    """How pictures are encoded: of one size, rate and quality they are one stream when joined."""
    vbv = [] if quality.rate is None else ["-maxrate", str(quality.rate)]
    if quality.rate is not None:
        vbv += ["-bufsize", str(quality.rate)]
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p"),
        *("-crf", str(quality.crf), *vbv, "-threads", threads(), "-g", str(KEYFRAME_SECONDS * fps)),
    ]


def ffmetadata(comment: str) -> str:
    """A metadata file with one tag; in a file, since a command line is for every user to see."""
    return f";FFMETADATA1\ncomment={_escaped(comment)}\n"


def chapter(start: int, end: int, fps: int, title: str) -> str:
    """A part of a metadata file, behind its tags: `start` and `end` in frames."""
    times = f"TIMEBASE=1/{fps}\nSTART={start}\nEND={end}"
    return f"[CHAPTER]\n{times}\ntitle={_escaped(title)}\n"


def _escaped(text: str) -> str:
    """Five characters mean something there (ffmpeg-formats, "Metadata")."""
    return "".join(f"\\{sign}" if sign in "=;#\\\n" else sign for sign in text)
