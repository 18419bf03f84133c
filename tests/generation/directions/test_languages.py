"""Which language a clause is in is told by its words, and one prompt may have several."""

from __future__ import annotations

import pytest

from generation.directions.parse import parse
from generation.directions.words import language_of
from tests.generation.directions.test_prompts import corpus


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


@pytest.mark.parametrize(
    ("prompt", "effect"), [("Nacht.", "night"), ("Météo : neige.", "snow"), ("Noche!", "night")]
)
def test_a_full_stop_is_no_english_word(prompt: str, effect: str) -> None:
    assert list(parse(prompt).effects) == [effect]
