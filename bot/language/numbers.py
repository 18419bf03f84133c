"""Numbers, lists and plural forms as each language writes them; CLDR's rules, by babel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit


def decimal(language: Locale, value: float, digits: int, *, fixed: bool = False) -> str:
    """At most so many digits after the separator, or exactly so many: 0,7 in German."""
    pattern = f"0.{('0' if fixed else '#') * digits}" if digits else "0"
    return format_decimal(value, pattern, locale=language)


def size(language: Locale, count: int) -> str:
    """So many bytes in the unit that leaves something before the separator: 1,2 MB, 48 kB."""
    unit, value = ("megabyte", count / 1e6) if count >= 999_500 else ("kilobyte", count / 1e3)
    pattern = "0.#" if unit == "megabyte" or value < 10 else "0"
    return format_unit(value, f"digital-{unit}", "short", pattern, locale=language)


def listed(
    language: Locale, items: Sequence[str], style: Literal["standard", "or"] = "standard"
) -> str:
    """`a, b and c`, or with `or`; in Japanese a、b、c."""
    return format_list(list(items), style=style, locale=language)


def plural(language: Locale, count: float) -> str:
    """`one`, `two`, `few`, `many` or `other`."""
    return language.plural_form(count)


def ordinal(language: Locale, number: int) -> str:
    """1st, 2nd, 11th in English; elsewhere a place in line is said with the plain number."""
    if language.language != "en":
        return str(number)
    endings = {"one": "st", "two": "nd", "few": "rd"}
    return f"{number}{endings.get(language.ordinal_form(number), 'th')}"
