"""A finished clip twice as large: its latents doubled, and a short pass that adds the detail."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image

from generation.engine.protocol import Animation
from generation.errors import GenerationFailed
from generation.media.frames import Frames
from generation.pipelines.ltx.conditioning import GRID, Condition, Plan
from generation.pipelines.ltx.decode import DecodedSound, pixels
from generation.pipelines.ltx.inference import Denoised, Inference, Latents
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.previous_clip import read_frames, read_sound
from generation.pipelines.ltx.profiles import PipelineName, Profile

KEPT, SECONDS = 8, 600.0
"""Clips whose latents stay, and how long: some megabytes each, on the host."""

HOLD = 0.6
"""How strongly the clip's first frame is held: its places are right, its detail is to come."""


class RecentLatents:
    """What the last whole clips were decoded from, by job: so nothing is lost through H.264."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Denoised]] = OrderedDict()

    def keep(self, job: str, made: Denoised) -> None:
        audio = None if made.audio is None else made.audio.cpu()
        self._kept[job] = self._clock(), Denoised(made.video.cpu(), audio)
        self._kept.move_to_end(job)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def of(self, job: str | None) -> Denoised | None:
        """Maybe of a larger size than the clip's: two stages make them so."""
        now = self._clock()
        for known in [one for one, (since, _) in self._kept.items() if now - since > SECONDS]:
            del self._kept[known]
        since_and_made = self._kept.get(job or "")
        return None if since_and_made is None else since_and_made[1]


def enlarged(animation: Animation, name: str) -> Plan:
    """Of the clip `name` beside the picture, half as large as the request says.

    Raises `GenerationFailed` where it cannot be read, or has another size.
    """
    request = animation.request
    path = animation.image.parent / name
    frames = next(read_frames(path), None)
    if frames is None or frames.shape[1:3] != (request.height // 2, request.width // 2):
        raise GenerationFailed("previous_size")
    size = (request.width, request.height)
    first = Image.fromarray(frames[0]).resize(size, Image.Resampling.LANCZOS)
    num_frames = -(-(request.num_frames - 1) // GRID) * GRID + 1
    return Plan((Condition((first,), 0, HOLD),), num_frames, request.num_frames, enlarges=path)


def small_latents(
    pipe: Pipe, profile: Profile, inference: Inference, kept: Denoised | None
) -> Latents:
    """Of the clip that is to be enlarged, in its own size: `kept`, or what it is decoded to, or the
    frames of its file. As a run leaves them: normalised except for LTX-2.
    """
    count, rows, columns = inference.shape
    device = pipe._execution_device
    if kept is not None and kept.video.shape[2:] == (count, rows // 2, columns // 2):
        return kept.video.to(device)
    frames = None
    if kept is not None:
        generator = torch.Generator(device).manual_seed(inference.seed)
        made = Denoised(kept.video.to(device))
        size = inference.height // 2, inference.width // 2
        frames = pixels(pipe, profile, made, generator, size)
    if frames is None:
        assert inference.plan.enlarges
        frames = np.concatenate(list(read_frames(inference.plan.enlarges)))
    return _encoded(pipe, profile, frames, inference.plan.num_frames)


def sound_latents(pipe: Pipe, inference: Inference, kept: Denoised | None) -> torch.Tensor | None:
    """What the pictures of LTX-2 move to, where it is kept; without it they listen to noise."""
    if kept is None or kept.audio is None or kept.video.shape[2] != inference.shape[0]:
        return None
    return kept.audio.to(pipe._execution_device)


def _encoded(pipe: Pipe, profile: Profile, frames: Frames, num_frames: int) -> Latents:
    """The last frame stands for what lacks."""
    frames = frames[:num_frames]
    lacking = num_frames - len(frames)
    frames = np.concatenate([frames, *[frames[-1:]] * lacking])
    with torch.no_grad():
        video = _floats(frames).to(pipe._execution_device, pipe.vae.dtype)
        latents: Latents = pipe.vae.encode(video).latent_dist.mode().float()
        if profile.pipeline is PipelineName.LTX2:
            return latents
        mean, std = pipe.vae.latents_mean, pipe.vae.latents_std
        normal: Latents = pipe._normalize_latents(latents, mean, std)
    return normal


def _floats(frames: Frames) -> torch.Tensor:
    return torch.from_numpy(frames).permute(3, 0, 1, 2)[None] / 127.5 - 1


def heard(pipe: Pipe, plan: Plan, fps: int) -> DecodedSound | None:
    """The clip's own sound, where the model makes some; its second pass is only looked at."""
    if plan.enlarges is None or getattr(pipe, "vocoder", None) is None:
        return None
    rate = int(pipe.vocoder.config.output_sampling_rate)
    samples = read_sound(plan.enlarges, 2, rate, round(plan.ends / fps * rate))
    return DecodedSound(samples, rate)
