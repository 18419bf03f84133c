"""The buttons under the question what of an album shall be animated as well."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.language.catalogue import Catalogue

ALBUM = re.compile(r"v1\|album\|(?P<which>[0-9]{1,2}|each|first)", re.ASCII)


@dataclass(frozen=True, slots=True)
class OthersChosen:
    """The numbers in the album that a tap asks for; none where the first is enough."""

    numbers: frozenset[int]


def parse_album(data: str, offered: Collection[int]) -> OthersChosen | None:
    """`offered` are the numbers that can still be chosen."""
    found = ALBUM.fullmatch(data)
    match found["which"] if found is not None else None:
        case None:
            return None
        case "each":
            return OthersChosen(frozenset(offered))
        case "first":
            return OthersChosen(frozenset())
        case number:
            return OthersChosen(frozenset({int(number)}) & frozenset(offered))


def offered(markup: InlineKeyboardMarkup | None) -> frozenset[int]:
    """The numbers on the buttons."""
    rows = markup.inline_keyboard if markup is not None else ()
    found = (ALBUM.fullmatch(str(button.callback_data)) for row in rows for button in row)
    return frozenset(int(one["which"]) for one in found if one and one["which"].isdecimal())


def others(numbers: Collection[int], catalogue: Catalogue) -> InlineKeyboardMarkup:
    """All of them, none of them, or one by one; five in a row."""
    every = Button(catalogue.say("telegram.album.each"), callback_data="v1|album|each")
    enough = Button(catalogue.say("telegram.album.first"), callback_data="v1|album|first")
    each = [Button(str(one), callback_data=f"v1|album|{one}") for one in sorted(numbers)]
    rows = [each[start : start + 5] for start in range(0, len(each), 5)]
    return InlineKeyboardMarkup([[every, enough], *rows])
