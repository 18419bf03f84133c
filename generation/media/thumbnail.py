"""The still picture that stands for a clip until it plays."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 320
"""Pixels: the most that Telegram takes for a thumbnail, in under 200 kB (Bot API, sendVideo)."""

QUALITY = 85
"""At this one, even 320 × 320 pixels of noise stay under 200 kB."""


def thumbnail(frame: NDArray[np.uint8]) -> bytes:
    """A JPEG of at most `LONG_SIDE` pixels from a frame of shape (height, width, 3), RGB."""
    height, width = frame.shape[:2]
    scale = min(1.0, LONG_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    written, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not written:
        raise ValueError("the frame cannot be written as a JPEG")
    return jpeg.tobytes()
