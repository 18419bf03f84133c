"""How a film was made: its style, and the recipe of each scene, in one text."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from generation.media.joining.film import FilmScene, FilmShape, FilmStyle
from generation.media.mp4_index import read_index
from generation.media.recipe import LIMIT, Recipe, read_recipe

TEXTS = ("prompt", "negative_prompt", "effective_prompt")
DERIVED = frozenset({"effective_prompt"})
"""What follows from the rest of a scene's recipe is the first to go."""

LEAVABLE = DERIVED | {"options"}

SceneRecipe = dict[str, object]


def film_recipe(
    given: Mapping[str, object], scenes: Sequence[FilmScene], style: FilmStyle, shape: FilmShape
) -> str:
    """Compact JSON of at most `LIMIT` bytes; scenes lose what they have to.

    `given` is written as it is, beside what is known here. Raises `ValueError` where there is no
    room even for the shortest, `BrokenClip` and `OSError` where a clip cannot be read.
    """
    film: dict[str, object] = {
        "photoplay": version("photoplay"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "transition": style.transition.value,
        "fit": style.fit.value,
        "fade_seconds": style.fade_seconds,
        "width": shape.width,
        "height": shape.height,
        "fps": shape.fps,
        **given,
    }
    recipes = [_scene(scene) for scene in scenes]
    for left_out in (frozenset[str](), DERIVED, LEAVABLE):
        if _size(text := _text(film, recipes, left_out)) <= LIMIT:
            return text
    longest = max(len(str(recipe.get(name, ""))) for recipe in recipes for name in TEXTS)
    for left_out in (DERIVED, LEAVABLE):
        shortened = partial(_text, film, recipes, left_out)
        fitting = bisect_left(range(longest + 1), LIMIT + 1, key=_size_of(shortened))
        if fitting:
            return shortened(fitting - 1)
    raise ValueError(f"without its prompts the recipe is still over {LIMIT} bytes")


def parse_film_recipe(text: str) -> Mapping[str, object] | None:
    """`film_recipe` read back, or `None` for what is no film's."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(data, dict) and isinstance(data.get("photoplay"), str)):
        return None
    scenes = data.get("scenes")
    if not (isinstance(scenes, list) and scenes):
        return None
    return data if all(isinstance(scene, dict) for scene in scenes) else None


def read_film_recipe(path: Path) -> Mapping[str, object] | None:
    """What a film says of itself, or `None`; raises `BrokenClip` and `OSError`."""
    comment = read_index(path).comment
    return None if comment is None else parse_film_recipe(comment)


def _scene(scene: FilmScene) -> SceneRecipe:
    """Of a clip without a recipe of ours nothing is known but its words."""
    recipe: Recipe | None = read_recipe(scene.clip)
    if recipe is None:
        return {"prompt": scene.title}
    found: SceneRecipe = json.loads(recipe.to_json())
    return found


def _text(
    film: Mapping[str, object],
    recipes: Sequence[SceneRecipe],
    left_out: frozenset[str],
    limit: int | None = None,
) -> str:
    scenes = [
        {name: _cut(value, limit) for name, value in recipe.items() if name not in left_out}
        for recipe in recipes
    ]
    whole = {**film, "scenes": scenes}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace").decode()


def _cut(value: object, limit: int | None) -> object:
    if limit is None or not isinstance(value, str) or len(value) <= limit:
        return value
    return value[: max(limit - 1, 0)] + "…"


def _size_of(shortened: Callable[[int], str]) -> Callable[[int], int]:
    return lambda limit: _size(shortened(limit))


def _size(text: str) -> int:
    return len(text.encode())
