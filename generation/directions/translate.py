"""Tells for each clause in which language it was written, and says it in the parser's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from itertools import groupby

from generation.directions.grammar import BREAKS, CAMERAS, COMMON, HEADINGS, MODIFIERS, STILL_WORDS
from generation.directions.lexicon import TERMS, Form, Kind
from generation.directions.phrasebook import (
    ENGLISH,
    LATIN,
    NOTHING,
    SCRIPTS,
    latin_languages,
    phrasebook,
)
from generation.directions.sky import WEATHER

FILM = frozenset(word for word, term in TERMS.items() if term.family.kind is not Kind.BODY)
BORROWED = FILM | CAMERAS | WEATHER.keys() | STILL_WORDS | MODIFIERS | {"handheld", "left", "right"}
"""English that people use in other languages as well."""
MOVES = TERMS.keys() - HEADINGS.keys()
COMMANDS = frozenset(word for word, term in TERMS.items() if term.form is Form.BASE)
STAYING = CAMERAS | {"no", "it", "you"}
"""A command's last verb is brought forward, unless one of these says who is to do what."""
KEPT = BORROWED | {".", ",", "in", "out"}
TOLD = TERMS.keys() | WEATHER.keys() | STILL_WORDS

_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}
_UNSPACED = re.compile(f"[{SCRIPTS['ko']}{SCRIPTS['ja']}{SCRIPTS['zh']}]+")


@cache
def _english() -> tuple[frozenset[str], frozenset[str]]:
    """All words by which English is known, and those of them that no other language has."""
    known = (phrasebook("en").vocabulary | BORROWED | ENGLISH | COMMON) - {".", ","}
    return known, known.difference(*(phrasebook(name).vocabulary for name in LATIN))


def languages_of(clauses: Sequence[Sequence[str]]) -> list[str]:
    """Of each clause; where its own words do not tell, those of the others do."""
    scripts = [_script("".join(words)) for words in clauses]
    kana = "ja" in scripts
    hits = [{} if script else _hits(words) for words, script in zip(clauses, scripts, strict=True)]
    whole = dict.fromkeys(("en", *LATIN), 0)
    for hit in hits:
        for name, count in hit.items():
            whole[name] += count
    return [
        ("ja" if kana and script == "zh" else script) or _likeliest(words, hit, whole)
        for words, script, hit in zip(clauses, scripts, hits, strict=True)
    ]


def _script(text: str) -> str | None:
    if text.isascii():
        return None
    return next((name for name, one in _SCRIPT.items() if one.search(text)), None)


def _hits(words: Sequence[str]) -> dict[str, int]:
    """How many of its words each language has and English has not, or only English."""
    known, only = _english()
    english = len(only.intersection(words))
    hits = {"en": english} if english else {}
    for word in words:
        if word not in known:
            for name in latin_languages(word):
                hits[name] = hits.get(name, 0) + 1
    return hits


def _likeliest(words: Sequence[str], hit: Mapping[str, int], whole: Mapping[str, int]) -> str:
    if [*hit] == ["en"]:
        return "en"
    most = max((hit.get(name, 0), whole[name]) for name in whole)
    likely = [name for name in whole if (hit.get(name, 0), whole[name]) == most]
    if likely[0] == "en" or len(likely) == 1:
        return likely[0]
    return max(likely, key=lambda name: _explained(words, name))


def _explained(words: Sequence[str], name: str) -> tuple[int, int]:
    """How many words mean something by themselves, then only among others: "por do sol"."""
    book = phrasebook(name)
    left = book.rewritten(words, lambda word: [""]).count("")
    return sum(map(book.knows, words)), -left


def in_english(words: Sequence[str], language: str) -> list[str]:
    """In the parser's own words and their order."""
    book = phrasebook(language)
    if language == "en":
        return book.rewritten(words, _itself)
    said: list[str] = []
    unknown = partial(_unknown, silent=book.silent)
    for unspaced, group in groupby(words, lambda word: bool(_UNSPACED.match(word))):
        parts = list(group)
        said += (
            book.rewritten_letters(" ".join(parts), book.letters, unknown)
            if unspaced and book.letters
            else book.rewritten(parts, unknown)
        )
    ordered: list[str] = []
    for breaks, group in groupby(said, BREAKS.__contains__):
        part = list(group)
        ordered += part if breaks else _ordered(part, final=book.final)
    return ordered


def _itself(word: str) -> list[str]:
    return [word]


def _unknown(word: str, *, silent: bool) -> list[str]:
    if word in KEPT:
        return [word]
    return [] if silent or word == " " else [NOTHING]


def _ordered(words: list[str], *, final: bool) -> list[str]:
    """`the camera left pan not`: the "not" comes first, the direction behind the move."""
    if "no" in words and not TOLD.intersection(words[words.index("no") :]):
        words = ["no", *(word for word in words if word != "no")]
    if len(words) < 2:
        return words
    words = [word for at, word in enumerate(words) if word not in MOVES or word not in words[:at]]
    moves = [at for at, word in enumerate(words) if word in MOVES]
    if not moves:
        return words
    at = end = moves[-1]
    while end + 1 < len(words) and words[end + 1] in MODIFIERS:
        end += 1
    manner, before, after = words[at + 1 : end + 1], words[:at], words[end + 1 :]
    ways = [] if HEADINGS.keys() & set(after) else [word for word in before if word in HEADINGS]
    before = [word for word in before if word not in HEADINGS]
    if (
        final
        and words[at] in COMMANDS
        and STAYING.isdisjoint(before)
        and not set(after) - set(HEADINGS)
    ):
        manner, before, after = (
            [w for w in before if w in MODIFIERS] + manner,
            [],
            [*after, *before],
        )
    return [*before, *manner, words[at], *ways, *after]
