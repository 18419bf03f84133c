"""A request as the form of `POST /v1/videos`, in the fields that the server's dialect has."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path

from generation.directions.sentences import effective_prompt, lively
from generation.engine.protocol import Animation, Capabilities
from generation.jobs import AnimationRequest
from generation.remote.dialects import Dialect

PNG = "image/png"


@dataclass(frozen=True, slots=True)
class FarForm:
    """`files` are pictures to be sent as parts of a multipart body, by the name of the field."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


def form_of(
    animation: Animation, dialect: Dialect, known: Capabilities, model: str | None
) -> FarForm:
    """Raises `OSError` where a picture is gone."""
    request = animation.request
    fields = {"size": f"{request.width}x{request.height}"}
    if model is None and not (dialect.ours or dialect.fields):
        model = known.model  # a router in front of many is told for whom it is
    if model is not None:
        fields["model"] = model
    if dialect.ours:
        return _for_photoplay(animation, fields, known)
    words = animation.prompt
    if words is None:
        words = effective_prompt(request.prompt, request.motion, request.effect)
    fields["prompt"] = lively(words, request.motion_strength)
    values = _values(request)
    fields |= {name: str(values[name]) for name in dialect.fields if name in values}
    if dialect.packed:
        packed = {name: values[name] for name in sorted(dialect.packed) if name in values}
        fields["extra_body"] = json.dumps(packed)
    if "num_frames" not in dialect.fields:
        fields["seconds"] = str(max(round(request.seconds), 1))
    return FarForm(fields, {"input_reference": animation.image})


def _for_photoplay(animation: Animation, fields: dict[str, str], known: Capabilities) -> FarForm:
    """The person's words as they are: what is made of them is decided where they are animated."""
    request = animation.request
    names = {"num_frames", "fps", "seed", *(known.options & {"strength", "motion_strength"})}
    names |= known.options & {"negative_prompt", "num_inference_steps", "guidance_scale"}
    values = _values(request)
    fields |= {name: str(values[name]) for name in names if name in values}
    fields["prompt"] = request.prompt
    fields["motion"], fields["effect"] = request.motion.value, request.effect.value
    if not request.enhance:  # not named otherwise: an older photoplay refuses what it does not know
        fields["enhance"] = _flag(False)
    files = {"input_reference": animation.image}
    returning = {"loop": request.loop, "boomerang": request.boomerang}
    fields |= {name: _flag(True) for name in known.options & returning.keys() if returning[name]}
    if request.end_image is not None and "end_image" in known.options:
        files["end_reference"] = animation.image.with_name(request.end_image)
    if request.keyframes and "keyframes" in known.options:
        fields["keyframes"] = json.dumps(
            [
                {"at": keyframe.frame / request.fps, "image": _data_url(animation, keyframe.image)}
                for keyframe in request.keyframes
            ]
        )
    return FarForm(fields, files)


def _values(request: AnimationRequest) -> dict[str, str | int | float]:
    """Everything that somebody decided; what is left out is the server's choice."""
    values: dict[str, str | int | float | None] = {
        "width": request.width,
        "height": request.height,
        "num_frames": request.num_frames,
        "fps": request.fps,
        "seed": request.seed,
        "num_inference_steps": request.num_inference_steps,
        "guidance_scale": request.guidance_scale,
        "negative_prompt": request.negative_prompt or None,
        "strength": request.strength,
        "motion_strength": request.motion_strength,
    }
    return {name: value for name, value in values.items() if value is not None}


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _data_url(animation: Animation, name: str) -> str:
    picture = animation.image.with_name(name).read_bytes()
    return f"data:{PNG};base64,{base64.b64encode(picture).decode()}"
