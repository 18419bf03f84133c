"""Numbers, lists and plural forms as each language writes them, by its line of CLDR."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.language.cldr import Joined, Language


def decimal(language: Language, value: float, digits: int, *, fixed: bool = False) -> str:
    """At most so many digits after the separator, or exactly so many: 0,7 in German."""
    whole, _, fraction = f"{Decimal(str(value)):.{digits}f}".partition(".")
    fraction = fraction if fixed else fraction.rstrip("0")
    return f"{whole}{language.point}{fraction}" if fraction else whole


def size(language: Language, count: int) -> str:
    """So many bytes in the unit that leaves something before the separator: 1,2 MB, 48 kB."""
    if count >= 999_500:
        return language.megabytes.format(decimal(language, count / 1e6, 1))
    value = count / 1e3
    return language.kilobytes.format(decimal(language, value, 1 if value < 10 else 0))


def listed(joined: Joined, items: Sequence[str]) -> str:
    """`a, b and c`, or with `or`; in Japanese a、b、c."""
    if len(items) < 2:
        return "".join(items)
    *others, last = items
    word = joined.before(last) or (joined.two if len(items) == 2 else joined.last)
    return f"{joined.comma.join(others)}{word}{last}"
