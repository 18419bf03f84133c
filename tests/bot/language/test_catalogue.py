"""Every locale says everything, with the same facts in it, and nothing that nobody says."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from bot.language.catalogue import LOCALES, load_texts

BOT = Path(__file__).parents[3] / "bot"


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_says_what_english_says_with_the_same_facts(locale: str) -> None:
    texts = load_texts()
    english, other = texts.of("en"), texts.of(locale)
    assert other.locale == locale
    assert other.keys == english.keys
    for key in english.keys:
        assert placeholders(other.sentence(key)) == placeholders(english.sentence(key)), key


def test_every_sentence_is_said_by_somebody() -> None:
    code = "".join(path.read_text("utf-8") for path in BOT.rglob("*.py"))
    keys = [key for key in load_texts().of("en").keys if key.startswith("chat.")]
    keys = [key for key in keys if not key.startswith("chat.button.")]  # put together of a verb
    assert len(keys) > 50
    assert [key for key in keys if f'"{key}"' not in code and f"'{key}'" not in code] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("de", "de"),
        ("zh-CN", "zh"),
        ("es-419", "es"),
        ("pt-BR", "en"),
        ("EN_us", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_locale_is_taken(asked: str | None, found: str) -> None:
    assert load_texts().of(asked).locale == found


def test_an_unknown_key_is_an_error_and_not_an_empty_sentence() -> None:
    with pytest.raises(KeyError):
        load_texts().of("en").say("chat.waiting.nothing")


def test_braces_that_somebody_typed_stay_as_they_are() -> None:
    said = load_texts().of("en").say("chat.recipe.prompt", prompt="{0.__class__} {seed}")
    assert said == "Prompt: {0.__class__} {seed}"
