"""Patterns over words: a letter stands for each word, so that `re` reads words as it does letters.

A pattern names words (`pan left`), classes of words in capitals (`CAMERA`), one of several
(`[CAMERA it the]`), any but these (`[^CAMERA the]`) or any at all (`.`). Everything else is as in
`re`, and counts words: `(?<! CAMERA)` looks at the word before, `THE? CAMERA` may lack its article.
Commas and full stops are words too, and stand in brackets: `[,]`. `^` and `$` stand beside a
`LINE_END` too, which no pattern goes across.

Parts have names: `(how: HOW*) THE`. A row is an example for which it is there, a pattern, and what
is put in its place: words, and parts of what was found: `{how} SAID`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

UNKNOWN, UNKNOWN_ING, UNKNOWN_S = "_", "_ing", "_s"
"""Words that no pattern names, by how they end."""
FIRST_LETTER = 0x4E00
"""Any would do, as long as there is one for each word: they are never shown."""

LINE_END = "\n"
"""For texts that are read at once and have nothing to do with each other."""

_letters = {LINE_END: LINE_END}
_words: dict[str, str] = {}
_GROUP = re.compile(r"\((\w+):")
_NAMED = re.compile(r"\[\^?[\w\s.,]+\]|[^\W\d]\w*|\s+|\(\?P[<=]\w+")


Classes = Mapping[str, str]
"""For each name of a class the letters of its words."""


class Row(NamedTuple):
    example: str
    pattern: re.Pattern[str]
    instead: str


def rows(table: Iterable[tuple[str, str, str]], classes: Classes) -> tuple[Row, ...]:
    return tuple(
        Row(example, pattern(text, classes), _template(instead)) for example, text, instead in table
    )


def rewritten(text: str, table: Iterable[Row]) -> str:
    """One row after the other puts its words in the place of all that its pattern finds."""
    for row in table:
        text = row.pattern.sub(row.instead, text)
    return text


def letters(words: Iterable[str]) -> str:
    """One for each word, and the same one for all that no pattern names and that end alike."""
    return "".join([_letters.get(word) or _unknown(word) for word in words])


def words(text: Iterable[str]) -> list[str]:
    """Those that the letters stand for."""
    return [_words[letter] for letter in text]


def classes_of(table: Mapping[str, Iterable[str]]) -> Classes:
    """Words of the same classes get letters side by side: few ranges are soon compiled."""
    names = defaultdict[str, list[str]](list)
    for name, its in table.items():
        for word in its:
            names[word].append(name)
    for word in sorted(names, key=lambda word: (names[word], word)):
        _letter(word)
    return {name: _ranges(map(_letter, its)) for name, its in table.items()}


def pattern(text: str, classes: Classes) -> re.Pattern[str]:
    """Finds in `letters` what `text` says."""

    def one_of(found: re.Match[str]) -> str:
        named = found[0].strip("[^]").split()
        if not named or found[0].startswith("("):
            return found[0].strip()
        but = "^" + LINE_END if found[0].startswith("[^") else ""
        some = (classes[name] if name.isupper() else _letter(name) for name in named)
        return f"[{but}{''.join(some)}]"

    return re.compile(_NAMED.sub(one_of, _GROUP.sub(r"(?P<\1>", text)), re.MULTILINE)


def _template(instead: str) -> str:
    parts = instead.replace("{", r"\g<").replace("}", ">").split()
    return "".join(part if part[0] == "\\" else _letter(part) for part in parts)


def _ranges(letters: Iterable[str]) -> str:
    codes = sorted(set(map(ord, letters)))
    runs = (list(run) for _, run in groupby(enumerate(codes), lambda one: one[1] - one[0]))
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)


def _letter(word: str) -> str:
    letter = _letters.setdefault(word, chr(FIRST_LETTER + len(_letters)))
    _words[letter] = word
    return letter


def _unknown(word: str) -> str:
    ending = UNKNOWN_ING if word.endswith("ing") else UNKNOWN_S if word.endswith("s") else UNKNOWN
    return _letter(ending)
