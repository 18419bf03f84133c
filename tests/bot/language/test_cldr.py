"""Each language counts, writes numbers and joins lists as CLDR says, whose whole babel has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.language.catalogue import LOCALES
from bot.language.cldr import LANGUAGES
from bot.language.numbers import decimal, listed, size

COUNTS = (*range(2_100), *(10**power + more for power in range(4, 13) for more in range(25)))
BROKEN = (*(tenth / 10 for tenth in range(250)), 1e6 + 0.5, 2.000001, 0.05, 1e-7)
ITEMS = ("a", "{0}", "c, d", "e", "f")

every_language = pytest.mark.parametrize("name", LANGUAGES)


def known(name: str) -> Locale:
    return Locale.parse(name, sep="-")


def test_every_language_of_the_catalogue_is_known() -> None:
    assert LANGUAGES.keys() == set(LOCALES)


@every_language
def test_a_count_has_the_plural_form_of_cldr(name: str) -> None:
    expected, ours = known(name).plural_form, LANGUAGES[name].plural
    wrong = [count for count in (*COUNTS, *BROKEN) if ours(count) != expected(count)]
    assert not wrong


@every_language
def test_a_list_is_joined_as_cldr_joins_it(name: str) -> None:
    language, locale = LANGUAGES[name], known(name)
    for length in range(len(ITEMS) + 1):
        items = ITEMS[:length]
        assert listed(language.all_of, items) == format_list(items, "standard", locale)
        assert listed(language.one_of, items) == format_list(items, "or", locale)


def test_spanish_and_and_or_give_way_to_the_same_sound() -> None:
    spanish = LANGUAGES["es"]
    assert listed(spanish.all_of, ["panorámica", "inclinación"]) == "panorámica e inclinación"
    assert listed(spanish.all_of, ["lluvia", "nieve", "hielo"]) == "lluvia, nieve y hielo"
    assert listed(spanish.all_of, ["inclinación", "zoom"]) == "inclinación y zoom"
    assert listed(spanish.one_of, ["izquierda", "órbita"]) == "izquierda u órbita"


NUMBERS = st.one_of(st.floats(-1e9, 1e9), st.integers(-(2**53), 2**53))


@example(0.05, 1, False)
@example(0.25, 1, True)
@example(-0.04, 1, False)
@example(999.95, 1, True)
@given(NUMBERS, st.integers(0, 3), st.booleans())
@settings(deadline=None)
def test_a_number_is_written_as_cldr_writes_it(value: float, digits: int, fixed: bool) -> None:
    pattern = f"0.{('0' if fixed else '#') * digits}" if digits else "0"
    for name, language in LANGUAGES.items():
        expected = format_decimal(value, pattern, known(name))
        assert decimal(language, value, digits, fixed=fixed) == expected


@pytest.mark.parametrize(
    ("count", "unit", "pattern"),
    [
        (0, "kilobyte", "0.#"),
        (4_560, "kilobyte", "0.#"),
        (48_300, "kilobyte", "0"),
        (1_240_000, "megabyte", "0.#"),
        (25_000_000, "megabyte", "0.#"),
    ],
)
def test_a_size_has_the_unit_of_cldr(count: int, unit: str, pattern: str) -> None:
    value = count / (1e3 if unit == "kilobyte" else 1e6)
    for name, language in LANGUAGES.items():
        expected = format_unit(value, f"digital-{unit}", "short", pattern, known(name))
        assert size(language, count) == expected


def test_a_place_in_line_has_its_english_ending_as_cldr_says() -> None:
    form: Callable[[int], str] = known("en").ordinal_form
    endings = {"one": "st", "two": "nd", "few": "rd", "other": "th"}
    for number in range(1_200):
        assert LANGUAGES["en"].ordinal(number) == f"{number}{endings[form(number)]}"


def test_a_language_without_endings_says_a_place_as_a_plain_number() -> None:
    assert {one.ordinal(22) for name, one in LANGUAGES.items() if name != "en"} == {"22"}
