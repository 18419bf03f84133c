"""The grid that clips live on: 8k+1 frames, sides in steps of 32, and boxes cut from pictures.

Pure arithmetic: nothing here knows an image library. All lengths are pixels.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from generation.errors import UnsupportedOption

MIN_FRAMES: Final = 9
MAX_FRAMES: Final = 257
FRAME_STEP: Final = 8
OVERLAP: Final = FRAME_STEP + 1
"""Frames of an earlier clip that a model sees, so that its movement goes on: two latent ones."""
MIN_SIDE: Final = 64
MAX_SIDE: Final = 1280
SIDE_STEP: Final = 32
HOUR: Final = 3600.0
MIN_FPS: Final = 1
MAX_FPS: Final = 60

_ASPECT_WEIGHT: Final = 8.0
"""One per cent of a picture cropped away must buy eight per cent more pixels."""

_SIZE = re.compile(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a clip in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def aspect(self) -> float:
        """Width by height: above 1 is landscape."""
        return self.width / self.height


def frames_for(seconds: float, fps: int) -> int:
    """The number of frames (8k+1) nearest to `seconds` at `fps` frames a second.

    Raises `UnsupportedOption` (`seconds` or `fps`) where that is not within 9 to 257 frames.
    """
    check_fps(fps)
    asked = seconds * fps
    if math.isfinite(asked):
        frames = FRAME_STEP * math.floor((asked - 1) / FRAME_STEP + 0.5) + 1
        if MIN_FRAMES <= frames <= MAX_FRAMES:
            return frames
    shortest = math.ceil(MIN_FRAMES / fps * 10) / 10
    longest = math.floor(MAX_FRAMES / fps * 10) / 10
    raise UnsupportedOption("seconds_range", "seconds", fps=fps, low=shortest, high=longest)


def check_frames(frames: int) -> int:
    """`frames` itself where it is 8k+1 from 9 to 257; raises `UnsupportedOption("num_frames")`."""
    if MIN_FRAMES <= frames <= MAX_FRAMES and frames % FRAME_STEP == 1:
        return frames
    near = FRAME_STEP * math.floor((frames - 1) / FRAME_STEP + 0.5) + 1
    near = min(max(near, MIN_FRAMES), MAX_FRAMES)
    grid = {"low": MIN_FRAMES, "high": MAX_FRAMES, "nearest": near}
    raise UnsupportedOption("frames_grid", "num_frames", **grid)


def forth_of(frames: int) -> int:
    """Frames that go forth in a boomerang of so many, an odd number of at least five."""
    return (frames + 3) // 2


def check_fps(fps: int) -> int:
    """`fps` itself where it is from 1 to 60; raises `UnsupportedOption("fps")`."""
    if MIN_FPS <= fps <= MAX_FPS:
        return fps
    raise UnsupportedOption("out_of_range", "fps", low=MIN_FPS, high=MAX_FPS)


def in_reach(seconds: float, fps: int) -> float:
    """`seconds`, or what the shortest or the longest clip at `fps` frames a second lasts.

    None at all and more than an hour were meant otherwise and stay as they are, to be refused.
    """
    if not 0 < seconds <= HOUR:
        return seconds
    return min(max(seconds, MIN_FRAMES / fps), MAX_FRAMES / fps)


def on_grid(asked: Size) -> Size:
    """The size on the grid that shows what was asked for; one that is on it stays as it is.

    It is scaled until both sides are within 64 to 1280; the longer goes to the grid, the shorter
    to the multiple of 32 not above its share: 1280x720 and 1920x1080 become 1280x704.
    Raises `UnsupportedOption("size")` where no scale does.
    """
    longer, shorter = max(asked.width, asked.height), min(asked.width, asked.height)
    if not 0 < longer <= shorter * (MAX_SIDE // MIN_SIDE):
        near = Size(_nearest_side(asked.width), _nearest_side(asked.height))
        grid = {"step": SIDE_STEP, "low": MIN_SIDE, "high": MAX_SIDE}
        raise UnsupportedOption("size_grid", "size", **grid, nearest=str(near))
    scale = max(min(1.0, MAX_SIDE / longer), MIN_SIDE / shorter)
    long_side = _nearest_side(longer * scale)
    short_side = max(MIN_SIDE, long_side * shorter // longer // SIDE_STEP * SIDE_STEP)
    wide = asked.width >= asked.height
    return Size(long_side, short_side) if wide else Size(short_side, long_side)


def parse_size(text: str) -> Size | Literal["auto"]:
    """`704x480`, or `auto` for a size that follows the picture (see `fit`).

    It may be off the grid (see `on_grid`). Raises `UnsupportedOption("size")` for other words.
    """
    if text.strip().lower() == "auto":
        return "auto"
    if match := _SIZE.fullmatch(text):
        return Size(int(match[1]), int(match[2]))
    raise UnsupportedOption("size_format", "size")


def fit(width: int, height: int, budget_pixels: int) -> Size:
    """The size on the grid, of at most `budget_pixels`, that shows a picture best.

    Nearness of the aspect comes first: area gained outweighs aspect lost only by eight to one,
    so that 16:9 becomes 736x416 (0.5 % off) rather than 512x288 (exact, and half the pixels).
    Because the score falls with the distance of the aspects' logarithms, fitting the answer
    again changes nothing. Pictures of up to 4:1 keep their aspect within one grid step.

    Raises `ValueError` for an empty picture or a budget below the smallest size.
    """
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width} by {height} pixels has no aspect")
    if budget_pixels < MIN_SIDE * MIN_SIDE:
        raise ValueError(f"no size on the grid has at most {budget_pixels} pixels")
    target = math.log(width / height)
    sides = range(MIN_SIDE, MAX_SIDE + 1, SIDE_STEP)
    sizes = (Size(w, h) for w in sides for h in sides if w * h <= budget_pixels)
    return max(sizes, key=lambda size: _score(size, target))


def halved(size: Size) -> Size:
    """About half as long on both sides, of the same shape: a side has 64 pixels at least."""
    longer, shorter = max(size.width, size.height), min(size.width, size.height)
    smallest = MIN_SIDE * math.ceil(MIN_SIDE * longer / shorter / SIDE_STEP) * SIDE_STEP
    return fit(size.width, size.height, max(size.pixels // 4, min(smallest, size.pixels)))


def _score(size: Size, log_aspect: float) -> float:
    return math.log(size.pixels) - _ASPECT_WEIGHT * abs(math.log(size.aspect) - log_aspect)


def _nearest_side(side: float) -> int:
    near = SIDE_STEP * math.floor(side / SIDE_STEP + 0.5)
    return min(max(near, MIN_SIDE), MAX_SIDE)
