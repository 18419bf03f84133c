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
class DistilledLora:
    """What makes a full model a distilled one: `file` in `repo`, of so many GB in bf16."""

    repo: str
    file: str
    gigabytes: float


@dataclass(frozen=True, slots=True)
class Stages:
    """`first`: the first pass's share of each side, of which the second pass has double. `schedule`
    of the second one, in the profile's own unit. `adain`: how far the colours of the small latents
    are given to the large ones; `tone_map`: how much what is extreme in them is softened. `lora`:
    what a full model wears for the second pass alone.
    """

    upsampler: Upsampler
    first: float
    schedule: tuple[float, ...]
    adain: float = 1.0
    tone_map: float = 0.0
    lora: DistilledLora | None = None

    @property
    def gigabytes(self) -> float:
        """On the card, beside the model."""
        return self.upsampler.gigabytes + (self.lora.gigabytes if self.lora else 0.0)

    @property
    def download(self) -> float:
        return self.upsampler.download + (self.lora.gigabytes if self.lora else 0.0)

    @property
    def keeps_sound(self) -> bool:
        """Whether a clip sounds as its first pass, which was guided; else as its second one."""
        return self.lora is not None

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
"""LTX-2, distilled."""

FULL_SOUND_STAGES = replace(
    SOUND_STAGES,
    lora=DistilledLora("Lightricks/LTX-2", "ltx-2-19b-distilled-lora-384.safetensors", 7.67),
)
CROSSED_STAGES = replace(
    SOUND_STAGES,
    upsampler=Upsampler("rootonchair/LTX-2.3-spatial-upscaler-x2-v1.1-Diffusers", 1.0, 1.0),
    lora=DistilledLora(
        "Lightricks/LTX-2.3", "ltx-2.3-22b-distilled-lora-384-1.1.safetensors", 7.61
    ),
)
"""2.3, whose upsampler its authors publish as a single file alone: converted by somebody else."""

NEWEST_SOUND_STAGES = replace(
    SOUND_STAGES, upsampler=Upsampler("Lightricks/LTX-2.5-Diffusers", 1.0, 1.0)
)
"""2.5, distilled as it is published, with its upsampler beside it."""
