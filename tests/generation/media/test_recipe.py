"""A recipe comes back as it went in, whatever a person typed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generation.media.probe import BrokenClip
from generation.media.recipe import LIMIT, BrokenRecipe, Recipe, read_recipe
from tests.generation.media.clips import RECIPE, encoded

pytestmark = pytest.mark.slow

EVIL = (
    "=;#\\\n\r\"'`$()<>&%\x00\x1b\x7f\u2028\u202e\ufeff é 漢 🎬"
    " ['comment'] [CHAPTER]\n;FFMETADATA1\n"
)

TEXT = st.text(max_size=300)
OPTIONS = st.dictionaries(
    st.text(max_size=20),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=50),
    max_size=5,
)
RECIPES = st.builds(
    Recipe,
    photoplay=st.text(max_size=20),
    prompt=TEXT,
    effective_prompt=TEXT,
    negative_prompt=TEXT,
    seed=st.integers(),
    engine=st.text(max_size=20),
    model=st.text(max_size=100),
    motion=st.text(max_size=20),
    effect=st.text(max_size=20),
    width=st.integers(1, 1280),
    height=st.integers(1, 1280),
    frames=st.integers(1, 257),
    fps=st.integers(1, 60),
    created=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5.5))])),
    options=OPTIONS,
)


@given(RECIPES)
@example(replace(RECIPE, prompt=EVIL, options={EVIL: EVIL}))
def test_json_comes_back_exactly(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe


@settings(max_examples=15, deadline=None)
@given(TEXT, TEXT)
@example(EVIL, EVIL * 10)
@example("\\", "\\\n=")
def test_a_clip_gives_its_recipe_back_exactly(prompt: str, negative: str) -> None:
    recipe = replace(RECIPE, prompt=prompt, negative_prompt=negative, width=16, height=16, frames=1)
    with tempfile.TemporaryDirectory() as folder:
        clip = encoded(Path(folder), recipe)
        assert read_recipe(clip.path) == recipe


@given(st.lists(st.text(max_size=2_000), min_size=3, max_size=3))
@example(["🎬" * 2_000] * 3)
@example(["\x00" * 2_000] * 3)
@example(["a" * 20_000, "short", ""])
def test_a_recipe_never_takes_more_than_its_bytes(prompts: list[str]) -> None:
    prompt, effective, negative = prompts
    recipe = replace(RECIPE, prompt=prompt, effective_prompt=effective, negative_prompt=negative)
    text = recipe.to_json()
    assert len(text.encode()) <= LIMIT
    back = Recipe.from_json(text)
    for kept, asked in zip(
        (back.prompt, back.effective_prompt, back.negative_prompt), prompts, strict=True
    ):
        assert kept == asked or (kept.endswith("…") and asked.startswith(kept[:-1]))
    assert replace(back, prompt=prompt, effective_prompt=effective, negative_prompt=negative) == (
        recipe
    )


def test_only_what_is_long_is_cut_and_the_room_is_used() -> None:
    recipe = replace(RECIPE, prompt="kept", effective_prompt="x" * 10_000)
    text = recipe.to_json()
    assert Recipe.from_json(text).prompt == "kept"
    assert len(text.encode()) > LIMIT - 5


def test_the_longest_recipe_survives_the_file(tmp_path: Path) -> None:
    recipe = replace(RECIPE, prompt="漢=" * 1_000, effective_prompt="🎬;" * 1_000)
    clip = encoded(tmp_path, recipe)
    back = read_recipe(clip.path)
    assert back == Recipe.from_json(recipe.to_json())


def test_what_is_too_long_without_its_prompts_is_a_defect() -> None:
    with pytest.raises(ValueError, match="without its prompts"):
        replace(RECIPE, model="m" * LIMIT).to_json()


def test_what_is_no_number_is_a_defect() -> None:
    with pytest.raises(ValueError, match="JSON"):
        replace(RECIPE, options={"strength": float("nan")}).to_json()


def test_half_a_surrogate_pair_does_not_stop_a_clip() -> None:
    assert Recipe.from_json(replace(RECIPE, prompt="a\ud83cb").to_json()).prompt == "a?b"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", None),
        ("prompt", 5),
        ("seed", "7"),
        ("seed", 7.0),
        ("seed", True),
        ("created", "yesterday"),
        ("created", "2026-01-02T03:04:05"),
        ("options", []),
        ("options", {"strength": [0.5]}),
        ("photoplay", {}),
    ],
)
def test_a_value_of_another_type_is_named(field: str, value: object) -> None:
    data: dict[str, Any] = json.loads(RECIPE.to_json())
    with pytest.raises(BrokenRecipe, match="strength" if value == {"strength": [0.5]} else field):
        Recipe.from_json(json.dumps(data | {field: value}))


@pytest.mark.parametrize("field", sorted(json.loads(RECIPE.to_json())))
def test_a_missing_value_is_named(field: str) -> None:
    data: dict[str, Any] = json.loads(RECIPE.to_json())
    del data[field]
    with pytest.raises(BrokenRecipe, match=field):
        Recipe.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "a holiday film", "[" * 7_000])
def test_other_text_is_no_recipe(text: str) -> None:
    with pytest.raises(BrokenRecipe):
        Recipe.from_json(text)


def test_a_later_version_may_say_more() -> None:
    data: dict[str, Any] = json.loads(RECIPE.to_json())
    assert Recipe.from_json(json.dumps(data | {"loop": True})) == RECIPE


def test_a_file_that_is_no_clip_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"not a clip")
    with pytest.raises(BrokenClip):
        read_recipe(path)
