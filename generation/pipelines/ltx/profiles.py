"""Which settings belong to which LTX checkpoint: one table, readable by people, free of torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities, Defaults
from generation.pipelines.ltx.checkpoint_sizes import (
    DOWNLOADS,
    LTX_2_5,
    NINETEEN_BILLION,
    THIRTEEN_BILLION,
    TWENTY_TWO_BILLION,
    TWO_BILLION,
    Sizes,
)
from generation.pipelines.ltx.guidance import LARGE_MODEL, SMALL_MODEL, Guiding, Scales
from generation.pipelines.ltx.negative_prompts import LTX2, LTX_VIDEO
from generation.pipelines.ltx.stages import (
    CROSSED_STAGES,
    FULL_SOUND_STAGES,
    LARGE_STAGES,
    NEWER_STAGES,
    NEWEST_SOUND_STAGES,
    SOUND_STAGES,
    Stages,
)

STEERING = frozenset({"num_inference_steps"})
GUIDED = STEERING | {"negative_prompt", "guidance_scale"}
"""A distilled checkpoint runs without guidance: there a negative prompt has no effect."""

UNUSED = frozenset({"prompt_enhancer", "processor", "duration_head", "diffusion_decoder"})
"""Components of LTX-2.5's folder that are neither loaded nor fetched: what people write is not
rewritten, they say themselves how long a clip is to be, and its VAE decodes.
"""

CONDITIONED = frozenset({"strength", "end_image", "keyframes", "extends", "loop", "boomerang"})
"""Pictures at other places than the first frame; they came with 0.9.5."""


class PipelineName(StrEnum):
    """Classes of diffusers (0.42)."""

    IMAGE_TO_VIDEO = "LTXImageToVideoPipeline"
    CONDITION = "LTXConditionPipeline"
    LTX2 = "LTX2ConditionPipeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One checkpoint.

    `repo` is its hub id; `file` a single-file transformer in it, whose other components come from
    `base`. `steps` and `guidance` are defaults; a distilled checkpoint has a fixed `schedule`
    instead: `timesteps` (0-1000, LTX-Video) or sigmas (0-1, LTX-2) used as they stand.
    `decode_timestep` and `decode_noise` are given to a timestep-conditioned VAE decoder.
    `tokens` is the longest prompt the text encoder reads. An undistilled LTX-2 skips attention in
    the block `skipped` for spatio-temporal guidance; since 2.3 sound and picture also look at each
    other's noise level (`crossed`). `authors`: how their own inference steers LTX-Video. `download`
    is about how many GB come over the line, more than the memory in `sizes`. Sources: model cards,
    yaml files in Lightricks/LTX-Video, and what diffusers says about its arguments.
    """

    name: str
    repo: str
    pipeline: PipelineName
    licence: str
    sizes: Sizes
    file: str | None = None
    base: str | None = None
    steps: int = 50
    guidance: float = 3.0
    guidance_rescale: float = 0.0
    schedule: tuple[float, ...] = ()
    decode_timestep: float = 0.0
    decode_noise: float | None = None
    image_noise: float = 0.15
    fps: int = 24
    tokens: int = 128
    audio: bool = False
    skipped: int = 28
    crossed: bool = True
    authors: Scales = ()
    stages: Stages | None = None
    negative: str = LTX_VIDEO
    options: frozenset[str] = field(default=GUIDED)

    @property
    def download(self) -> float:
        """0 where the checkpoint is nobody's: such a folder is not fetched."""
        beside = self.stages.download if self.stages else 0.0
        return DOWNLOADS[self.name] + beside if self.name in DOWNLOADS else 0.0

    def steered_by(self, guiding: Guiding) -> bool:
        """Whether it is steered otherwise than plainly then."""
        if guiding is Guiding.PLAIN or self.pipeline is PipelineName.LTX2 or self.guidance <= 1:
            return False
        return guiding is Guiding.INTERVAL or bool(self.authors)

    @property
    def capabilities(self) -> Capabilities:
        guided = "guidance_scale" in self.options
        return Capabilities(
            engine="ltx",
            model=self.name,
            motions=frozenset(Motion),
            effects=frozenset(Effect),
            options=self.options | {"motion_strength", *(("upscales",) if self.stages else ())},
            reads_prompts=True,
            prompt_tokens=self.tokens,
            defaults=Defaults(
                fps=self.fps,
                num_inference_steps=len(self.schedule) or self.steps,
                guidance_scale=self.guidance,
                negative_prompt=self.negative if guided else "",
            ),
        )


OPENRAIL = "LTX-Video: OpenRAIL-M; its use restrictions apply to you and to those you serve."
OPEN_WEIGHTS = (
    "LTXV Open Weights License; read LICENSE in the repository: large companies need a paid one."
)
COMMUNITY = (
    "LTX-2 Community License: free below 10 million USD of yearly revenue, paid at or above; its "
    "use restrictions must be passed on, and watermarks and provenance may not be removed."
)
DISTILLED_TIMESTEPS = (1000.0, 993.0, 987.0, 981.0, 975.0, 909.0, 725.0)
"""As published, less the last one (0.03): a whole step for at most one level of 255."""

DISTILLED_2B = (1000.0, 993.7, 987.5, 981.2, 975.0, 909.4, 725.0)
DISTILLED_SIGMAS = (1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875)

