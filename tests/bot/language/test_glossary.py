"""One word for one thing, in every language; `tests/data/glossary` has the words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.language.catalogue import LOCALES, load_texts

GLOSSARIES = Path(__file__).parents[2] / "data" / "glossary"
TEXTS = load_texts()
WITHOUT_SPACES = ("ja", "ko", "zh", "zh-TW")
"""Languages whose words nothing stands between, or whose particles cling to them."""

NO_WORDS = re.compile(r"\{[^}]*\}|`[^`]*`|/[a-z]+|--?[a-z]+|[a-z]+=[\w-]+")
"""What stands for a fact, or has to be typed as it is."""

HELPED = ("reroll", "edit", "extend", "loop", "recipe", "delete")


def glossary(locale: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((GLOSSARIES / f"{locale}.toml").read_text("utf-8"))


def written(locale: str) -> Iterator[tuple[str, str]]:
    catalogue = TEXTS.of(locale)
    for key in sorted(catalogue.keys):
        for form in catalogue.forms(key).values():
            yield key, form


def whole(pattern: str, locale: str) -> re.Pattern[str]:
    return re.compile(pattern if locale in WITHOUT_SPACES else rf"(?<!\w)(?:{pattern})(?!\w)")


def test_every_language_has_words_for_the_same_things() -> None:
    assert {path.stem for path in GLOSSARIES.iterdir()} == set(LOCALES)
    for locale in LOCALES:
        assert glossary("en").keys() <= glossary(locale).keys(), locale


@pytest.mark.parametrize("locale", LOCALES)
def test_a_thing_is_called_by_its_word(locale: str) -> None:
    sentences = "\n".join(form for _, form in written(locale)).lower()
    unused = [
        thing for thing, row in glossary(locale).items() if row["word"].lower() not in sentences
    ]
    assert not unused


@pytest.mark.parametrize("locale", LOCALES)
def test_a_thing_is_called_by_no_other_word(locale: str) -> None:
    wrong = [
        (thing, key, form)
        for thing, row in glossary(locale).items()
        for pattern in row["never"]
        for key, form in written(locale)
        if not key.startswith(tuple(row.get("but_in", ())))
        and whole(pattern, locale).search(NO_WORDS.sub("…", form))
    ]
    assert not wrong


@pytest.mark.parametrize(("locale", "charset"), [("zh", "gb2312"), ("zh-TW", "big5")])
def test_each_chinese_is_written_in_its_own_characters(locale: str, charset: str) -> None:
    for key, form in written(locale):
        characters = "".join(re.findall("[\u4e00-\u9fff]", form))
        assert characters.encode(charset, "ignore").decode(charset) == characters, key


def test_french_breaks_no_line_before_a_double_mark_nor_writes_two_apostrophes() -> None:
    wrong = [key for key, form in written("fr") if re.search("[ ][:;?!»]|«[ ]|’", form)]
    assert not wrong


@pytest.mark.parametrize("locale", LOCALES)
def test_help_calls_every_button_by_its_label(locale: str) -> None:
    catalogue = TEXTS.of(locale)
    said = catalogue.say("chat.help.buttons")
    assert [one for one in HELPED if catalogue.say(f"chat.button.{one}") not in said] == []
    menus = {name: catalogue.say(f"discord.menu.{name}") for name in ("message", "avatar")}
    assert all(name in catalogue.say("discord.help", **menus) for name in menus.values())
