"""How Telegram is written to: without any markup, so that there is nothing to escape wrongly."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.language.catalogue import Catalogue
from bot.language.wording import Formatting

NAME = re.compile("@(?!\u200b)")


def telegram_formatting(catalogue: Catalogue) -> Formatting:
    """A moment is said as a duration: nobody's program counts it down here."""

    def moment(when: datetime) -> str:
        seconds = max((when - datetime.now(UTC)).total_seconds(), 1.0)
        return catalogue.say("telegram.moment", duration=seconds)

    return Formatting(plain, moment, measure)


def plain(text: str) -> str:
    """Nobody is called by a prompt: the server finds mentions in plain text as well."""
    return NAME.sub("@\u200b", text)


def measure(text: str) -> int:
    """UTF-16 code units, as the Bot API counts a text and a caption."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """The beginning of a text, in so many code units; no character in halves."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
