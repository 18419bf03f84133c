"""What somebody asked for, before anything of it is checked: the same on every platform."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from generation.directions.vocabulary import Effect, Motion


@dataclass(frozen=True, slots=True)
class Options:
    """Everything but pictures; `None` leaves the choice to us. Lengths in seconds or frames."""

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
    loop: bool = False


@dataclass(frozen=True, slots=True)
class KeyframePicture:
    """A further picture that the clip shows `at` so many seconds after its beginning."""

    at: float
    picture: bytes


@dataclass(frozen=True, slots=True)
class ExtraPictures:
    """The pictures beside the first one: where the clip ends, what it passes on its way."""

    end: bytes | Path | None = None
    keyframes: tuple[KeyframePicture, ...] = ()


NO_EXTRA_PICTURES = ExtraPictures()

WORDS = frozenset(field.name for field in fields(Options))


def digest(words: Options, picture: bytes, further: ExtraPictures = NO_EXTRA_PICTURES) -> str:
    """The same for the same wish: what a retry with the same key must match."""
    told = asdict(words) | {"at": [shot.at for shot in further.keyframes]}
    pictures = [picture, *(shot.picture for shot in further.keyframes)]
    if isinstance(further.end, bytes):
        pictures.append(further.end)
    seen = b"".join(hashlib.sha256(one).digest() for one in pictures)
    return hashlib.sha256(seen + json.dumps(told, sort_keys=True).encode()).hexdigest()
