"""One run of the model: the call that each of diffusers' three classes wants."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import torch

from generation.pipelines.ltx.conditioning import GRID, Condition, Plan
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.profiles import PipelineName, Profile
from generation.pipelines.ltx.text_encoding import Encoded

CELL = 32
"""Pixels a side of a latent cell."""

AUDIO_GUIDANCE, SKIPPED_GUIDANCE, MODALITY_GUIDANCE = 7.0, 1.0, 3.0
"""What LTX-2 is made for beside the picture's own guidance, each at the price of a model call a
step; the last two are off for a distilled one (defaults and advice of diffusers 0.42).
"""

log = logging.getLogger("photoplay.engine")

Latents = torch.Tensor
OnStep = Callable[[int, int, float, Latents], None]
"""Told the 1-based index, the total, and after that step the noise that is left and the latents,
(1, channels, frames, rows, columns).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """`fps` and sizes in pixels as asked; `guidance` 1 is none; `negative` only with guidance."""

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


Callback = Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]


def denoise(
    pipe: Pipe, profile: Profile, inference: Inference, generator: torch.Generator, on_step: OnStep
) -> Denoised:
    """Leaves the generator where decoding goes on with it. What `on_step` raises ends it."""
    callback = _callback(profile, inference, on_step)
    match profile.pipeline:
        case PipelineName.IMAGE_TO_VIDEO:
            return _image_to_video(pipe, profile, inference, generator, callback)
        case PipelineName.CONDITION:
            return _conditioned(pipe, profile, inference, generator, callback)
        case PipelineName.LTX2:
            return _ltx2(pipe, profile, inference, generator, callback)


def _callback(profile: Profile, inference: Inference, on_step: OnStep) -> Callback:
    """Latents come packed, a row a cell, with cells of further pictures before or behind them."""
    frames, rows, columns = inference.shape
    cells = frames * rows * columns
    sigmas: list[float] = []
    behind = profile.pipeline is PipelineName.LTX2

    def tell(pipe: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        packed: torch.Tensor = tensors["latents"]
        if not sigmas:  # once: to ask the GPU at every step is to wait for it at every step
            sigmas.extend(pipe.scheduler.sigmas.tolist())
        kept = packed[:, :cells] if behind else packed[:, -cells:]
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


def unpacked(packed: torch.Tensor, shape: tuple[int, int, int]) -> Latents:
    """From (1, cells, channels) to (1, channels, frames, rows, columns); a patch is one cell."""
    return packed.transpose(1, 2).reshape(1, -1, *shape)


def _image_to_video(
    pipe: Pipe,
    profile: Profile,
    inference: Inference,
    generator: torch.Generator,
    callback: Callback,
) -> Denoised:
    packed: torch.Tensor = pipe(
        image=inference.plan.picture,
        height=inference.height,
        width=inference.width,
        num_frames=inference.plan.num_frames,
        frame_rate=inference.fps,
        num_inference_steps=inference.steps,
        guidance_scale=inference.guidance,
        guidance_rescale=profile.guidance_rescale,
        generator=generator,
        **_prompts(pipe, inference),
        output_type="latent",
        return_dict=False,
        callback_on_step_end=callback,
    )[0]
    return Denoised(unpacked(packed, inference.shape))


def _conditioned(
    pipe: Pipe,
    profile: Profile,
    inference: Inference,
    generator: torch.Generator,
    callback: Callback,
) -> Denoised:
    video: torch.Tensor = pipe(
        conditions=[_condition(condition) for condition in inference.plan.conditions],
        height=inference.height,
        width=inference.width,
        num_frames=inference.plan.num_frames,
        frame_rate=inference.fps,
        num_inference_steps=inference.steps,
        timesteps=list(profile.schedule) or None,
        guidance_scale=inference.guidance,
        guidance_rescale=profile.guidance_rescale,
        image_cond_noise_scale=inference.image_noise,
        generator=generator,
        **_prompts(pipe, inference),
        output_type="latent",
        return_dict=False,
        callback_on_step_end=callback,
    )[0]
    return Denoised(video)


def _condition(condition: Condition) -> Any:
    from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

    video = list(condition.pictures)
    if len(video) == 1:
        return LTXVideoCondition(
            image=video[0], frame_index=condition.at, strength=condition.strength
        )
    return LTXVideoCondition(video=video, frame_index=condition.at, strength=condition.strength)


def _ltx2(
    pipe: Pipe,
    profile: Profile,
    inference: Inference,
    generator: torch.Generator,
    callback: Callback,
) -> Denoised:
    guided = inference.guidance > 1
    latents = pipe(
        conditions=[_condition2(condition) for condition in inference.plan.conditions],
        height=inference.height,
        width=inference.width,
        num_frames=inference.plan.num_frames,
        frame_rate=float(inference.fps),
        num_inference_steps=inference.steps,
        sigmas=list(profile.schedule) or None,
        guidance_scale=inference.guidance,
        stg_scale=SKIPPED_GUIDANCE if guided else 0.0,
        modality_scale=MODALITY_GUIDANCE if guided else 1.0,
        guidance_rescale=profile.guidance_rescale,
        audio_guidance_scale=AUDIO_GUIDANCE if guided else 1.0,
        audio_stg_scale=SKIPPED_GUIDANCE if guided else 0.0,
        audio_modality_scale=MODALITY_GUIDANCE if guided else 1.0,
        audio_guidance_rescale=profile.guidance_rescale,
        spatio_temporal_guidance_blocks=[profile.skipped] if guided else None,
        use_cross_timestep=profile.crossed,
        generator=generator,
        **_prompts(pipe, inference),
        output_type="latent",
        return_dict=False,
        callback_on_step_end=callback,
    )
    return Denoised(*latents)


def _condition2(condition: Condition) -> Any:
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
