"""One warm model and everything it needs: from a request to frames that were looked at."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import torch

from generation.choices import chosen_first
from generation.directions.parse import directions_for
from generation.directions.sentences import effective_prompt, lively
from generation.engine.pipeline import DeviceLost, Stage
from generation.engine.protocol import Animation
from generation.errors import GenerationFailed
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.media.recipe import Scalar
from generation.pipelines.ltx import output_check
from generation.pipelines.ltx.compilation import back_to_eager, failed_to_compile
from generation.pipelines.ltx.conditioning import Guide, Plan, planned
from generation.pipelines.ltx.decode import encoded_picture, pixels, sound
from generation.pipelines.ltx.device_errors import is_dead
from generation.pipelines.ltx.enlarging import (
    RecentLatents,
    enlarged,
    heard,
    small_latents,
    sound_latents,
)
from generation.pipelines.ltx.inference import Denoised, Inference, Latents, OnStep
from generation.pipelines.ltx.learned_look import COARSEST, as_learned
from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.loras import Loras
from generation.pipelines.ltx.memory_fallbacks import (
    Fallback,
    fallbacks_for,
    too_large,
    with_fallbacks,
)
from generation.pipelines.ltx.options import LtxOptions
from generation.pipelines.ltx.preview import LatentPreview
from generation.pipelines.ltx.profiles import PipelineName, Profile
from generation.pipelines.ltx.quality_retry import (
    DecodedClip,
    Judge,
    Made,
    NotFinite,
    best_of_two,
    hand_on,
)
from generation.pipelines.ltx.requested import facts_of, inference_of
from generation.pipelines.ltx.runs import denoise
from generation.pipelines.ltx.text_encoding import PromptEncoder
from generation.pipelines.ltx.two_stages import (
    Denoise,
    Upsampling,
    counted,
    finishing,
    first_pass,
    second_pass,
)

MORE_NOISE, COARSER = 0.1, 8
"""Added for a second try to the picture's noise, which 0.9.0 and 0.9.1 have none of, and to its
CRF: a sharp, still picture is what holds a clip still.
"""

log = logging.getLogger("photoplay.engine")


class Session:
    """Renders one request at a time; after each, whatever came of it, it is as it was before."""

    def __init__(
        self,
        pipe: Pipe,
        profile: Profile,
        options: LtxOptions,
        device: torch.device,
        loras: Loras,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`options.memory` is how the weights lie by now: never `AUTO`."""
        self.pipe = pipe
        self.profile = profile
        self.device = device
        self._options = options
        self._loras = loras
        self._clock = clock
        self._prompts = PromptEncoder(pipe, profile, keep=profile.negative)
        self.upsampling: Upsampling | None = None
        self.in_stages = True
        self.guide: Guide | None = None
        self._recent = RecentLatents(clock)
        self._restored = True

    def render(self, animation: Animation, stage: Stage, judge: Judge = output_check.judge) -> None:
        """Raises what a stage or a `Pipeline` may."""
        if not self._restored:
            raise DeviceLost("The model could not be put back where it was after the last clip.")
        stage.phase(PhaseName.PREPARE)
        request = animation.request
        plan = self._planned(animation)
        text = self._told(animation, stage)
        try:
            clip = self._with_fallbacks(request, text, plan, stage, judge)
        except RuntimeError as error:
            if is_dead(error):
                first = str(error).partition("\n")[0]
                raise DeviceLost(f"The GPU answers no more: {first}") from error
            raise
        if self.upsampling is not None and plan.whole:
            self._recent.keep(animation.job, clip.latents)
        hand_on(clip, plan, request.fps, stage)

    def _planned(self, animation: Animation) -> Plan:
        request = animation.request
        if request.upscales is None:
            takes_ends = "end_image" in self.profile.options
            return planned(animation, self.guide if takes_ends else None)
        if self.upsampling is None:  # it was here when this was asked for
            raise GenerationFailed("cannot_double")
        return enlarged(animation, request.upscales)

    def _with_fallbacks(
        self, request: AnimationRequest, text: str, plan: Plan, stage: Stage, judge: Judge
    ) -> DecodedClip:
        try:
            return with_fallbacks(
                lambda: self._compiled_or_not(request, text, plan, stage, judge),
                self._fallbacks(plan),
                on_fallback=lambda name: log.warning("out of GPU memory: %s", name),
                on_not_undone=self._not_restored,
                otherwise=too_large(request.width, request.height),
            )
        finally:
            self.pipe.maybe_free_model_hooks()

    def _fallbacks(self, plan: Plan) -> list[Fallback]:
        found = fallbacks_for(self.pipe, self._options.memory, self.device)
        if self.upsampling is None or plan.enlarges is not None:
            return found
        small = Fallback(
            "the clip is made in one stage", lambda: self._stage(False), lambda: self._stage(True)
        )
        return [found[0], small, *found[1:]]

    def _stage(self, two: bool) -> None:
        self.in_stages = two

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
        asked = directions_for(request.prompt, request.motion, request.effect)
        text, notes = self._prompts.read_of(lively(text, request.motion_strength), asked)
        stage.effective_prompt(text)
        for note in (*chosen_first(request.prompt, request.motion, request.effect), *notes):
            stage.note(note)
        return text

    def _rendered(
        self, request: AnimationRequest, text: str, plan: Plan, stage: Stage, judge: Judge
    ) -> DecodedClip:
        self._loras.use(request.motion)
        inference = self.inference(request, text, plan)
        if plan.enlarges is not None:
            return self._enlarged(inference, request.remixed_from, stage)

        def make(number: int) -> Made:
            noise = inference.image_noise + MORE_NOISE * number
            again = replace(inference, seed=inference.seed + number, image_noise=noise)
            return self._made(again, number, stage)

        return best_of_two(make, judge, stage.note)

    def _enlarged(self, inference: Inference, job: str | None, stage: Stage) -> DecodedClip:
        """Nobody judges it: the small one was looked at."""
        assert self.upsampling
        kept = self._recent.of(job)
        small = small_latents(self.pipe, self.profile, inference, kept)
        generator = torch.Generator(self.device).manual_seed(inference.seed)
        large = self.upsampling.doubled(self.pipe, self.profile, small)
        last = finishing(inference, self.upsampling.stages)
        stage.phase(PhaseName.STEP)
        begun = Denoised(large, sound_latents(self.pipe, inference, kept))
        run = replace(last, begun=begun, plan=self._shown(last.plan, 0))
        with self.upsampling.second():
            denoised = self.denoised(run, generator, self._on_step(last, stage))
        made = self._decoded(denoised, inference, generator, stage)
        if isinstance(made, NotFinite):
            raise GenerationFailed("no_clip")
        sound = heard(self.pipe, inference.plan, inference.fps)
        return replace(made, sound=sound, facts=self._facts(run, self._crf(0)))

    def _shown(self, plan: Plan, number: int) -> Plan:
        """LTX-2's pipeline compresses what it is shown by itself."""
        crf = self._crf(number)
        return as_learned(plan, crf) if crf else plan

    def _crf(self, number: int) -> int:
        crf = self._options.picture_crf
        if self.profile.pipeline is PipelineName.LTX2 or not crf:
            return 0
        return min(crf + COARSER * number, COARSEST)

    def _facts(self, inference: Inference, crf: int) -> Mapping[str, Scalar]:
        staged = not inference.plan.enlarges and self._small(inference) is not None
        return facts_of(inference, self.profile, self._options.guidance, crf=crf, staged=staged)

    def inference(self, request: AnimationRequest, text: str, plan: Plan) -> Inference:
        return inference_of(request, text, plan, self.profile, self._options, self._prompts)

    def _made(self, inference: Inference, number: int, stage: Stage) -> Made:
        generator = torch.Generator(self.device).manual_seed(inference.seed)
        stage.phase(PhaseName.STEP)

        def run(one: Inference, on_step: OnStep) -> Denoised:
            shown = replace(one, plan=self._shown(one.plan, number))
            return self.denoised(shown, generator, on_step)

        made = self._decoded(self._passes(inference, run, stage), inference, generator, stage)
        if isinstance(made, NotFinite):
            return made
        return replace(made, facts=self._facts(inference, self._crf(number)))

    def _decoded(
        self, denoised: Denoised, inference: Inference, generator: torch.Generator, stage: Stage
    ) -> Made:
        stage.phase(PhaseName.DECODE)
        size = inference.height, inference.width
        frames = pixels(self.pipe, self.profile, denoised, generator, size)
        if frames is None:
            return NotFinite()
        return DecodedClip(frames, sound(self.pipe, denoised), denoised)

    def _small(self, inference: Inference) -> tuple[int, int] | None:
        """The size of the pass before, where there is one."""
        if self.upsampling is None or not self.in_stages:
            return None
        return self.upsampling.stages.first_size(inference.width, inference.height)

    def _passes(self, inference: Inference, run: Denoise, stage: Stage) -> Denoised:
        """One, or two where the clip is large enough for a smaller one before."""
        upsampling, small = self.upsampling, self._small(inference)
        if upsampling is None or small is None:
            return run(inference, self._on_step(inference, stage))
        first = first_pass(inference, small)
        second = second_pass(inference, upsampling.stages, first)
        found = run(first, counted(self._on_step(first, stage), 0, second.count))
        stage.phase(PhaseName.STEP)  # whoever left meanwhile needs no second pass
        large = upsampling.doubled(self.pipe, self.profile, found.video)
        second = replace(second, begun=Denoised(large, found.audio))
        with upsampling.second():
            made = run(second, counted(self._on_step(second, stage), first.count, 0))
        return replace(made, audio=found.audio) if upsampling.stages.keeps_sound else made

    def denoised(
        self, inference: Inference, generator: torch.Generator, on_step: OnStep
    ) -> Denoised:
        try:
            return denoise(self.pipe, self.profile, inference, generator, on_step)
        finally:
            # A cache which lives through an ended run is for other latents: it spoils the next.
            self.pipe.transformer._reset_stateful_cache()

    def _on_step(self, inference: Inference, stage: Stage) -> OnStep:
        picture = inference.plan.picture
        preview = LatentPreview(encoded_picture(self.pipe, picture).numpy(), picture, self._clock)
        middle = inference.shape[0] // 2

        def tell(index: int, total: int, sigma: float, latents: Latents) -> None:
            stage.step(index, total)
            if jpeg := preview.jpeg(latents[0, :, middle], sigma):
                stage.preview(jpeg)

        return tell
