"""What is known of each kind of server that speaks the OpenAI Videos API, and how it is told apart.

photoplay says itself what it can; of the others this is what documentation and source say:
vLLM-Omni (docs/serving/videos_api.md, entrypoints/openai/protocol/videos.py), SGLang diffusion
(docs/diffusion/api/openai_api.md, entrypoints/openai/video_api.py), LiteLLM's proxy (docs/videos).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities, Defaults

Number = TypeVar("Number", int, float)


MOST_PLACES = 1_000
MOST_FPS = 60
MOST_STEPS = 1_000
MOST_GUIDANCE = 100
LONGEST_NAME = 200
LONGEST_PROMPT = 2_000
"""What is believed of a server; the most that our own settings and API take, or more."""


class FarEnd(StrEnum):
    """How a server is told that nobody wants a video any more."""

    CANCEL = "cancel"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Dialect:
    """`fields`: those of a form beside OpenAI's own; `packed`: those that go into `extra_body`.

    `options` are the capabilities' that these fields carry. `events`: progress is streamed.
    `ours`: it is a photoplay, which takes whatever its `supports` names, has a thumbnail, keeps
    what it was asked under an idempotency key and reads the words itself.
    """

    name: str
    fields: frozenset[str] = frozenset()
    packed: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    ending: FarEnd = FarEnd.DELETE
    events: bool = False
    ours: bool = False


_TUNED = frozenset({"negative_prompt", "num_inference_steps", "guidance_scale"})

PHOTOPLAY = Dialect("photoplay", ending=FarEnd.CANCEL, events=True, ours=True)
VLLM_OMNI = Dialect(
    "vLLM-Omni",
    fields=_TUNED | {"width", "height", "num_frames", "fps", "seed"},
    options=_TUNED,
)
SGLANG = Dialect(
    "SGLang",
    fields=frozenset({"num_frames", "fps"}),
    packed=_TUNED | {"width", "height", "num_frames", "fps", "seed"},
    options=_TUNED,
)
LITELLM = Dialect("LiteLLM")
PLAIN = Dialect("OpenAI")


def dialect_of(models: Mapping[str, Any], headers: Mapping[str, str]) -> Dialect:
    """By what `GET /v1/models` answers, and with which headers."""
    if "x-litellm-version" in headers or "x-litellm-call-id" in headers:
        return LITELLM
    if "model_path" in models:  # SGLang's own list of one
        return SGLANG
    owners = {str(one.get("owned_by", "")).lower() for one in _listed(models)}
    if "photoplay" in owners:
        return PHOTOPLAY
    if any(owner.startswith("vllm") for owner in owners):
        return VLLM_OMNI
    return SGLANG if "sglang" in owners else PLAIN


def capabilities_of(dialect: Dialect, models: Mapping[str, Any], model: str | None) -> Capabilities:
    """What the server can be asked for; `model`: the operator's choice among several."""
    listed = _listed(models)
    chosen = next((one for one in listed if one.get("id") == model), None)
    one = chosen or (listed[0] if listed else {})
    name = model or str(one.get("id") or models.get("model_path") or "videos")[:LONGEST_NAME]
    if not dialect.ours:
        return Capabilities(
            "videos",
            name,
            frozenset(Motion),  # as sentences of the prompt
            frozenset(Effect),
            dialect.options,
            reads_prompts=True,
        )
    supports, defaults = _map(one.get("supports")), _map(one.get("defaults"))
    return Capabilities(
        "videos",
        name,
        frozenset(motion for motion in Motion if motion in _words(supports.get("motions"))),
        frozenset(effect for effect in Effect if effect in _words(supports.get("effects"))),
        _words(supports.get("options")) & CARRIED,
        Defaults(
            fps=_number(defaults.get("fps"), int, MOST_FPS) or 24,
            num_inference_steps=_number(defaults.get("num_inference_steps"), int, MOST_STEPS),
            guidance_scale=_number(defaults.get("guidance_scale"), float, MOST_GUIDANCE),
            negative_prompt=str(defaults.get("negative_prompt") or "")[:LONGEST_PROMPT],
        ),
    )


CARRIED = _TUNED | {"strength", "motion_strength", "end_image", "keyframes"} | {"loop", "boomerang"}
"""Options that a form can carry: a clip to go on from lies here and not there."""


def capacity_of(models: Mapping[str, Any]) -> int:
    """How many clips it renders at once, where it says so."""
    counts = [_number(one.get("capacity"), int, MOST_PLACES) or 0 for one in _listed(models)]
    return min(max(sum(counts), 1), MOST_PLACES)


def _listed(models: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    data = models.get("data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _number(value: object, kind: type[Number], most: int) -> Number | None:
    """One from 0 to `most`; what a server says beyond that is no number for us."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
        return kind(value)
    return None
