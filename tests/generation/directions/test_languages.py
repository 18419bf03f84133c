"""Which language a clause is in is told by its words, and one prompt may have several."""

from __future__ import annotations

import pytest

from generation.directions.parse import parse
from generation.directions.phrasebook import LANGUAGES, folded, phrasebook
from generation.directions.translate import ROWS, WORD_ORDER, rearranged
from generation.directions.words import language_of, words_of
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


@pytest.mark.parametrize("at", range(len(WORD_ORDER)))
def test_each_row_of_the_order_is_needed_by_its_example(at: int) -> None:
    example, *_ = WORD_ORDER[at]
    book = phrasebook(language_of(example))
    words = book.said(folded(example.casefold()))
    rows = ROWS if book.final else ROWS[:-1]
    others = [row for row in rows if row is not ROWS[at]]
    assert rearranged(words.copy(), rows) != rearranged(words, others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_star_stands_at_the_end_of_its_phrase(language: str) -> None:
    assert [one for one in phrasebook(language).means if "*" in one[:-1]] == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("She says: “zoom in”, it rains", "she says quote , it rains"),
        ("travelling autour de l’orbite", "dolly around orbit"),
        ("they're 3 dogs at the car's side", "theyre dogs at the car side"),
        ("camera: none -- it’s night - fog", "static camera , it night , fog"),
        ("1. pan left 2) zoom in ➡️ ❄️", "then pan left . then zoom in . then snow"),
        ("pan left --> tilt up\n-rain & snow", "pan left , . then tilt up . rain and snow"),
        ("zooom sloooow_mo 360° pan1", "zoom _ parallax pan"),
        ("ZOOM　ＩＮ… they'll", "zoom in . . . theyll"),
    ],
)
def test_what_is_typed_becomes_plain_words(typed: str, words: str) -> None:
    assert " ".join(words_of(typed)).lstrip(" .") == words
