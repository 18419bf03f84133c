"""One warm model and everything it needs to film: from a request to frames that were looked at."""

from __future__ import annotations

import logging
from dataclasses import replace

import torch
from PIL import Image

from generation.directions.sentences import effective_prompt
from generation.engine.pipeline import Stage
from generation.engine.protocol import Animation
from generation.events import PhaseName
from generation.images.geometry import OVERLAP
from generation.jobs import AnimationRequest
from generation.pipelines.ltx import output_check
from generation.pipelines.ltx.acceleration import quicken, warm_up
from generation.pipelines.ltx.conditioning import Condition, Plan, planned
from generation.pipelines.ltx.decode import encoded_picture, pixels, sound
from generation.pipelines.ltx.inference import CELL, Exposed, Inference, Latents, OnStep, expose
from generation.pipelines.ltx.load import Pipe, load
from generation.pipelines.ltx.loras import Loras
from generation.pipelines.ltx.memory import choose, free_bytes, place, sentence
from generation.pipelines.ltx.memory_fallbacks import climb, rungs_for, too_large
from generation.pipelines.ltx.options import LtxOptions, Memory
from generation.pipelines.ltx.preview import LatentPreview
from generation.pipelines.ltx.profiles import NEGATIVE, Profile
from generation.pipelines.ltx.quality_retry import (
    DecodedClip,
    Judge,
    Made,
    Spoiled,
    best_of_two,
    hand_on,
)
from generation.pipelines.ltx.text_encoding import PromptEncoder

FEWEST = 2
"""Steps: with one, a scheduler that shifts by size divides by zero (diffusers 0.42)."""

MORE_NOISE = 0.1
"""Added to the picture's noise for a second take: a still picture is what holds a clip still."""

log = logging.getLogger("photoplay.engine")


class Session:
    """Films one request at a time; after each, whatever came of it, it is as it was before."""

    def __init__(
        self, pipe: Pipe, profile: Profile, how: Memory, device: torch.device, loras: Loras
    ) -> None:
        self.pipe = pipe
        self.profile = profile
        self._how = how
        self._device = device
        self._loras = loras
        self._prompts = PromptEncoder(pipe, profile, keep=NEGATIVE)

    @classmethod
    def opened(cls, options: LtxOptions, profile: Profile) -> Session:
        """Load, place and quicken the model. Raises `Misconfigured` where weights are missing."""
        device = torch.device(options.device)
        pipe = load(profile, options.model, device)
        free = free_bytes(device)
        how = choose(options.memory, free, profile, fp8=options.fp8)
        log.info("%s", sentence(how, free, profile))
        place(pipe, how, device)
        quicken(pipe, options, profile, device, how)
        studio = cls(pipe, profile, how, device, Loras(pipe, options.loras))
        warm_up(studio.rehearse, options, device)
        return studio

    def rehearse(self, batch: int) -> None:
        """A small take for nobody, with guidance (a batch of 2) or without: what is compiled for
        it serves all sizes. A distilled model is never guided, so there is nothing to rehearse.
        """
        if batch > 1 and self.profile.schedule:
            return
        guidance = 1.0 if batch == 1 else max(2.0, self.profile.guidance)
        grey = Image.new("RGB", (2 * CELL, 2 * CELL), "grey")
        plan = Plan((Condition((grey,), 0),), num_frames=OVERLAP, ends=OVERLAP)
        take = Inference(
            plan=plan,
            width=grey.width,
            height=grey.height,
            fps=self.profile.fps,
            steps=FEWEST,
            guidance=guidance,
            image_noise=self.profile.image_noise,
            seed=0,
            positive=self._prompts.encoded(NEGATIVE),
            negative=self._prompts.encoded(NEGATIVE) if guidance > 1 else None,
        )
        generator = torch.Generator(self._device).manual_seed(take.seed)
        exposed = self._exposed(take, generator, lambda index, total, latents: None)
        pixels(self.pipe, self.profile, exposed, generator)

    def film(self, animation: Animation, stage: Stage, judge: Judge = output_check.judge) -> None:
        """Raises what a stage or a `Pipeline` may."""
        stage.phase(PhaseName.PREPARE)
        request = animation.request
        plan = planned(animation)
        text = self._told(request, stage)
        try:
            film = climb(
                lambda: self._filmed(request, text, plan, stage, judge),
                rungs_for(self.pipe, self._how, self._device),
                on_rung=lambda name: log.warning("out of GPU memory: %s", name),
                at_the_top=too_large(request.width, request.height),
            )
        finally:
            self.pipe.maybe_free_model_hooks()
        hand_on(film, plan, request.fps, stage)

    def _told(self, request: AnimationRequest, stage: Stage) -> str:
        """The words for the model, and to the person what will not be read of them."""
        text = effective_prompt(request.prompt, request.motion, request.effect)
        stage.effective_prompt(text)
        if said := self._prompts.too_long(text):
            stage.note(said)
        return text

    def _filmed(
        self, request: AnimationRequest, text: str, plan: Plan, stage: Stage, judge: Judge
    ) -> DecodedClip:
        self._loras.use(request.motion)
        take = self._take(request, text, plan)
        latent = encoded_picture(self.pipe, plan.picture)

        def make(number: int) -> Made:
            noise = take.image_noise + MORE_NOISE * number
            again = replace(take, seed=take.seed + number, image_noise=noise)
            return self._made(again, stage, self._on_step(again, latent, stage))

        return best_of_two(make, judge, stage.note)

    def _take(self, request: AnimationRequest, text: str, plan: Plan) -> Inference:
        profile = self.profile
        guidance = profile.guidance if request.guidance_scale is None else request.guidance_scale
        negative = request.negative_prompt or NEGATIVE
        return Inference(
            plan=plan,
            width=request.width,
            height=request.height,
            fps=request.fps,
            steps=max(FEWEST, request.num_inference_steps or profile.steps),
            guidance=guidance,
            image_noise=profile.image_noise,
            seed=request.seed,
            positive=self._prompts.encoded(text),
            negative=self._prompts.encoded(negative) if guidance > 1 else None,
        )

    def _made(self, take: Inference, stage: Stage, on_step: OnStep) -> Made:
        generator = torch.Generator(self._device).manual_seed(take.seed)
        stage.phase(PhaseName.STEP)
        exposed = self._exposed(take, generator, on_step)
        stage.phase(PhaseName.DECODE)
        frames = pixels(self.pipe, self.profile, exposed, generator)
        if frames is None:
            return Spoiled()
        return DecodedClip(frames, sound(self.pipe, exposed))

    def _exposed(self, take: Inference, generator: torch.Generator, on_step: OnStep) -> Exposed:
        try:
            return expose(self.pipe, self.profile, take, generator, on_step)
        finally:
            # A cache which lives through an ended take is for other latents: it spoils the next.
            self.pipe.transformer._reset_stateful_cache()

    def _on_step(self, take: Inference, latent: torch.Tensor, stage: Stage) -> OnStep:
        preview = LatentPreview(latent.numpy(), take.plan.picture)
        middle = take.shape[0] // 2

        def tell(index: int, total: int, latents: Latents) -> None:
            stage.step(index, total)
            sigma = float(self.pipe.scheduler.sigmas[index])
            if jpeg := preview.jpeg(latents[0, :, middle], sigma):
                stage.preview(jpeg)

        return tell
