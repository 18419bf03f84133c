"""Every locale says everything, with the same facts in it, and nothing that nobody says."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.language.catalogue import LOCALES, load_texts
from bot.language.cldr import LANGUAGES

STATIC = Path(__file__).parents[3] / "bot" / "platforms" / "web" / "static"


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_says_what_english_says_with_the_same_facts(locale: str) -> None:
    texts = load_texts()
    english, other = texts.of("en"), texts.of(locale)
    assert other.locale == locale
    assert other.keys == english.keys
    for key in english.keys:
        for form in other.forms(key).values():
            assert placeholders(form) == placeholders(english.sentence(key)), key


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_with_a_number_has_the_forms_of_its_language(locale: str) -> None:
    catalogue = load_texts().of(locale)
    needed = {LANGUAGES[locale].plural(count) for count in range(1000)}
    for key in catalogue.keys:
        forms = catalogue.forms(key).keys()
        assert "other" in forms, key
        assert len(forms) == 1 or needed <= forms, key


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("de", "de"),
        ("zh-CN", "zh"),
        ("zh-hans-TW", "zh"),
        ("zh-hant", "zh-TW"),
        ("zh_TW", "zh-TW"),
        ("zh-HK", "zh-TW"),
        ("zh-Hant-MO", "zh-TW"),
        ("es-419", "es"),
        ("pt-BR", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt_PT", "pt-BR"),
        ("ru-UA", "ru"),
        ("ko-KR", "ko"),
        ("it_CH", "it"),
        ("nl-BE", "en"),
        ("EN_us", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_locale_is_taken(asked: str | None, found: str) -> None:
    assert load_texts().of(asked).locale == found


def test_the_page_offers_every_language_that_we_have() -> None:
    script = (STATIC / "header.js").read_text("utf-8")
    [offered] = re.findall(r"const LANGUAGES = \{(.*?)\};", script, re.DOTALL)
    assert set(re.findall(r"""["']?([\w-]+)["']?: \"""", offered)) == set(LOCALES)


def test_an_unknown_key_is_an_error_and_not_an_empty_sentence() -> None:
    with pytest.raises(KeyError):
        load_texts().of("en").say("chat.waiting.nothing")


def test_braces_that_somebody_typed_stay_as_they_are() -> None:
    said = load_texts().of("en").say("chat.recipe.prompt", prompt="{0.__class__} {seed}")
    assert said == "Prompt: {0.__class__} {seed}"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("de-CH, de;q=0.9, en;q=0.8", "de"),
        ("nl-BE, fr;q=0.5, ja;q=0.7", "ja"),
        ("pt-PT, pt;q=0.9, en;q=0.5", "pt-BR"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("fr;q=0, *", "en"),
        ("zh-Hant-TW, zh;q=0.9, en;q=0.5", "zh-TW"),
        ("zh-CN, zh-TW;q=0.9", "zh"),
        ("*", "en"),
        ("es;q=lots", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_browser_is_answered_in_the_language_it_likes_best(
    header: str | None, found: str
) -> None:
    assert load_texts().accepted(header).locale == found


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "", "LC_ALL": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr"}, "fr"),
        ({"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "nl_BE:ja_JP.UTF-8:es"}, "ja"),
        ({"LC_ALL": "sr_RS.UTF-8@latin", "LANGUAGE": "nl:sv"}, "en"),
        ({"LC_ALL": "de_DE.UTF-8", "LANGUAGE": ""}, "de"),
        ({"LANGUAGE": "es"}, "es"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LANG": "ko_KR.eucKR"}, "ko"),
        ({"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "sv:it_IT"}, "it"),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8", "LANGUAGE": "fr"}, "en"),
        ({}, "en"),
    ],
)
def test_a_terminal_is_answered_in_its_language(environment: dict[str, str], found: str) -> None:
    assert load_texts().of_environment(environment).locale == found


def test_a_fact_is_written_as_its_placeholder_says_in_each_language() -> None:
    english, german, japanese = (load_texts().of(locale) for locale in ("en", "de", "ja"))
    assert english.written(0.7, ".1") == "0.7"
    assert german.written(0.7, ".1") == "0,7"
    assert german.written(4, ".1f") == "4,0"
    assert german.written(2147483647, "") == "2147483647"
    assert english.written(22, "ordinal") == "22nd"
    assert german.written(22, "ordinal") == "22"
    assert german.written(("a", "b", "c"), "or") == "a, b oder c"
    assert german.written("zoom-in", "directions.motion") == "Heranzoomen"
    assert german.written("a name of somebody's", "options") == "a name of somebody's"
    assert japanese.written(40.0, "duration") == "約40秒"


def test_a_file_is_as_large_as_it_is_said_to_be_however_small() -> None:
    english, german, french = (load_texts().of(locale) for locale in ("en", "de", "fr"))
    sizes = (0, 310, 4_560, 48_300, 999_499, 999_500, 1_240_000, 25_000_000)
    said = ["0 kB", "0.3 kB", "4.6 kB", "48 kB", "999 kB", "1 MB", "1.2 MB", "25 MB"]
    assert [english.written(size, "bytes") for size in sizes] == said
    assert german.written(1_240_000, "bytes") == "1,2 MB"
    assert french.written(48_300, "bytes") == "48\u202fko"


def test_an_estimate_of_time_is_rounded_more_the_longer_it_is() -> None:
    english = load_texts().of("en")
    said = [english.duration(seconds) for seconds in (0.2, 7, 41, 92, 5399, 9000)]
    assert said == [
        "about 1 s",
        "about 7 s",
        "about 40 s",
        "about 2 min",
        "about 90 min",
        "about 2 h",
    ]
