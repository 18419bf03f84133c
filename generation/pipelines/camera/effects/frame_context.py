"""What an effect may know of the frame that it paints on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generation.media.frames import Field, Picture


@dataclass(frozen=True, slots=True)
class FrameContext:
    """One frame of a clip.

    `time` is in seconds, `progress` from 0 to 1. `near` is the nearness of what is seen, coarser
    than the frame; `plain` is the frame before any effect. `drift` is how far the content has moved
    since the first frame, in pixels to the right and down. `seen` shows a map which covers the
    whole picture as the camera sees it now.
    """

    time: float
    progress: float
    near: Field
    plain: Picture
    drift: tuple[float, float]
    seen: Callable[[Field], Field]
