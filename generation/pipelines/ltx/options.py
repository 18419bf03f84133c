"""What the operator decided about the model, on its way from the settings to the engine's child."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from generation.adapter import Adapter
from generation.directions.vocabulary import Motion
from generation.pipelines.ltx.guidance import Guiding
from generation.pipelines.ltx.profiles import Profile


class Compile(StrEnum):
    """`cached` compiles where an earlier process left its kernels: for one clip alone, nobody
    waits minutes. `auto` is `on` with CUDA.
    """

    AUTO = "auto"
    ON = "on"
    OFF = "off"
    CACHED = "cached"


class Memory(StrEnum):
    """How the weights lie in the GPU's memory; `auto` decides from what is free at the start.

    `text` streams the text encoder alone, which reads a prompt once a clip.
    """

    AUTO = "auto"
    FULL = "full"
    TEXT = "text"
    OFFLOAD = "offload"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Lora:
    """A camera LoRA: a local file or folder, or a hub id, and how strongly it pulls."""

    path: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class LtxOptions:
    """`model` is a hub id, a profile's name or a local folder. Without `fast_attention` torch's own
    choice of kernels is left alone. `picture_crf`: how coarsely LTX-Video's pictures are compressed
    before it sees them; 0 is not at all. `distinct_levels` embeds each noise level once a
    step, which may change the last bits of a picture.
    """

    model: str
    device: str = "cuda:0"
    memory: Memory = Memory.AUTO
    compile: Compile = Compile.AUTO
    fp8: bool = False
    cache: bool = False
    fast_attention: bool = True
    picture_crf: int = 29
    guidance: Guiding = Guiding.PLAIN
    two_stages: bool = True
    camera_guides: bool = False
    distinct_levels: bool = False
    loras: Mapping[Motion, Lora] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def parse_options(text: str) -> LtxOptions:
    """Raises `ValueError` (of which pydantic's `ValidationError` is one)."""
    return _OPTIONS.validate_json(text)


def without_effect(options: LtxOptions, profile: Profile) -> list[str]:
    """Settings that somebody made and that this model has nothing of."""
    found = []
    if options.guidance is not Guiding.PLAIN and not profile.steered_by(options.guidance):
        found.append(f"engine.guidance={options.guidance}")
    if options.camera_guides and "end_image" not in profile.options:
        found.append("engine.guide=camera")
    return found


_OPTIONS: Adapter[LtxOptions] = Adapter(LtxOptions)
