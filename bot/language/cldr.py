"""How each language counts, writes a number and joins a list: what of CLDR a sentence needs.

The languages of the catalogue. A test holds every line against babel, which has all of CLDR and is
in the tests alone (docs/decisions/0043-cldr-in-a-table.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Form = Literal["one", "few", "many", "other"]
"""CLDR knows `zero` and `two` as well; no language here has them."""

Plural = Callable[[float], Form]

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Joined:
    """What stands between the items of a list: between two, and before the last of more."""

    comma: str
    two: str
    last: str
    before: Callable[[str], str | None] = lambda _: None
    """What stands before a last item whose sound the usual word would run into."""


@dataclass(frozen=True, slots=True)
class Language:
    plural: Plural
    point: str
    """Between a number's whole part and its fraction."""
    all_of: Joined
    one_of: Joined
    kilobytes: str = "{} kB"
    megabytes: str = "{} MB"
    ordinal: Callable[[int], str] = str
    """A place in line; most languages have genders there, so a number has to do."""


def _alike(count: float) -> Form:
    return "other"


def _one(count: float) -> Form:
    return "one" if count == 1 else "other"


def _one_and_millions(count: float) -> Form:
    """A million *of* clips: what comes after a round million is said another way."""
    return _one(count) if count == 0 or count % MILLION else "many"


def _below_two_and_millions(count: float) -> Form:
    return "one" if 0 <= count < 2 else _one_and_millions(count)


def _east_slavic(count: float) -> Form:
    """By the last two digits; a broken number has a form of its own."""
    if count != int(count):
        return "other"
    if count % 10 == 1 and count % 100 != 11:
        return "one"
    return "few" if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else "many"


def _english_ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _comma(word: str) -> Joined:
    return Joined(", ", f" {word} ", f" {word} ")


def _spanish_and(item: str) -> str | None:
    """Not before a diphthong: "nieve y hielo"."""
    return " e " if re.match(r"h?[ií](?!e)", item, re.IGNORECASE) else None


def _spanish_or(item: str) -> str | None:
    return " u " if re.match(r"h?[oó]|8", item, re.IGNORECASE) else None


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        _one,
        ".",
        all_of=Joined(", ", " and ", ", and "),
        one_of=Joined(", ", " or ", ", or "),
        ordinal=_english_ordinal,
    ),
    "de": Language(_one, ",", _comma("und"), _comma("oder")),
    "fr": Language(
        _below_two_and_millions,
        ",",
        all_of=_comma("et"),
        one_of=_comma("ou"),
        kilobytes="{}\u202fko",
        megabytes="{}\u202fMo",
    ),
    "es": Language(
        _one_and_millions,
        ",",
        all_of=Joined(", ", " y ", " y ", _spanish_and),
        one_of=Joined(", ", " o ", " o ", _spanish_or),
    ),
    "it": Language(_one_and_millions, ",", _comma("e"), _comma("o")),
    "pt-BR": Language(_below_two_and_millions, ",", _comma("e"), _comma("ou")),
    "ru": Language(
        _east_slavic,
        ",",
        all_of=_comma("и"),
        one_of=_comma("или"),
        kilobytes="{} кБ",
        megabytes="{} МБ",
    ),
    "ja": Language(
        _alike,
        ".",
        all_of=Joined("、", "、", "、"),
        one_of=Joined("、", "または", "、または"),
        kilobytes="{} KB",
    ),
    "ko": Language(
        _alike,
        ".",
        all_of=_comma("및"),
        one_of=_comma("또는"),
        kilobytes="{}kB",
        megabytes="{}MB",
    ),
    "zh": Language(_alike, ".", Joined("、", "和", "和"), Joined("、", "或", "或")),
    "zh-TW": Language(_alike, ".", Joined("、", "和", "和"), Joined("、", "或", "或")),
}
