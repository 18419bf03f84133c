"""LTX-Video's two kinds of runs: preparation by diffusers' own methods, steps by our loop."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from generation.pipelines.ltx.conditioning import Condition
from generation.pipelines.ltx.denoising import Grid, Steered, Steering, Words, guided, prepared
from generation.pipelines.ltx.guidance import guidance_at
from generation.pipelines.ltx.inference import Denoised, Inference, Latents, OnStep, unpacked
from generation.pipelines.ltx.load import Pipe

THOUSAND = 1000.0
"""Steps of noise, as transformer and scheduler count them."""

ALMOST = 1e-6


def image_to_video(
    pipe: Pipe, inference: Inference, generator: torch.Generator, on_step: OnStep
) -> Denoised:
    """0.9.0 and 0.9.1: the first latent frame is the picture and stays."""
    from diffusers.pipelines.ltx import pipeline_ltx_image2video as theirs

    device = pipe._execution_device
    steering = _steering(inference, device)
    latents, kept = _picture_start(pipe, inference, generator, device)
    model = Steered(pipe, steering, _sizes(pipe, inference))
    timesteps = _shifted(pipe, inference, device, theirs)
    sigmas = pipe.scheduler.sigmas.tolist()
    with prepared(pipe.transformer, kept, steering):
        for index, t in enumerate(timesteps):
            guidance = guidance_at(inference.scales, sigmas[index])
            said = model.says(latents, t.expand(1).unsqueeze(-1) * (1 - kept), guidance).float()
            noise = guided(
                said, guidance, theirs.rescale_noise_cfg, words=steering.words.guides(guidance)
            )
            noise, latents = (unpacked(part, inference.shape) for part in (noise, latents))
            later = pipe.scheduler.step(noise[:, :, 1:], t, latents[:, :, 1:], return_dict=False)
            latents = torch.cat([latents[:, :, :1], later[0]], dim=2)
            on_step(index + 1, len(timesteps), sigmas[index + 1], latents)
            latents = pipe._pack_latents(latents)
    return Denoised(unpacked(latents, inference.shape))


def _picture_start(
    pipe: Pipe, inference: Inference, generator: torch.Generator, device: torch.device
) -> tuple[Latents, torch.Tensor]:
    """Packed latents, and which cells are kept."""
    height, width = inference.height, inference.width
    picture = pipe.video_processor.preprocess(inference.plan.picture, height=height, width=width)
    started: tuple[Latents, torch.Tensor] = pipe.prepare_latents(
        image=picture.to(device=device, dtype=inference.positive.embeds.dtype),
        num_channels_latents=pipe.transformer.config.in_channels,
        height=height,
        width=width,
        num_frames=inference.plan.num_frames,
        dtype=torch.float32,
        device=device,
        generator=generator,
    )
    return started


def _sizes(pipe: Pipe, inference: Inference) -> Grid:
    frames, rows, columns = inference.shape
    side = pipe.vae_spatial_compression_ratio
    scale = (pipe.vae_temporal_compression_ratio / inference.fps, side, side)
    sizes = {"num_frames": frames, "height": rows, "width": columns}
    return Grid({**sizes, "rope_interpolation_scale": scale})


def _shifted(pipe: Pipe, inference: Inference, device: torch.device, theirs: Any) -> torch.Tensor:
    """More noise for longer the more cells there are."""
    config, steps = pipe.scheduler.config, inference.steps
    shift = theirs.calculate_shift(
        math.prod(inference.shape),
        config.get("base_image_seq_len", 256),
        config.get("max_image_seq_len", 4096),
        config.get("base_shift", 0.5),
        config.get("max_shift", 1.15),
    )
    sigmas = np.linspace(1.0, 1 / steps, steps)
    pipe.scheduler.set_timesteps(sigmas=sigmas, device=device, mu=shift)
    timesteps: torch.Tensor = pipe.scheduler.timesteps
    return timesteps


def _steering(inference: Inference, device: torch.device) -> Steering:
    words = Words(inference.positive, inference.negative, device)
    return Steering(words, inference.distinct)


def conditioned(
    pipe: Pipe, inference: Inference, generator: torch.Generator, on_step: OnStep
) -> Denoised:
    """From 0.9.5 on: pictures anywhere, held as strongly as their condition says."""
    from diffusers.pipelines.ltx import pipeline_ltx_condition as theirs

    device = pipe._execution_device
    steering = _steering(inference, device)
    timesteps = _scheduled(pipe, inference, device, theirs)
    latents, kept, places, extra = _conditioned_start(pipe, inference, generator, device)
    places = places.float()
    places[:, 0] = places[:, 0] * (1.0 / inference.fps)
    model, first = Steered(pipe, steering, Grid(places=places)), latents.clone()
    sigmas = pipe.scheduler.sigmas.tolist()
    rescaled = theirs.rescale_noise_cfg
    with prepared(pipe.transformer, kept, steering):
        for index, t in enumerate(timesteps):
            guidance = guidance_at(inference.scales, sigmas[index])
            if inference.image_noise > 0:
                latents = pipe.add_noise_to_image_conditioning_latents(
                    t / THOUSAND, first, latents, inference.image_noise, kept, generator
                )
            levels = torch.min(t.expand(1).unsqueeze(-1).float(), (1 - kept) * THOUSAND)
            said = model.says(latents, levels, guidance)
            noise = guided(said, guidance, rescaled, words=steering.words.guides(guidance))
            later = pipe.scheduler.step(
                -noise, t, latents, per_token_timesteps=levels, return_dict=False
            )[0]
            free = (t / THOUSAND - ALMOST < (1.0 - kept)).unsqueeze(-1)
            latents = torch.where(free, later, latents)
            made = unpacked(latents[:, extra:], inference.shape)
            on_step(index + 1, len(timesteps), sigmas[index + 1], made)
    return Denoised(unpacked(latents[:, extra:], inference.shape))


def _scheduled(pipe: Pipe, inference: Inference, device: torch.device, theirs: Any) -> torch.Tensor:
    given: Any = list(inference.schedule)
    if not given:
        given = theirs.linear_quadratic_schedule(inference.steps) * 1000
    pipe.scheduler.set_timesteps(timesteps=given, device=device)
    timesteps: torch.Tensor = pipe.scheduler.timesteps
    return timesteps


def _conditioned_start(
    pipe: Pipe, inference: Inference, generator: torch.Generator, device: torch.device
) -> tuple[Latents, torch.Tensor, torch.Tensor, int]:
    """Packed latents, how strongly each cell is kept, the cells' places, and how many cells of
    further pictures come first.
    """
    conditions = inference.plan.conditions
    begun = inference.begun and inference.begun.video
    started: tuple[Latents, torch.Tensor, torch.Tensor, int] = pipe.prepare_latents(
        [_tensor(pipe, inference, condition, device) for condition in conditions],
        [condition.strength for condition in conditions],
        [condition.at for condition in conditions],
        batch_size=1,
        num_channels_latents=pipe.transformer.config.in_channels,
        height=inference.height,
        width=inference.width,
        num_frames=inference.plan.num_frames,
        sigma=None if begun is None else pipe.scheduler.sigmas[:1],
        latents=begun,
        generator=generator,
        device=device,
        dtype=torch.float32,
    )
    return started


def _tensor(
    pipe: Pipe, inference: Inference, condition: Condition, device: torch.device
) -> torch.Tensor:
    """(1, 3, frames, height, width) of -1 to 1."""
    height, width = inference.height, inference.width
    pictures, processor = list(condition.pictures), pipe.video_processor
    frames: torch.Tensor
    if len(pictures) == 1:
        frames = processor.preprocess(pictures[0], height, width).unsqueeze(2)
    else:
        frames = processor.preprocess_video(pictures, height, width)
    return frames.to(device, dtype=pipe.vae.dtype)
