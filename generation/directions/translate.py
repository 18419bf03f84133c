"""Tells for each clause in which language it was written, and says it in the parser's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from generation.directions.grammar import BREAKS, CAMERAS, HEADINGS, MODIFIERS, STILL_WORDS
from generation.directions.lexicon import TERMS, Form
from generation.directions.patterns import LINE_END, letters, pattern
from generation.directions.phrasebook import LATIN, SCRIPTS, phrasebook
from generation.directions.sky import WEATHER

CLASSES = {
    "MOVE": TERMS.keys() - HEADINGS.keys(),
    "AIMED": {word for word, term in TERMS.items() if term.family.headings},
    "COMMAND": {word for word, term in TERMS.items() if term.form is Form.BASE},
    "WAY": HEADINGS.keys(),
    "HOW": MODIFIERS,
    "TOLD": TERMS.keys() | WEATHER.keys() | STILL_WORDS,
    "WHO": CAMERAS | {"no", "it", "you"},
}
ORDER = (
    # what was said, in which order English says it, and an example
    ("^ (?P<what> [^no]+) (?P<no> no) (?= [^TOLD]* $)", "no what", "la caméra se déplace pas"),
    ("(?P<move> MOVE) (?P<other> .*?) (?P=move)+", "move other", "주위를 회전하며 도는 카메라"),
    ("(?P<move> MOVE) (?P<how> HOW+) (?= [^MOVE]* $)", "how move", "panoramique lent à gauche"),
    (
        "(?<! AIMED) WAY{1,3} (?P<other> [^WAY MOVE]*) (?P<move> MOVE WAY)",
        "other move",
        "nach vorn ranzoomen",
    ),
    (
        "(?<! AIMED) (?P<way> WAY{1,3}) (?P<other> [^WAY MOVE]*) (?P<move> MOVE) (?! WAY)",
        "other move way",
        "左にゆっくりパン",
    ),
    # where a command's verb comes last
    (
        (
            "^ (?P<what> [^WHO HOW COMMAND]*+) (?P<how> HOW*+) (?P<rest> [^WHO]*)"
            " (?P<move> COMMAND WAY*) $"
        ),
        "how move what rest",
        "auf das Haus zoomen",
    ),
)

Rows = Sequence[tuple[re.Pattern[str], Sequence[str]]]
ROWS: Rows = [(pattern(said, CLASSES), order.split()) for said, order, _ in ORDER]
_SCRIPT = {name: re.compile(f"[{one}]") for name, one in SCRIPTS.items()}


def languages_of(clauses: Sequence[str]) -> list[str]:
    """Of each the one that explains most of its words; in doubt, most of all clauses."""
    scripts = list(map(_script, clauses))
    if "ja" in scripts:
        scripts = ["ja" if script == "zh" else script for script in scripts]
    spoken = zip(clauses, scripts, strict=True)
    lines = "\n".join("" if script else clause for clause, script in spoken)
    left = {name: phrasebook(name).unexplained(lines) for name in ("en", *LATIN)}
    whole = {name: sum(some) for name, some in left.items()}
    return [
        script or min(left, key=lambda name: (left[name][at], whole[name]))
        for at, script in enumerate(scripts)
    ]


def _script(clause: str) -> str | None:
    if clause.isascii():
        return None
    return next((name for name, one in _SCRIPT.items() if one.search(clause)), None)


def in_english(text: str, language: str) -> list[str]:
    """In the parser's own words and their order."""
    book = phrasebook(language)
    words = book.said(text)
    return words if language == "en" else rearranged(words, ROWS if book.final else ROWS[:-1])


def rearranged(words: list[str], rows: Rows) -> list[str]:
    """`camera left pan no`: the "no" comes first, the direction behind the move."""
    for said, order in rows:
        line = letters(LINE_END if word in BREAKS else word for word in words)
        for found in reversed([*said.finditer(line)]):
            parts = (words[slice(*found.span(part))] for part in order)
            words[slice(*found.span())] = chain.from_iterable(parts)
    return words
