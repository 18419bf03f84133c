"""Tells for each clause in which language it was written, and says it in the parser's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from generation.directions.grammar import BREAKS, CAMERAS, HEADINGS, MODIFIERS, STILL_WORDS
from generation.directions.lexicon import TERMS, Form
from generation.directions.patterns import LINE_END, classes_of, letters, pattern
from generation.directions.phrasebook import LATIN, SCRIPTS, phrasebook
from generation.directions.sky import WEATHER

CLASSES = classes_of(
    {
        "DEED": TERMS.keys() - HEADINGS.keys(),
        "AIMED": {word for word, term in TERMS.items() if term.family.headings},
        "BASE": {word for word, term in TERMS.items() if term.form is Form.BASE},
        "WAY": HEADINGS.keys(),
        "HOW": MODIFIERS,
        "TOLD": TERMS.keys() | WEATHER.keys() | STILL_WORDS,
        "WHO": CAMERAS | {"no", "nor", "without", "it", "you"},
    }
)
WORD_ORDER = (
    ("la caméra se déplace pas", "^ (what: [^no]+) (no: no) (?= [^TOLD]* $)", "no what"),
    ("주위를 회전하며 도는 카메라", "(move: DEED) (other: [^WHO]*?) (?P=move)+", "move other"),
    ("panoramique lent à gauche", "(move: DEED WAY?) (how: HOW+) (?= [^DEED]* $)", "how move"),
    (
        "nach vorn ranzoomen",
        "(?<! AIMED) WAY{1,3} (other: [^WAY DEED]*) (move: DEED WAY)",
        "other move",
    ),
    (
        "左にゆっくりパン",
        "(?<! AIMED) (way: WAY{1,3}) (other: [^WAY DEED]*) (move: DEED) (?! WAY)",
        "other move way",
    ),
    # where a command's verb comes last
    (
        "auf das Haus zoomen",
        "^ (what: [^WHO HOW BASE]*+) (how: HOW*+) (rest: [^WHO]*) (move: BASE WAY*) $",
        "how move what rest",
    ),
)
"""Examples, what was said, and in which order English says it."""

LATIN_LETTERS = ("en", *LATIN)
Rows = Sequence[tuple[re.Pattern[str], Sequence[str]]]
ROWS: Rows = [(pattern(said, CLASSES), order.split()) for _, said, order in WORD_ORDER]
_SCRIPT = {name: re.compile(f"[{one}]") for name, one in SCRIPTS.items()}


def languages_of(clauses: Sequence[str]) -> list[str]:
    """Of each what its letters say, or the likeliest of those that share the Latin ones."""
    scripts = list(map(_script, clauses))
    if "ja" in scripts:
        scripts = ["ja" if script == "zh" else script for script in scripts]
    told = zip(clauses, scripts, strict=True)
    likeliest = iter(_likeliest([clause for clause, script in told if script is None]))
    return [script or next(likeliest) for script in scripts]


def _likeliest(clauses: Sequence[str]) -> list[str]:
    """Of each the one that knows most of its words; in doubt, most of all clauses."""
    known = [list(map(_known_to, clause.split())) for clause in clauses]
    whole = Counter(chain.from_iterable(chain.from_iterable(known)))
    told = [Counter(chain.from_iterable(words)) for words in known]
    return [max(LATIN_LETTERS, key=lambda name: (counts[name], whole[name])) for counts in told]


@lru_cache(maxsize=8192)
def _known_to(word: str) -> tuple[str, ...]:
    """How surely, it is there once or twice."""
    return tuple(name for name in LATIN_LETTERS for _ in range(phrasebook(name).knows(word)))


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
    places = list(enumerate(_line(words)))
    for said, order in rows:
        for found in reversed([*said.finditer("".join(letter for _, letter in places))]):
            parts = (places[slice(*found.span(part))] for part in order)
            places[slice(*found.span())] = chain.from_iterable(parts)
    return [words[at] for at, _ in places]


def _line(words: Sequence[str]) -> str:
    return letters(LINE_END if word in BREAKS else word for word in words)
