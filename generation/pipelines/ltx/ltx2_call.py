"""One run of LTX-2, pictures and sound: the call that diffusers' class wants."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

import torch

from generation.pipelines.ltx.conditioning import GRID, Condition
from generation.pipelines.ltx.inference import Denoised, Inference, OnStep, unpacked
from generation.pipelines.ltx.load import Pipe, unshifted
from generation.pipelines.ltx.profiles import Profile

AUDIO_GUIDANCE, SKIPPED_GUIDANCE, MODALITY_GUIDANCE = 7.0, 1.0, 3.0
"""What LTX-2 is made for beside the picture's own guidance, each at the price of a model call a
step; the last two are off for a distilled one (defaults and advice of diffusers 0.42).
"""

log = logging.getLogger("photoplay.engine")

Callback = Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]


def _callback(inference: Inference, on_step: OnStep) -> Callback:
    """Latents come packed, a row a cell, with cells of further pictures behind them."""
    frames, rows, columns = inference.shape
    cells = frames * rows * columns
    sigmas: list[float] = []

    def tell(pipe: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        packed: torch.Tensor = tensors["latents"]
        if not sigmas:  # once: to ask the GPU at every step is to wait for it at every step
            sigmas.extend(pipe.scheduler.sigmas.tolist())
        kept = packed[:, :cells]
        on_step(index + 1, pipe.num_timesteps, sigmas[index + 1], unpacked(kept, inference.shape))
        return {}

    return tell


def _prompts(pipe: Pipe, inference: Inference) -> dict[str, torch.Tensor | None]:
    """From the host to where the transformer works."""
    device = pipe._execution_device
    positive, negative = inference.positive, inference.negative
    return {
        "prompt_embeds": positive.embeds.to(device),
        "prompt_attention_mask": positive.mask.to(device),
        "negative_prompt_embeds": negative.embeds.to(device) if negative else None,
        "negative_prompt_attention_mask": negative.mask.to(device) if negative else None,
    }


def ltx2(
    pipe: Pipe,
    profile: Profile,
    inference: Inference,
    generator: torch.Generator,
    on_step: OnStep,
) -> Denoised:
    guided = inference.guidance > 1
    rescale = profile.guidance_rescale if guided else 0.0
    with _scheduled(pipe, inference):
        latents = pipe(
            conditions=[_condition(condition) for condition in inference.plan.conditions],
            height=inference.height,
            width=inference.width,
            num_frames=inference.plan.num_frames,
            frame_rate=float(inference.fps),
            num_inference_steps=inference.steps,
            sigmas=list(inference.schedule) or None,
            guidance_scale=inference.guidance,
            stg_scale=SKIPPED_GUIDANCE if guided else 0.0,
            modality_scale=MODALITY_GUIDANCE if guided else 1.0,
            guidance_rescale=rescale,
            audio_guidance_scale=AUDIO_GUIDANCE if guided else 1.0,
            audio_stg_scale=SKIPPED_GUIDANCE if guided else 0.0,
            audio_modality_scale=MODALITY_GUIDANCE if guided else 1.0,
            audio_guidance_rescale=rescale,
            spatio_temporal_guidance_blocks=[profile.skipped] if guided else None,
            use_cross_timestep=profile.crossed,
            **_begun(inference),
            generator=generator,
            **_prompts(pipe, inference),
            output_type="latent",
            return_dict=False,
            callback_on_step_end=_callback(inference, on_step),
        )
    return Denoised(*latents)


@contextmanager
def _scheduled(pipe: Pipe, inference: Inference) -> Iterator[None]:
    """A full model shifts its schedule by size; one that is given is used as it stands."""
    own = pipe.scheduler
    if inference.schedule and own.config.use_dynamic_shifting:
        pipe.scheduler = unshifted(own)
    try:
        yield
    finally:
        pipe.scheduler = own


def _begun(inference: Inference) -> dict[str, Any]:
    if inference.begun is None:
        return {}
    return {
        "latents": inference.begun.video,
        "audio_latents": inference.begun.audio,
        "noise_scale": inference.schedule[0],
    }


def _condition(condition: Condition) -> Any:
    """LTX-2 counts in latent frames: the first pixel frame is one, then every eight."""
    from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition

    index = -(-condition.at // GRID)
    return LTX2VideoCondition(
        frames=list(condition.pictures), index=index, strength=condition.strength, crf=_crf()
    )


@cache
def _crf() -> int | None:
    """The model's own: it learned from pictures of films. 0 is none, for which no PyAV is needed;
    the `ltx` extra brings it, a bare machine on which the model is measured may lack it.
    """
    if find_spec("av") is not None:
        return None
    log.warning("PyAV is not installed: pictures are not compressed as LTX-2 is used to")
    return 0
