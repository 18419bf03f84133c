"""What the operator decided about the model, on its way from the settings to the engine's child."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from pydantic import TypeAdapter

from generation.directions.vocabulary import Motion


class Memory(StrEnum):
    """How the weights lie in the GPU's memory; `auto` decides from what is free at the start."""

    AUTO = "auto"
    FULL = "full"
    OFFLOAD = "offload"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Lora:
    """A camera LoRA: a local file or folder, or a hub id, and how strongly it pulls."""

    path: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class LtxOptions:
    """`model` is a hub id, a profile's name or a local folder; `compile` `None` is on with CUDA."""

    model: str
    device: str = "cuda:0"
    memory: Memory = Memory.AUTO
    compile: bool | None = None
    fp8: bool = False
    cache: bool = False
    loras: Mapping[Motion, Lora] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def parse_options(text: str) -> LtxOptions:
    """Raises `ValueError` (of which pydantic's `ValidationError` is one)."""
    return _OPTIONS.validate_json(text)


_OPTIONS = TypeAdapter(LtxOptions)