PROFILES = (
    Profile(
        name="LTX-Video",
        authors=SMALL_MODEL,
        repo="Lightricks/LTX-Video",
        pipeline=PipelineName.IMAGE_TO_VIDEO,
        licence=OPENRAIL,
        sizes=TWO_BILLION,
    ),
    Profile(
        name="LTX-Video-0.9.1",
        authors=SMALL_MODEL,
        repo="Lightricks/LTX-Video-0.9.1",
        pipeline=PipelineName.IMAGE_TO_VIDEO,
        licence=OPENRAIL,
        sizes=TWO_BILLION,
        decode_timestep=0.05,
        decode_noise=0.025,
    ),
    Profile(
        name="LTX-Video-0.9.5",
        authors=SMALL_MODEL,
        repo="Lightricks/LTX-Video-0.9.5",
        pipeline=PipelineName.CONDITION,
        licence=OPENRAIL,
        sizes=TWO_BILLION,
        steps=40,
        guidance_rescale=0.7,
        decode_timestep=0.05,
        decode_noise=0.025,
        tokens=256,
        options=GUIDED | CONDITIONED,
    ),
    Profile(
        name="LTX-Video-0.9.7-dev",
        stages=LARGE_STAGES,
        authors=LARGE_MODEL,
        repo="Lightricks/LTX-Video-0.9.7-dev",
        pipeline=PipelineName.CONDITION,
        licence=OPEN_WEIGHTS,
        sizes=THIRTEEN_BILLION,
        steps=30,
        guidance=5.0,
        guidance_rescale=0.7,
        decode_timestep=0.05,
        decode_noise=0.025,
        tokens=256,
        options=GUIDED | CONDITIONED,
    ),
    Profile(
        name="LTX-Video-0.9.7-distilled",
        stages=LARGE_STAGES,
        repo="Lightricks/LTX-Video-0.9.7-distilled",
        pipeline=PipelineName.CONDITION,
        licence=OPEN_WEIGHTS,
        sizes=THIRTEEN_BILLION,
        guidance=1.0,
        schedule=DISTILLED_TIMESTEPS,
        decode_timestep=0.05,
        decode_noise=0.025,
        tokens=256,
        options=CONDITIONED,
    ),
    Profile(
        name="LTX-Video-0.9.8-13B-distilled",
        stages=NEWER_STAGES,
        repo="Lightricks/LTX-Video-0.9.8-13B-distilled",
        pipeline=PipelineName.CONDITION,
        licence=OPEN_WEIGHTS,
        sizes=THIRTEEN_BILLION,
        guidance=1.0,
        schedule=DISTILLED_TIMESTEPS,
        decode_timestep=0.05,
        decode_noise=0.025,
        tokens=256,
        options=CONDITIONED,
    ),
    Profile(
        name="LTX-Video-2B-0.9.8-distilled",
        stages=NEWER_STAGES,
        repo="Lightricks/LTX-Video",
        file="ltxv-2b-0.9.8-distilled.safetensors",
        base="Lightricks/LTX-Video-0.9.5",
        pipeline=PipelineName.CONDITION,
        licence=OPEN_WEIGHTS,
        sizes=TWO_BILLION,
        guidance=1.0,
        schedule=DISTILLED_2B,
        decode_timestep=0.05,
        decode_noise=0.025,
        tokens=256,
        options=CONDITIONED,
    ),
    Profile(
        name="LTX-2",
        stages=FULL_SOUND_STAGES,
        repo="Lightricks/LTX-2",
        pipeline=PipelineName.LTX2,
        licence=COMMUNITY,
        negative=LTX2,
        sizes=NINETEEN_BILLION,
        steps=40,
        guidance_rescale=0.7,
        tokens=1024,
        audio=True,
        skipped=29,
        crossed=False,
        options=GUIDED | CONDITIONED,
    ),
    Profile(
        name="LTX-2-distilled",
        stages=SOUND_STAGES,
        repo="rootonchair/LTX-2-19b-distilled",
        pipeline=PipelineName.LTX2,
        licence=COMMUNITY,
        negative=LTX2,
        sizes=NINETEEN_BILLION,
        guidance=1.0,
        schedule=DISTILLED_SIGMAS,
        tokens=1024,
        audio=True,
        crossed=False,
        options=CONDITIONED,
    ),
    Profile(
        name="LTX-2.3",
        stages=CROSSED_STAGES,
        repo="diffusers/LTX-2.3-Diffusers",
        pipeline=PipelineName.LTX2,
        licence=COMMUNITY,
        negative=LTX2,
        sizes=TWENTY_TWO_BILLION,
        steps=30,
        guidance_rescale=0.7,
        tokens=1024,
        audio=True,
        options=GUIDED | CONDITIONED,
    ),
    Profile(
        name="LTX-2.5",
        stages=NEWEST_SOUND_STAGES,
        repo="Lightricks/LTX-2.5-Diffusers",
        pipeline=PipelineName.LTX2,
        licence=COMMUNITY,
        negative=LTX2,
        sizes=LTX_2_5,
        guidance=1.0,
        schedule=DISTILLED_SIGMAS,
        tokens=1024,
        audio=True,
        options=CONDITIONED,
    ),
)
"""Every checkpoint we know by name. What is nobody's is recognised by its configuration files."""


def profile_of(model: str) -> Profile | None:
    """The profile that `engine.model` names by hub id (the first one there) or by its own name."""
    by_name = (profile for profile in PROFILES if profile.name == model)
    by_repo = (profile for profile in PROFILES if profile.repo == model and profile.file is None)
    return next(by_name, None) or next(by_repo, None)
