"""Text without what nobody sees: it would tear words apart that are looked for, and only for us."""

from __future__ import annotations

import unicodedata

BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs that are drawn as nothing."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode's categories of what has no shape of its own."""


def visible(text: str) -> str:
    """White space stays as it is."""
    return "".join(c for c in text if c.isspace() or not _unseen(c))


def _unseen(character: str) -> bool:
    return character in BLANKS or unicodedata.category(character) in UNSEEN
