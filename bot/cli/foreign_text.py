"""Text that strangers wrote, as a terminal may show it: no escape moves the cursor or a title."""

from __future__ import annotations

import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters, such as escapes and turns of the writing direction."""


def plain(text: str) -> str:
    """The same text without what a terminal would obey instead of show."""
    return "".join(" " if unicodedata.category(c) in HIDDEN else c for c in text)


def shown(value: object) -> object:
    """The same value, its texts without what a terminal would obey instead of show."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {shown(name): shown(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shown(one) for one in value]
    return value
