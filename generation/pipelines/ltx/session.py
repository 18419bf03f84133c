"""One warm model and everything it needs: from a request to frames that were looked at."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

import torch

from generation.directions.sentences import effective_prompt, lively
from generation.engine.pipeline import DeviceLost, Stage
from generation.engine.protocol import Animation
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.pipelines.ltx import output_check
from generation.pipelines.ltx.compilation import back_to_eager, failed_to_compile
from generation.pipelines.ltx.conditioning import Plan, planned
from generation.pipelines.ltx.decode import encoded_picture, pixels, sound
from generation.pipelines.ltx.device_errors import is_dead
from generation.pipelines.ltx.inference import Denoised, Inference, Latents, OnStep, denoise
from generation.pipelines.ltx.liveliness import guidance_of, noise_of
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.loras import Loras
from generation.pipelines.ltx.memory_fallbacks import fallbacks_for, too_large, with_fallbacks
from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.preview import LatentPreview
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.quality_retry import (
    DecodedClip,
    Judge,
    Made,
    NotFinite,
    best_of_two,
    hand_on,
)
from generation.pipelines.ltx.text_encoding import PromptEncoder

FEWEST = 2
"""Steps: with one, a scheduler that shifts by size divides by zero (diffusers 0.42)."""

MORE_NOISE = 0.1
"""Added to the picture's noise for a second try: a still picture is what holds a clip still."""

log = logging.getLogger("photoplay.engine")


class Session:
    """Renders one request at a time; after each, whatever came of it, it is as it was before."""

    def __init__(
        self,
        pipe: Pipe,
        profile: Profile,
        how: Memory,
        device: torch.device,
        loras: Loras,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pipe = pipe
        self.profile = profile
        self.device = device
        self._how = how
        self._loras = loras
        self._clock = clock
        self._prompts = PromptEncoder(pipe, profile, keep=profile.negative)
        self._restored = True

    def render(self, animation: Animation, stage: Stage, judge: Judge = output_check.judge) -> None:
        """Raises what a stage or a `Pipeline` may."""
        if not self._restored:
            raise DeviceLost("The model could not be put back where it was after the last clip.")
        stage.phase(PhaseName.PREPARE)
        request = animation.request
        plan = planned(animation)
        text = self._told(animation, stage)
        try:
            clip = self._with_fallbacks(request, text, plan, stage, judge)
        except RuntimeError as error:
            if is_dead(error):
                first = str(error).partition("\n")[0]
                raise DeviceLost(f"The GPU answers no more: {first}") from error
            raise
        hand_on(clip, plan, request.fps, stage)

    def _with_fallbacks(
        self, request: AnimationRequest, text: str, plan: Plan, stage: Stage, judge: Judge
    ) -> DecodedClip:
        try:
            return with_fallbacks(
                lambda: self._compiled_or_not(request, text, plan, stage, judge),
                fallbacks_for(self.pipe, self._how, self.device),
                on_fallback=lambda name: log.warning("out of GPU memory: %s", name),
                on_not_undone=self._not_restored,
                otherwise=too_large(request.width, request.height),
            )
        finally:
            self.pipe.maybe_free_model_hooks()

    def _not_restored(self) -> None:
        self._restored = False

    def _compiled_or_not(
        self, request: AnimationRequest, text: str, plan: Plan, stage: Stage, judge: Judge
    ) -> DecodedClip:
        try:
            return self._rendered(request, text, plan, stage, judge)
        except Exception as error:  # of the compiler's kinds alone
            if not failed_to_compile(error):
                raise
            back_to_eager(self.pipe.transformer, error)
        return self._rendered(request, text, plan, stage, judge)

    def _told(self, animation: Animation, stage: Stage) -> str:
        """The words for the model, and to the person what will not be read of them."""
        request, text = animation.request, animation.prompt
        if text is None:
            text = effective_prompt(request.prompt, request.motion, request.effect)
        text = lively(text, request.motion_strength)
        stage.effective_prompt(text)
        if said := self._prompts.too_long(text):
            stage.note(said)
        return text

    def _rendered(
        self, request: AnimationRequest, text: str, plan: Plan, stage: Stage, judge: Judge
    ) -> DecodedClip:
        self._loras.use(request.motion)
        inference = self.inference(request, text, plan)
        latent = encoded_picture(self.pipe, plan.picture)

        def make(number: int) -> Made:
            noise = inference.image_noise + MORE_NOISE * number
            again = replace(inference, seed=inference.seed + number, image_noise=noise)
            return self._made(again, stage, self._on_step(again, latent, stage))

        return best_of_two(make, judge, stage.note)

    def inference(self, request: AnimationRequest, text: str, plan: Plan) -> Inference:
        profile = self.profile
        guidance = guidance_of(request, profile)
        negative = request.negative_prompt or profile.negative
        return Inference(
            plan=plan,
            width=request.width,
            height=request.height,
            fps=request.fps,
            steps=max(FEWEST, request.num_inference_steps or profile.steps),
            guidance=guidance,
            image_noise=noise_of(request, profile),
            seed=request.seed,
            positive=self._prompts.encoded(text),
            negative=self._prompts.encoded(negative) if guidance > 1 else None,
        )

    def _made(self, inference: Inference, stage: Stage, on_step: OnStep) -> Made:
        generator = torch.Generator(self.device).manual_seed(inference.seed)
        stage.phase(PhaseName.STEP)
        denoised = self.denoised(inference, generator, on_step)
        stage.phase(PhaseName.DECODE)
        frames = pixels(self.pipe, self.profile, denoised, generator)
        if frames is None:
            return NotFinite()
        return DecodedClip(frames, sound(self.pipe, denoised))

    def denoised(
        self, inference: Inference, generator: torch.Generator, on_step: OnStep
    ) -> Denoised:
        try:
            return denoise(self.pipe, self.profile, inference, generator, on_step)
        finally:
            # A cache which lives through an ended run is for other latents: it spoils the next.
            self.pipe.transformer._reset_stateful_cache()

    def _on_step(self, inference: Inference, latent: torch.Tensor, stage: Stage) -> OnStep:
        preview = LatentPreview(latent.numpy(), inference.plan.picture, self._clock)
        middle = inference.shape[0] // 2

        def tell(index: int, total: int, sigma: float, latents: Latents) -> None:
            stage.step(index, total)
            if jpeg := preview.jpeg(latents[0, :, middle], sigma):
                stage.preview(jpeg)

        return tell
