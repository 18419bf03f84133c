"""Where one of the operator's words stands in a prompt: bounds, and digits in place of letters."""

from __future__ import annotations

import regex  # type: ignore[import-untyped]

LEET_FOR = {
    "o": "0",
    "i": "1!|",
    "e": "3",
    "a": "4@",
    "s": "5$",
    "t": "7",
    "ı": "i1!|",  # as Turkish capitals and bare keyboards write it
    "о": "0",
    "е": "3",
    "з": "3",
    "а": "4@",
    "ч": "4",
    "ο": "0",
    "ι": "1!|",
    "ε": "3",
    "α": "4@",
    "τ": "7",
}
LEET_SIGNS = r"[013457@$!|]"

KATAKANA = r"[\p{Katakana}ー]"
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]"
"""Of scripts that write no spaces, or glue endings to a word: there words have no bounds."""

LETTER = rf"(?:(?!{UNSPACED})[\p{{L}}\p{{M}}])"
BEFORE = rf"(?<!{LETTER}\d{{0,8}})(?<!\d(?=\d))"
AFTER = rf"(?!\d{{0,8}}{LETTER})(?!(?<=\d)\d)"
"""A digit bounds a word, but not where letters go on behind it, nor in the midst of a number.

As many digits as no word has: without an end, a long number would be read once for each digit.
"""


def word_pattern(plain: str) -> regex.Pattern[str]:
    """`plain` is a word, or several, as prompts are folded before they are looked through."""
    parts = r"[\s_]+".join(_part(part) for part in plain.split())
    return regex.compile(f"{_before(plain[0])}{parts}{_after(plain[-1])}")


def _part(part: str) -> str:
    """A number alone is no disguise: one of the letters must be there."""
    if not any(letter in LEET_FOR for letter in part):
        return str(regex.escape(part))
    return f"(?={LEET_SIGNS}{{0,{len(part) - 1}}}{LETTER})" + "".join(
        _sign(letter) for letter in part
    )


def _sign(letter: str) -> str:
    leet = LEET_FOR.get(letter)
    return f"[{letter}{leet}]" if leet else str(regex.escape(letter))


def _before(first: str) -> str:
    if regex.match(KATAKANA, first):
        return f"(?<!{KATAKANA})"
    return "" if regex.match(UNSPACED, first) else f"(?={_sign(first)}){BEFORE}"


def _after(last: str) -> str:
    if regex.match(KATAKANA, last):
        return f"(?!{KATAKANA})"
    return "" if regex.match(UNSPACED, last) else AFTER
