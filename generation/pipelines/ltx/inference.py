"""One run of the model: what it needs, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from generation.pipelines.ltx.conditioning import GRID, Plan
from generation.pipelines.ltx.guidance import Scales
from generation.pipelines.ltx.text_encoding import Encoded

CELL = 32
"""Pixels a side of a latent cell."""

Latents = torch.Tensor
OnStep = Callable[[int, int, float, Latents], None]
"""Told the 1-based index, the total, and after that step the noise that is left and the latents,
(1, channels, frames, rows, columns).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """`fps` and sizes in pixels as asked; `guidance` 1 is none; `negative` only with guidance.

    `scales` steer LTX-Video by the noise that is left. `schedule` is used as it stands, where there
    is one. `begun`: what an earlier run came to, in this size, to be noised up to its beginning.
    """

    plan: Plan
    width: int
    height: int
    fps: int
    steps: int
    guidance: float
    image_noise: float
    seed: int
    positive: Encoded
    negative: Encoded | None
    scales: Scales
    schedule: tuple[float, ...] = ()
    begun: Denoised | None = None
    distinct: bool = False

    @property
    def count(self) -> int:
        """Steps that it takes."""
        return len(self.schedule) or self.steps

    @property
    def shape(self) -> tuple[int, int, int]:
        """Latent frames, rows and columns."""
        frames = (self.plan.num_frames - 1) // GRID + 1
        return frames, self.height // CELL, self.width // CELL


@dataclass(frozen=True, slots=True)
class Denoised:
    """Latents before decoding: `video` (1, channels, frames, rows, columns), normalised except for
    LTX-2; `audio` as LTX-2's sound decoder takes it.
    """

    video: Latents
    audio: torch.Tensor | None = None


def unpacked(packed: torch.Tensor, shape: tuple[int, int, int]) -> Latents:
    """From (1, cells, channels) to (1, channels, frames, rows, columns); a patch is one cell."""
    return packed.transpose(1, 2).reshape(1, -1, *shape)
