"""Which way a checkpoint is run: LTX-Video by our own loop, LTX-2 by diffusers' call."""

from __future__ import annotations

import torch

from generation.pipelines.ltx.inference import Denoised, Inference, OnStep
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.loops import conditioned, image_to_video
from generation.pipelines.ltx.ltx2_call import ltx2
from generation.pipelines.ltx.profiles import PipelineName, Profile


def denoise(
    pipe: Pipe, profile: Profile, inference: Inference, generator: torch.Generator, on_step: OnStep
) -> Denoised:
    """Leaves the generator where decoding goes on with it. What `on_step` raises ends it."""
    with torch.no_grad():
        match profile.pipeline:
            case PipelineName.IMAGE_TO_VIDEO:
                return image_to_video(pipe, inference, generator, on_step)
            case PipelineName.CONDITION:
                return conditioned(pipe, inference, generator, on_step)
            case PipelineName.LTX2:
                return ltx2(pipe, profile, inference, generator, on_step)
