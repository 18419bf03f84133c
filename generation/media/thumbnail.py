"""The still picture that stands for a clip until it plays."""

from __future__ import annotations

from generation.media import opencv
from generation.media.frames import Picture

LONG_SIDE = 320
"""Pixels: the most that Telegram takes for a thumbnail, in under 200 kB (Bot API, sendVideo)."""

QUALITY = 85
"""At this one, even 320 × 320 pixels of noise stay under 200 kB."""


def thumbnail(frame: Picture) -> bytes:
    """A JPEG of at most `LONG_SIDE` pixels from a frame of shape (height, width, 3), RGB."""
    height, width = frame.shape[:2]
    scale = min(1.0, LONG_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return opencv.jpeg(opencv.resize(frame, size, opencv.Kernel.AREA), QUALITY)
