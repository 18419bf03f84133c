"""What the description says of each field: its limits, and an example that is taken."""

from __future__ import annotations

from typing import Any

from bot.platforms.web.webhooks import LONGEST_URL
from bot.submission.intake import MAX_PROMPT, MAX_SEED, RANDOM
from bot.submission.scenes import LEAST_SCENES, MOST_SCENES
from bot.submission.supported import MAX_KEYFRAMES, VARIATIONS
from generation.images.geometry import MAX_FPS, MAX_FRAMES, MIN_FPS, MIN_FRAMES

FIELDS: dict[str, dict[str, Any]] = {
    "prompt": {
        "maxLength": MAX_PROMPT,
        "description": "What should happen; may be empty.",
        "examples": ["a slow camera pan from left to right"],
    },
    "model": {
        "maxLength": 200,
        "description": "An engine's name; `auto` and `sora-…` mean whatever is there.",
        "examples": ["auto"],
    },
    "seconds": {
        "exclusiveMinimum": 0,
        "description": "Rounded to whole frames; longer than the longest clip is shortened to it.",
        "examples": [4],
    },
    "size": {
        "pattern": r"^(auto|\d{1,5}x\d{1,5})$",
        "description": "WIDTHxHEIGHT from 64 to 1280 a side, others are fitted; or auto.",
        "examples": ["704x480"],
    },
    "negative_prompt": {
        "maxLength": MAX_PROMPT,
        "description": "What to avoid.",
        "examples": ["blurry, distorted"],
    },
    "motion": {"description": "auto: from the prompt.", "examples": ["pan-right"]},
    "effect": {"description": "auto: from the prompt.", "examples": ["rain"]},
    "seed": {
        "minimum": RANDOM,
        "maximum": MAX_SEED,
        "description": "-1, or none, is any.",
        "examples": [42],
    },
    "num_frames": {
        "minimum": MIN_FRAMES,
        "maximum": MAX_FRAMES,
        "description": "8k+1 of them, in place of seconds.",
        "examples": [97],
    },
    "fps": {
        "minimum": MIN_FPS,
        "maximum": MAX_FPS,
        "description": "Frames per second.",
        "examples": [24],
    },
    "num_inference_steps": {
        "minimum": 1,
        "maximum": 100,
        "description": "Where the engine has it.",
        "examples": [8],
    },
    "guidance_scale": {
        "minimum": 0,
        "maximum": 20,
        "description": "Where the engine has it.",
        "examples": [3.5],
    },
    "strength": {
        "minimum": 0,
        "maximum": 1,
        "description": "How firmly the given pictures are held on to, where the engine has it.",
        "examples": [0.9],
    },
    "motion_strength": {
        "minimum": 0,
        "maximum": 4,
        "description": "How much moves; 2 is the usual.",
        "examples": [3],
    },
    "loop": {"description": "The end leads into the beginning, where the engine has it."},
    "boomerang": {"description": "Forth and, within its length, back, where the engine has it."},
    "draft": {"description": "Small and quick; a `remix` with false makes the same in full."},
    "enhance": {
        "description": "False: a model gets these words and what was chosen (docs/prompts.md).",
    },
    "variations": {
        "enum": list(VARIATIONS),
        "description": "So many clips at once, with other seeds; each of them counts.",
        "examples": [2],
    },
    "keyframes": {"maxItems": MAX_KEYFRAMES, "description": "Pictures to pass on the way."},
    "webhook_url": {
        "maxLength": LONGEST_URL,
        "description": "Who is told of the end; its host is among webhooks.allowed_hosts.",
    },
    "scenes": {
        "maxItems": MOST_SCENES,
        "minItems": LEAST_SCENES,
        "description": "A film in place of one clip; what a scene does not say, the film does.",
    },
    "transition": {"description": "How the scenes of a film follow each other."},
    "fit": {"description": "How a scene of another shape than the first is fitted."},
    "input_reference": {"description": "The picture: at most 25 MB, 64 megapixels, 4:1."},
    "end_reference": {"description": "A picture to end on, where the engine has it."},
}


def limited(schema: dict[str, Any]) -> dict[str, Any]:
    """A body's description with every field's limits, examples and meaning in it."""
    for name, said in FIELDS.items():
        field = schema["properties"].get(name)
        if field is None:
            continue
        kinds = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
        about = {"description": said.get("description"), "examples": said.get("examples")}
        field.update({key: value for key, value in about.items() if value is not None})
        for key in said.keys() - about.keys():
            for kind in kinds:
                if _fits(key, kind):
                    kind[key] = said[key]
    return schema


def _fits(limit: str, kind: dict[str, Any]) -> bool:
    match limit:
        case "maxItems" | "minItems":
            return kind.get("type") == "array"
        case "maxLength" | "pattern":
            return kind.get("type") == "string"
        case "enum":
            return kind.get("type") == "integer"
        case _:
            return kind.get("type") in ("number", "integer")
