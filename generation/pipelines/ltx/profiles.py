"""Which settings belong to which LTX checkpoint: one table, readable by people, free of torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities, Defaults
from generation.pipelines.ltx.negative_prompts import LTX2, LTX_VIDEO

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


@dataclass(frozen=True, slots=True)
class Sizes:
    """Gigabytes (10⁹ bytes) of bf16 weights in memory; their sum is what `full` keeps resident."""

    transformer: float
    text_encoder: float
    rest: float

    @property
    def total(self) -> float:
        return self.transformer + self.text_encoder + self.rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One checkpoint.

    `repo` is its hub id; `file` a single-file transformer in it, whose other components come from
    `base`. `steps` and `guidance` are defaults; a distilled checkpoint has a fixed `schedule`
    instead: `timesteps` (0-1000, LTX-Video) or sigmas (0-1, LTX-2) used as they stand.
    `decode_timestep` and `decode_noise` are given to a timestep-conditioned VAE decoder.
    `tokens` is the longest prompt the text encoder reads. An undistilled LTX-2 skips attention in
    the block `skipped` for spatio-temporal guidance; since 2.3 sound and picture also look at each
    other's noise level (`crossed`). `download` is about how many GB come over the line, more than
    the memory in `sizes` (see `DOWNLOADS`). Sources: the model cards, the yaml files in
    Lightricks/LTX-Video, and what diffusers says about its arguments.
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
    negative: str = LTX_VIDEO
    options: frozenset[str] = field(default=GUIDED)

    @property
    def download(self) -> float:
        """0 where the checkpoint is nobody's: such a folder is not fetched."""
        return DOWNLOADS.get(self.name, 0.0)

    @property
    def capabilities(self) -> Capabilities:
        guided = "guidance_scale" in self.options
        return Capabilities(
            engine="ltx",
            model=self.name,
            motions=frozenset(Motion),
            effects=frozenset(Effect),
            options=self.options | {"motion_strength"},
            reads_prompts=True,
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
TWO_BILLION = Sizes(transformer=3.85, text_encoder=9.5, rest=2.5)
THIRTEEN_BILLION = Sizes(transformer=26.1, text_encoder=9.5, rest=2.5)
NINETEEN_BILLION = Sizes(transformer=37.8, text_encoder=24.4, rest=5.5)
TWENTY_TWO_BILLION = Sizes(transformer=38.0, text_encoder=24.4, rest=8.2)
LTX_2_5 = Sizes(transformer=38.0, text_encoder=23.9, rest=8.2)
"""The connectors between text and model make 3 GB of LTX-2's rest, and 6 GB from 2.3 on."""

T5, GEMMA = 19.05, 48.75
"""GB over the line: both text encoders are published in float32, LTX-2.5's in bf16 (23.92)."""

DOWNLOADS = {
    "LTX-Video": T5 + 7.69 + 1.68,
    "LTX-Video-0.9.1": T5 + 5.72,
    "LTX-Video-0.9.5": T5 + 6.34,
    "LTX-Video-0.9.7-dev": T5 + 26.09 + 2.49,
    "LTX-Video-0.9.7-distilled": T5 + 26.09 + 2.49,
    "LTX-Video-0.9.8-13B-distilled": T5 + 26.09 + 2.49,
    "LTX-Video-2B-0.9.8-distilled": T5 + 6.34,
    "LTX-2": GEMMA + 43.29,
    "LTX-2-distilled": GEMMA + 43.29,
    "LTX-2.3": GEMMA + 37.99 + 12.7 + 1.9,
    "LTX-2.5": 70.09,
}
"""GB that `photoplay download` fetches: the text encoder, then the transformer and the rest, by the
hub's file lists (T5 4.99 + 5.00 + 4.87 + 4.19; the 13B's transformer 4.87 + 4 of 4.97 + 1.34).
0.9.0 is in float32. Where a single file holds all but the text encoder, its size stands here: of
0.9.1 (5.72), 0.9.5 and the 2B 0.9.8 (6.34), LTX-2 (43.29, the same parts as in its folders). Both
LTX-2 share their text encoder. 2.3: transformer, connectors in float32, VAEs and vocoder. 2.5: the
bytes of the 28 files without what is `UNUSED`. 13B: that of 0.9.7-dev, whose shape the others have.
"""

DISTILLED_TIMESTEPS = (1000.0, 993.0, 987.0, 981.0, 975.0, 909.0, 725.0)
"""As published, less the last one (0.03): a whole step for at most one level of 255."""

DISTILLED_2B = (1000.0, 993.7, 987.5, 981.2, 975.0, 909.4, 725.0)
DISTILLED_SIGMAS = (1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875)

PROFILES = (
    Profile(
        name="LTX-Video",
        repo="Lightricks/LTX-Video",
        pipeline=PipelineName.IMAGE_TO_VIDEO,
        licence=OPENRAIL,
        sizes=TWO_BILLION,
    ),
    Profile(
        name="LTX-Video-0.9.1",
        repo="Lightricks/LTX-Video-0.9.1",
        pipeline=PipelineName.IMAGE_TO_VIDEO,
        licence=OPENRAIL,
        sizes=TWO_BILLION,
        decode_timestep=0.05,
        decode_noise=0.025,
    ),
    Profile(
        name="LTX-Video-0.9.5",
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
