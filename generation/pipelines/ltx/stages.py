"""Which checkpoints make a clip in two stages: small, then twice as large with few steps more.

As their authors do: the first pass costs a fraction, and finds the movement; the second one, from
latents that a small model of its own made larger, only adds detail. Free of torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

GRID = 32
SMALLEST = 128
"""Pixels a side of the first pass: in a smaller one there is nothing to be recognised."""

STRETCH = 0.08
"""How much of a clip's shape may get lost on the grid on the way; it is put right at the end."""

FOLDER = "latent_upsampler"


@dataclass(frozen=True, slots=True)
class Upsampler:
    """A model that doubles both sides of latents: `FOLDER` of `repo`; GB in bf16, and to fetch."""

    repo: str
    gigabytes: float
    download: float


@dataclass(frozen=True, slots=True)
class Stages:
    """`first`: the first pass's share of each side, of which the second pass has double. `schedule`
    of the second one, in the profile's own unit. `adain`: how far the colours of the small latents
    are given to the large ones; `tone_map`: how much what is extreme in them is softened.
    """

    upsampler: Upsampler
    first: float
    schedule: tuple[float, ...]
    adain: float = 1.0
    tone_map: float = 0.0

    def first_size(self, width: int, height: int) -> tuple[int, int] | None:
        """Of a clip of this size; `None` where it is too small for two stages, or too unlike."""
        small = _on_grid(width * self.first), _on_grid(height * self.first)
        shape = (small[0] / small[1]) / (width / height)
        if min(small) < SMALLEST or abs(shape - 1) > STRETCH:
            return None
        return small


def _on_grid(side: float) -> int:
    return round(side / GRID) * GRID


VIDEO_SCHEDULE = (909.4, 725.0, 421.9)
SOUND_SCHEDULE = (0.909375, 0.725, 0.421875)
"""The authors' second passes, LTX-Video's and LTX-2's, for whom diffusers has them."""

LARGE_STAGES = Stages(
    Upsampler("Lightricks/ltxv-spatial-upscaler-0.9.7", 0.25, 0.51), 2 / 3, VIDEO_SCHEDULE
)
"""0.9.7, distilled or not."""

NEWER_STAGES = replace(
    LARGE_STAGES,
    upsampler=Upsampler("a-r-r-o-w/LTX-0.9.8-Latent-Upsampler", 0.25, 0.51),
    tone_map=0.6,
)
SOUND_STAGES = Stages(Upsampler("Lightricks/LTX-2", 1.0, 1.0), 1 / 2, SOUND_SCHEDULE, adain=0.0)
"""LTX-2, distilled: its full model would need a LoRA for the second pass."""
