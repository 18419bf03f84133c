"""A clip in two stages: a small pass, its latents made twice as large, a short pass over them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from generation.pipelines.ltx.conditioning import Condition, Plan
from generation.pipelines.ltx.distilled_lora import SecondPassLora, add_second_pass_lora
from generation.pipelines.ltx.inference import Denoised, Inference, Latents, OnStep
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.memory import GB, FreeMemory, needs
from generation.pipelines.ltx.options import LtxOptions, Memory
from generation.pipelines.ltx.profiles import PipelineName, Profile
from generation.pipelines.ltx.stages import FOLDER, Stages
from generation.pipelines.ltx.weights.present import StageFiles, stages_in

log = logging.getLogger("photoplay.engine")

Denoise = Callable[[Inference, OnStep], Denoised]
"""One pass; both of a clip's take their noise from one generator, one after the other."""


@dataclass(frozen=True, slots=True)
class Upsampling:
    """The model that doubles both sides of latents, warm, and the stages it belongs to."""

    model: Any
    stages: Stages
    lora: SecondPassLora | None = None

    def second(self) -> AbstractContextManager[None]:
        """While it lasts the model is the one for a second pass."""
        return self.lora.on() if self.lora else nullcontext()

    def doubled(self, pipe: Pipe, profile: Profile, latents: Latents) -> Latents:
        """As they came: normalised, or for LTX-2 as its decoder takes them."""
        from diffusers import LTX2LatentUpsamplePipeline, LTXLatentUpsamplePipeline

        sounding = profile.pipeline is PipelineName.LTX2
        kind: Any = LTX2LatentUpsamplePipeline if sounding else LTXLatentUpsamplePipeline
        upsample = kind(vae=pipe.vae, latent_upsampler=self.model)
        large: Latents = upsample(
            latents=latents,
            height=latents.shape[-2] * pipe.vae_spatial_compression_ratio,
            width=latents.shape[-1] * pipe.vae_spatial_compression_ratio,
            adain_factor=self.stages.adain,
            tone_map_compression_ratio=self.stages.tone_map,
            output_type="latent",
            return_dict=False,
        )[0]
        return large


def load_upsampling(
    pipe: Pipe, options: LtxOptions, profile: Profile, room: FreeMemory, device: torch.device
) -> Upsampling | None:
    """`None` where it is not wanted, not here, or more than the memory that all else leaves.

    `options.memory` is how the weights are to lie. A LoRA is added to the transformer, which is
    not where it works yet.
    """
    files = _wanted(options, profile, room)
    if files is None or profile.stages is None:
        return None
    lora = add_second_pass_lora(pipe, files.lora) if files.lora else None
    if files.lora and lora is None:
        return None
    return Upsampling(_loaded(files.upsampler, profile, device), profile.stages, lora)


def _wanted(options: LtxOptions, profile: Profile, room: FreeMemory) -> StageFiles | None:
    if profile.stages is None or not options.two_stages:
        return None
    files = stages_in(profile, options.model)
    if files is None:
        log.info("what two stages need is not here (`photoplay download`): clips are made in one")
        return None
    if options.memory not in (Memory.FULL, Memory.TEXT) or not _fits(options, profile, room):
        log.info("two stages need more memory than there is: clips are made in one")
        return None
    return files


def _fits(options: LtxOptions, profile: Profile, room: FreeMemory) -> bool:
    assert profile.stages
    need = needs(profile, fp8=options.fp8)[options.memory].card
    return need + profile.stages.gigabytes <= room.card / GB


def _loaded(folder: Path, profile: Profile, device: torch.device) -> Any:
    from diffusers.pipelines.ltx.modeling_latent_upsampler import LTXLatentUpsamplerModel
    from diffusers.pipelines.ltx2.latent_upsampler import LTX2LatentUpsamplerModel

    sounding = profile.pipeline is PipelineName.LTX2
    kind: Any = LTX2LatentUpsamplerModel if sounding else LTXLatentUpsamplerModel
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    model = kind.from_pretrained(
        folder.parent, subfolder=FOLDER, dtype=dtype, local_files_only=True, use_safetensors=True
    )
    return model.to(device).eval()


def first_pass(inference: Inference, size: tuple[int, int]) -> Inference:
    width, height = size
    return replace(inference, plan=sized(inference.plan, size), width=width, height=height)


def second_pass(inference: Inference, stages: Stages, first: Inference) -> Inference:
    """Twice as large as the first."""
    size = first.width * 2, first.height * 2
    large = replace(inference, plan=sized(inference.plan, size), width=size[0], height=size[1])
    return finishing(large, stages)


def finishing(inference: Inference, stages: Stages) -> Inference:
    """A few steps without guidance, which has found what it is to be."""
    return replace(
        inference,
        steps=len(stages.schedule),
        schedule=stages.schedule,
        guidance=1.0,
        negative=None,
    )


def sized(plan: Plan, size: tuple[int, int]) -> Plan:
    """With all pictures in the size of a pass, whose shape is a little another on the grid."""
    return replace(plan, conditions=tuple(_sized(it, size) for it in plan.conditions))


def _sized(condition: Condition, size: tuple[int, int]) -> Condition:
    pictures = (it.resize(size, Image.Resampling.LANCZOS) for it in condition.pictures)
    return replace(condition, pictures=tuple(pictures))


def counted(on_step: OnStep, before: int, after: int) -> OnStep:
    """A pass's steps among those of the whole clip, of which so many come before and after."""

    def tell(index: int, total: int, sigma: float, latents: Latents) -> None:
        on_step(before + index, before + total + after, sigma, latents)

    return tell
