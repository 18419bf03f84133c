"""Patterns over words: a letter stands for each word, so that `re` reads words as it does letters.

A pattern names words (`pan left`), classes of words in capitals (`CAMERA`), one of several
(`[CAMERA it the]`), any but these (`[^CAMERA the]`) or any at all (`.`). Everything else is as in
`re`, and counts words: `(?<! CAMERA)` looks at the word before, `THE? CAMERA` may lack its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

UNKNOWN = "_"
FIRST_LETTER = 0x4E00
"""Of as many as there are words of ours; what stands for a word is never shown."""

_letters: dict[str, str] = {}
_NAMED = re.compile(r"\[\^?[\w\s.,]+\]|[^\W\d]\w*|\s+|\(\?P<\w+>")


def letters(words: Iterable[str]) -> str:
    """One for each word, and the same one for all that no pattern names."""
    return "".join([_letters.get(word, UNKNOWN) for word in words])


def pattern(text: str, classes: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Finds in `letters` what `text` says."""

    def one_of(found: re.Match[str]) -> str:
        named = found[0].strip("[^]").split()
        if not named or found[0].startswith("("):
            return found[0].strip()
        words = {word for name in named for word in classes.get(name, (name,))}
        return f"[{'^' * found[0].startswith('[^')}{''.join(map(_letter, sorted(words)))}]"

    return re.compile(_NAMED.sub(one_of, text))


def _letter(word: str) -> str:
    return _letters.setdefault(word, chr(FIRST_LETTER + len(_letters)))
