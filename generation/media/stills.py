"""Still pictures: a poster, a sheet of a clip's frames, the first or last one of a clip."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from generation.media.ffmpeg import Ffmpeg

TILES = 4
"""A sheet has so many rows and columns."""

TILE_WIDTH = 160
LAST = 0.5
"""Seconds before its end from which a clip is read for its last frame."""

QUALITY = ["-q:v", "4"]
SMALL = "scale='min(320,iw)':'min(320,ih)':force_original_aspect_ratio=decrease:flags=area"

CLIP = ["-protocol_whitelist", "file", "-f", "mov", "-max_pixels", str(8192 * 256)]
"""How a clip is opened that may be foreign: as an MP4, no larger than ours, of no other files."""

LIMIT = 20.0
"""Seconds that a still may take."""


def poster(picture: Path, width: int, height: int) -> bytes:
    """A JPEG of a picture as a clip of this size shows it; raises `EncodingFailed`."""
    fill = f"scale={width}:{height}:force_original_aspect_ratio=increase:flags=area"
    return _jpeg(picture, f"{fill},crop={width}:{height}")


def first_frame(clip: Path) -> bytes:
    """A PNG of what a clip begins with, in its own size; raises `EncodingFailed`."""
    return _still(clip, ["-frames:v", "1"], "png", opened=CLIP)


def last_frame(clip: Path) -> bytes:
    """A PNG of what a clip ends with, in its own size; raises `EncodingFailed`."""
    return _still(clip, ["-update", "1"], "png", opened=[*CLIP, "-sseof", f"-{LAST}"])


def small_picture(clip: Path) -> bytes:
    """A JPEG of its first frame as it stands for the clip; raises `EncodingFailed`."""
    return _jpeg(clip, SMALL)


def sheet(clip: Path, frames: int) -> bytes:
    """A JPEG of frames of a clip, evenly through it, row by row; raises `EncodingFailed`."""
    every = math.ceil(frames / TILES**2)
    chosen = f"select='not(mod(n,{every}))'"
    return _jpeg(clip, f"{chosen},scale={TILE_WIDTH}:-2:flags=area,tile={TILES}x{TILES}")


def _jpeg(source: Path, picture_filter: str) -> bytes:
    one = ["-vf", picture_filter, "-fps_mode", "passthrough", "-frames:v", "1", *QUALITY]
    return _still(source, one, "jpg")


def _still(
    source: Path, arguments: Sequence[str], kind: str, *, opened: Sequence[str] = ()
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="photoplay-") as folder:
        target = Path(folder) / f"still.{kind}"
        read = [*opened, "-i", f"file:{source}"]
        Ffmpeg([*read, *arguments], reads=[source], writes=target).finish(LIMIT)
        return target.read_bytes()
