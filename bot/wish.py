"""What somebody asked for, before anything of it is checked: the same words on every platform."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields

from generation.directions.vocabulary import Effect, Motion


@dataclass(frozen=True, slots=True)
class Words:
    """Everything but the picture; `None` leaves the choice to us. Lengths in seconds or frames."""

    prompt: str = ""
    negative_prompt: str | None = None
    motion: Motion = Motion.AUTO
    effect: Effect = Effect.NONE
    seconds: float | None = None
    num_frames: int | None = None
    fps: int | None = None
    size: str = "auto"
    seed: int | None = None
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    strength: float | None = None


WORDS = frozenset(field.name for field in fields(Words))


def digest(words: Words, picture: bytes) -> str:
    """The same for the same wish: what a retry with the same key must match."""
    content = json.dumps(asdict(words), sort_keys=True).encode()
    return hashlib.sha256(hashlib.sha256(picture).digest() + content).hexdigest()
