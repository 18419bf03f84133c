"""The menu's own words are understood in every language, and clauses of several in one prompt."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from generation.directions.parse import parse
from generation.directions.vocabulary import Effect, Motion
from generation.directions.words import language_of
from tests.generation.directions.test_prompts import corpus

LOCALES = Path(__file__).parents[3] / "bot" / "language" / "locales"


def said(kind: str) -> list[Any]:
    files = sorted(LOCALES.glob("*/directions.toml"))
    return [
        pytest.param(name, words, id=f"{file.parent.name}-{name}")
        for file in files
        for name, words in tomllib.loads(file.read_text("utf-8"))[kind].items()
        if name not in ("auto", "none")
    ]


@pytest.mark.parametrize(("name", "words"), said("motion"))
def test_every_motion_is_understood_as_the_menu_calls_it(name: str, words: str) -> None:
    assert [[move.motion for move in shot] for shot in parse(words).shots] == [[Motion(name)]]


@pytest.mark.parametrize(("name", "words"), said("effect"))
def test_every_effect_is_understood_as_the_menu_calls_it(name: str, words: str) -> None:
    assert parse(words).effects == (Effect(name),)


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "ja", "ko", "pt", "ru", "zh"])
def test_a_prompt_is_told_to_be_in_its_language(language: str) -> None:
    told = [language_of(one["prompt"]) for one in corpus(language)]
    assert told.count(language) > 0.75 * len(told)


@pytest.mark.parametrize(
    ("prompt", "motions", "effects"),
    [
        ("zoom in, es regnet", ["zoom-in"], ["rain"]),
        ("langsam heranzoomen, then pan left", ["zoom-in", "pan-left"], []),
        ("雪が降る, slow zoom out", ["zoom-out"], ["snow"]),
        ("камера влево, fog", ["pan-left"], ["fog"]),
        ("镜头向左摇，然后 zoom in", ["pan-left", "zoom-in"], []),
    ],
)
def test_each_clause_has_its_own_language(
    prompt: str, motions: list[str], effects: list[str]
) -> None:
    read = parse(prompt)
    assert [move.motion for shot in read.shots for move in shot] == motions
    assert list(read.effects) == effects


def test_english_is_told_to_be_english() -> None:
    told = [language_of(one["prompt"]) for part in ("seen", "held_out") for one in corpus(part)]
    assert [language for language in told if language != "en"] == []
