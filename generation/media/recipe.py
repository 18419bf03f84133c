"""How a clip was made, carried inside the clip itself, so that it can be made again or varied."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from generation.media.mp4_index import read_index

LIMIT = 8_000
"""Bytes of UTF-8 that a recipe may take: the contract's 8 kB."""

Scalar = str | int | float | bool | None

T = TypeVar("T", str, int)


class BrokenRecipe(ValueError):
    """The text is no recipe; the message names the first field that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """`width`, `height` in pixels; `frames` at `fps` a second; `created` is an aware time.

    `options` are the request's optional values that had an effect; `photoplay` is the version of
    the program, and the key by which other people's comments are told from ours.
    """

    photoplay: str
    prompt: str
    effective_prompt: str
    negative_prompt: str
    seed: int
    engine: str
    model: str
    motion: str
    effect: str
    width: int
    height: int
    frames: int
    fps: int
    created: datetime
    options: Mapping[str, Scalar] = field(default_factory=dict)

    def to_json(self) -> str:
        """Compact JSON of at most `LIMIT` bytes; the longest prompts end in … where they must.

        Raises `ValueError` where the recipe is too long even without its prompts, or where an
        option is not a finite number.
        """
        text = self._json()
        if _size(text) <= LIMIT:
            return text
        longest = max(len(self.prompt), len(self.effective_prompt), len(self.negative_prompt))
        too_long = bisect_left(
            range(longest + 1), True, key=lambda limit: _size(self._cut(limit)._json()) > LIMIT
        )
        if too_long == 0:
            raise ValueError(f"without its prompts the recipe is still over {LIMIT} bytes")
        return self._cut(too_long - 1)._json()

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Read `to_json` back; keys of later versions are passed over.

        Raises `BrokenRecipe` for text that is no JSON, a missing field and one of another type.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BrokenRecipe("it is not JSON") from error
        if not isinstance(data, dict):
            raise BrokenRecipe("it is not a JSON object")
        return cls(
            photoplay=_value(data, "photoplay", str),
            prompt=_value(data, "prompt", str),
            effective_prompt=_value(data, "effective_prompt", str),
            negative_prompt=_value(data, "negative_prompt", str),
            seed=_value(data, "seed", int),
            engine=_value(data, "engine", str),
            model=_value(data, "model", str),
            motion=_value(data, "motion", str),
            effect=_value(data, "effect", str),
            width=_value(data, "width", int),
            height=_value(data, "height", int),
            frames=_value(data, "frames", int),
            fps=_value(data, "fps", int),
            created=_time(_value(data, "created", str)),
            options=_options(data.get("options")),
        )

    def _json(self) -> str:
        data = asdict(self) | {"created": self.created.isoformat(), "options": dict(self.options)}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        # Half a surrogate pair can arrive in somebody's JSON; UTF-8 has no bytes for it.
        return text.encode("utf-8", "replace").decode()

    def _cut(self, limit: int) -> Recipe:
        return replace(
            self,
            prompt=_shortened(self.prompt, limit),
            effective_prompt=_shortened(self.effective_prompt, limit),
            negative_prompt=_shortened(self.negative_prompt, limit),
        )


def read_recipe(path: Path) -> Recipe | None:
    """The recipe in a clip, or `None` where it carries none of ours.

    Raises `BrokenClip` where the file is no MP4, `OSError` where it can't be read.
    """
    comment = read_index(path).comment
    if comment is None:
        return None
    try:
        return Recipe.from_json(comment)
    except BrokenRecipe:
        return None


def _size(text: str) -> int:
    return len(text.encode())


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _value(data: Mapping[str, object], name: str, kind: type[T]) -> T:
    value = data.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):  # True is an int to isinstance
        raise BrokenRecipe(f"{name!r} is missing or not of type {kind.__name__}")
    return value


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BrokenRecipe("'created' is not an ISO time") from error
    if moment.tzinfo is None:
        raise BrokenRecipe("'created' has no time zone")
    return moment


def _options(value: object) -> dict[str, Scalar]:
    if not isinstance(value, dict):
        raise BrokenRecipe("'options' is missing or not an object")
    options: dict[str, Scalar] = {}
    for name, option in value.items():
        if not (option is None or isinstance(option, str | int | float)):
            raise BrokenRecipe(f"option {name!r} is neither text nor number")
        options[name] = option
    return options
