"""From latents to what people see and hear; the pixels leave the GPU as bytes, never as floats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import interpolate as resize

from generation.media.frames import Frames, Samples
from generation.pipelines.ltx.inference import Denoised, Latents
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.output_check import finite
from generation.pipelines.ltx.profiles import PipelineName, Profile

CHUNK = 16
"""Frames turned to bytes at a time: the float copy of a clip would be 650 MB."""


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """`rate` samples a second."""

    samples: Samples
    rate: int


def pixels(
    pipe: Pipe,
    profile: Profile,
    denoised: Denoised,
    generator: torch.Generator,
    size: tuple[int, int],
) -> Frames | None:
    """All frames in `size`, rows and columns, or `None` where the numbers are not finite."""
    with torch.no_grad():
        latents = _decodable(pipe, profile, denoised.video)
        latents, timestep = _noised(pipe, profile, latents, generator)
        video = pipe.vae.decode(latents, timestep, return_dict=False)[0][0]
        if not finite(video):
            return None
        frames = np.empty((video.shape[1], *size, video.shape[0]), np.uint8)
        for first in range(0, len(frames), CHUNK):
            frames[first : first + CHUNK] = _bytes(video[:, first : first + CHUNK], size)
    return frames


def sound(pipe: Pipe, denoised: Denoised) -> DecodedSound | None:
    """What LTX-2 made to be heard; `None` where the model makes none, or no finite one."""
    if denoised.audio is None:
        return None
    with torch.no_grad():
        latents = denoised.audio.to(pipe.audio_vae.dtype)
        spectrogram = pipe.audio_vae.decode(latents, return_dict=False)[0]
        wave = pipe.vocoder(spectrogram)[0].float().clamp(-1, 1).cpu().numpy()
    if not np.isfinite(wave).all():
        return None
    return DecodedSound(wave, int(pipe.vocoder.config.output_sampling_rate))


def encoded_picture(pipe: Pipe, picture: Image.Image) -> torch.Tensor:
    """(channels, rows, columns), normalised; takes no random numbers from anybody."""
    with torch.no_grad():
        frame = pipe.video_processor.preprocess(picture, picture.height, picture.width)
        frame = frame.unsqueeze(2).to(pipe._execution_device, pipe.vae.dtype)
        latents = pipe.vae.encode(frame).latent_dist.mode()
        mean, std = pipe.vae.latents_mean, pipe.vae.latents_std
        normal: torch.Tensor = pipe._normalize_latents(latents.float(), mean, std)
    return normal[0, :, 0].cpu()


def _decodable(pipe: Pipe, profile: Profile, latents: Latents) -> Latents:
    if profile.pipeline is not PipelineName.LTX2:
        latents = _denormalised(pipe, latents)
    return latents.to(pipe.vae.dtype)


def _denormalised(pipe: Pipe, latents: Latents) -> Latents:
    vae = pipe.vae
    scale = vae.config.scaling_factor
    plain: Latents = pipe._denormalize_latents(latents, vae.latents_mean, vae.latents_std, scale)
    return plain


def _noised(
    pipe: Pipe, profile: Profile, latents: Latents, generator: torch.Generator
) -> tuple[Latents, torch.Tensor | None]:
    """A decoder which finishes the denoising itself is given a little noise and told its level."""
    if not pipe.vae.config.timestep_conditioning:
        return latents, None
    device, dtype = latents.device, latents.dtype
    noise = torch.randn(latents.shape, generator=generator, device=device, dtype=dtype)
    if profile.pipeline is PipelineName.LTX2:
        noise = _denormalised(pipe, noise)
    scale = profile.decode_timestep if profile.decode_noise is None else profile.decode_noise
    timestep = torch.tensor([profile.decode_timestep], device=device, dtype=dtype)
    amount = torch.tensor([scale], device=device, dtype=dtype)[:, None, None, None, None]
    return (1 - amount) * latents + amount * noise, timestep


def _bytes(video: torch.Tensor, size: tuple[int, int]) -> Frames:
    """From (3, frames, height, width) of -1 to 1, on the device, to bytes on the host.

    Two stages may have made them larger than they are to be.
    """
    if video.shape[2:] != size:
        video = resize(video.float(), size, mode="bilinear", antialias=True)
    levels = (video.float() * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8)
    frames: Frames = levels.permute(1, 2, 3, 0).cpu().numpy()
    return frames
