"""From a request to a run of the model, and from the run to what the clip tells of it."""

from __future__ import annotations

from generation.jobs import AnimationRequest
from generation.media.recipe import Scalar
from generation.pipelines.ltx.conditioning import Plan
from generation.pipelines.ltx.guidance import Guidance, Guiding, by_noise
from generation.pipelines.ltx.inference import Inference
from generation.pipelines.ltx.liveliness import guidance_of, noise_of
from generation.pipelines.ltx.options import LtxOptions
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.text_encoding import PromptEncoder

FEWEST = 2
"""Steps: with one, a scheduler that shifts by size divides by zero (diffusers 0.42)."""


def inference_of(
    request: AnimationRequest,
    text: str,
    plan: Plan,
    profile: Profile,
    options: LtxOptions,
    prompts: PromptEncoder,
) -> Inference:
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
        positive=prompts.encoded(text),
        negative=prompts.encoded(negative) if guidance > 1 else None,
        scales=by_noise(
            options.guidance,
            Guidance(guidance, profile.guidance_rescale),
            profile.authors,
            asked=request.guidance_scale not in (None, profile.guidance),
        ),
        schedule=profile.schedule,
        distinct=options.distinct_levels,
    )


def facts_of(
    inference: Inference, profile: Profile, guiding: Guiding, *, crf: int, staged: bool
) -> dict[str, Scalar]:
    """What the operator's settings did to it, for the clip's recipe; nothing of what did nothing.

    `crf`: how its pictures were compressed; `staged`: whether a smaller pass came before.
    """
    facts: dict[str, Scalar] = {}
    if crf:
        facts["picture_crf"] = crf
    if staged:
        facts["stages"] = 2
    if inference.plan.led:
        facts["guide"] = "camera"
    if inference.negative is not None and profile.steered_by(guiding):
        facts["guidance"] = guiding.value
    return facts
