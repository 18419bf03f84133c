"""The buttons under the question what of an album shall be animated as well."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.language.catalogue import Catalogue

ALBUM = re.compile(
    r"v1\|album\|(?P<which>[0-9]{1,2}|film|each|first)(?:\|(?P<picture>[0-9]{1,19}))?", re.ASCII
)
"""`v1|album|each|17` with the message of the first picture, which older versions did not name."""


TOGETHER = ("film", "each", "first")
"""What can be made by one tap, in the order of the buttons."""


@dataclass(frozen=True, slots=True)
class OthersChosen:
    """The numbers in the album that a tap asks for, 1 being the first: a clip of each, or a film.

    `picture` is the message of the first.
    """

    numbers: frozenset[int]
    picture: int | None = None
    film: bool = False


def parse_album(data: str, offered: Collection[int]) -> OthersChosen | None:
    """`offered` are the numbers that can still be chosen."""
    found = ALBUM.fullmatch(data)
    if found is None:
        return None
    picture = int(found["picture"]) if found["picture"] is not None else None
    match found["which"]:
        case "film":
            return OthersChosen(frozenset(), picture, film=True)
        case "each":
            return OthersChosen(frozenset({1, *offered}), picture)
        case "first":
            return OthersChosen(frozenset({1}), picture)
        case number:
            return OthersChosen(frozenset({int(number)}) & frozenset(offered), picture)


def offered(markup: InlineKeyboardMarkup | None) -> frozenset[int]:
    """The numbers on the buttons."""
    rows = markup.inline_keyboard if markup is not None else ()
    found = (ALBUM.fullmatch(str(button.callback_data)) for row in rows for button in row)
    return frozenset(int(one["which"]) for one in found if one and one["which"].isdecimal())


def others(
    numbers: Collection[int], picture: int | None, catalogue: Catalogue
) -> InlineKeyboardMarkup:
    """All of them as one, each of them, the first, or one by one; five in a row."""
    behind = f"|{picture}" if picture is not None else ""

    def choice(label: str, which: str) -> Button:
        return Button(label, callback_data=f"v1|album|{which}{behind}")

    together = [choice(catalogue.say(f"telegram.album.{which}"), which) for which in TOGETHER]
    each = [choice(str(one), str(one)) for one in sorted(numbers)]
    rows = [each[start : start + 5] for start in range(0, len(each), 5)]
    return InlineKeyboardMarkup([together[:2], together[2:], *rows])
