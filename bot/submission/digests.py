"""What a retry with the same key must match: stored with a request, so it has to stay the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.submission.options import (
    NO_EXTRA_PICTURES,
    Changes,
    ExtraPictures,
    Options,
)
from generation.directions.vocabulary import Effect
from generation.media.joining.film import FilmStyle

ALWAYS_TOLD = frozenset(
    {
        "prompt",
        "negative_prompt",
        "motion",
        "effect",
        "seconds",
        "num_frames",
        "fps",
        "size",
        "seed",
        "num_inference_steps",
        "guidance_scale",
        "strength",
        "loop",
    }
)
"""The options of version 0.1.0. A later one counts only where somebody gave it, so that what was
stored before there was such an option still matches.
"""

UNASKED = asdict(Options())

OF_0_1_0 = {Effect.AUTO: "none", Effect.NONE: "nothing"}
"""What was called `none` when its digests were stored left the weather to the words."""


class Remake(StrEnum):
    """What is made of an earlier clip; these words are stored."""

    REMIX = "remix"
    EXTEND = "extend"
    LOOP = "loop"
    BOOMERANG = "boomerang"
    MORE_MOTION = "more_motion"
    LESS_MOTION = "less_motion"
    UPSCALE = "upscale"
    FULL = "full"
    SCENE = "scene"


def digest(
    options: Options, picture: bytes | Path, extra: ExtraPictures = NO_EXTRA_PICTURES
) -> str:
    """The same for the same pictures with the same options; reads the files."""
    told = _told(asdict(options)) | {"at": [keyframe.at for keyframe in extra.keyframes]}
    pictures = [picture, *(keyframe.picture for keyframe in extra.keyframes)]
    if extra.end is not None:
        pictures.append(extra.end)
    seen = b"".join(_content_hash(one) for one in pictures)
    return hashlib.sha256(seen + json.dumps(told, sort_keys=True).encode()).hexdigest()


def remake_digests(
    job_id: str, remake: Remake, changes: Changes | None, options: Options
) -> tuple[str, ...]:
    """First what is stored now, then what version 0.1.0 stored, in chats and over HTTP.

    `options` are the earlier clip's with the changes. They are not in what is stored now: they
    depend on the engine, which may be another one when somebody retries.
    """
    changed = None if changes is None else _told(dict(changes))
    return (
        _hash(json.dumps([remake, job_id, changed], sort_keys=True)),
        _hash(
            json.dumps([job_id, _button(remake, changes), _told(asdict(options))], sort_keys=True)
        ),
        _hash(f"{_method(remake)} {job_id} {sorted((changes or {}).items())}"),
    )


def _told(values: dict[str, Any]) -> dict[str, Any]:
    told = {
        name: value
        for name, value in values.items()
        if name in ALWAYS_TOLD or value != UNASKED[name]
    }
    if "effect" in told:
        told["effect"] = OF_0_1_0.get(told["effect"], told["effect"])
    return told


def _button(remake: Remake, changes: Changes | None) -> str:
    """What the button was called whose request version 0.1.0 stored."""
    match remake:
        case Remake.REMIX:
            return "reroll" if changes is None else "edit"
        case (
            Remake.EXTEND
            | Remake.LOOP
            | Remake.BOOMERANG
            | Remake.MORE_MOTION
            | Remake.LESS_MOTION
            | Remake.UPSCALE
            | Remake.FULL
            | Remake.SCENE
        ):
            return remake.value


def _method(remake: Remake) -> str:
    """What the method was called that answered over HTTP, where there was one."""
    match remake:
        case Remake.REMIX:
            return "again"
        case Remake.EXTEND:
            return "extended"
        case (
            Remake.LOOP
            | Remake.BOOMERANG
            | Remake.MORE_MOTION
            | Remake.LESS_MOTION
            | Remake.UPSCALE
            | Remake.FULL
            | Remake.SCENE
        ):
            return remake.value


def _content_hash(picture: bytes | Path) -> bytes:
    if isinstance(picture, bytes):
        return hashlib.sha256(picture).digest()
    with picture.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def film_digest(scenes: Sequence[tuple[Options, bytes | Path | None]], style: FilmStyle) -> str:
    """The same for the same scenes, in the same style; reads the files."""
    told = [
        digest(options, b"" if picture is None else picture) + ("" if picture else "-")
        for options, picture in scenes
    ]
    return _hash(json.dumps(["film", *told, asdict(style)], sort_keys=True))


def scene_digest(film_id: str, number: int, changes: Changes | None) -> str:
    """What a retry of one scene of a film has to match."""
    changed = None if changes is None else _told(dict(changes))
    return _hash(json.dumps(["scene", film_id, number, changed], sort_keys=True))
