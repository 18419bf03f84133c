"""Looks at a clip before anybody else does: models sometimes hold still, go dark or lose count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generation.media.frames import Frames

if TYPE_CHECKING:
    import torch

STILL = 0.8
"""Mean absolute difference between frames spread over the clip, in levels of 255. A picture that
only shimmers with decoder noise stays under 0.5; the slowest pan is over 2."""

DARK = 8.0
"""Mean level of 255 under which a clip is black: a night scene has 15 and more."""

LOOKS = 8
"""Frames compared: enough for a movement that comes late, few enough to take milliseconds."""

STRIDE = 4
"""Pixels stepped over on both axes."""


@dataclass(frozen=True, slots=True)
class Good:
    """It moves, and there is something to see."""


@dataclass(frozen=True, slots=True)
class Static:
    """Nothing moves: the model held on to the picture."""


@dataclass(frozen=True, slots=True)
class Black:
    """There is nothing to see."""


Judgement = Good | Static | Black


def judge(frames: Frames, *, still: float = STILL, dark: float = DARK) -> Judgement:
    """What people would see in (n, height, width, 3), 0-255."""
    chosen = np.linspace(0, len(frames) - 1, LOOKS).round().astype(int)
    seen = frames[np.unique(chosen), ::STRIDE, ::STRIDE].astype(np.float32)
    if float(seen.mean()) < dark:
        return Black()
    if len(seen) > 1 and float(np.abs(seen - seen[0]).mean(axis=(1, 2, 3)).max()) < still:
        return Static()
    return Good()


def finite(tensor: torch.Tensor) -> bool:
    """Whether every number is one; asked on the device, one bit comes back."""
    return bool(tensor.isfinite().all())
