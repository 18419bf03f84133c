"""Forth and back with the frames that a model made once: a turn shows its frame only once."""

from __future__ import annotations

import numpy as np

from generation.media.frames import Frames, Samples


def way_back(frames: Frames) -> Frames:
    """What comes after them, up to where they begin anew.

    The second frame is left out as well as the first: without that the number would be even.
    """
    return frames[-2:1:-1]


def sound_of(samples: Samples, rate: int, made: int, fps: int) -> Samples:
    """The sound of the frames that were made, and of those that come back."""
    heard = samples[:, : round(made / fps * rate)]
    return np.concatenate([heard, heard[:, ::-1]], axis=1)
