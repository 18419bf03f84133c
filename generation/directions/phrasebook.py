"""What groups of words mean in the parser's own words: one data file for each language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from generation.directions.grammar import (
    ARTICLES,
    BREAKS,
    CAMERAS,
    HEADINGS,
    MODIFIERS,
    POSSESSIVES,
    STILL_WORDS,
    TRANSPARENT,
)
from generation.directions.lexicon import TERMS, Kind
from generation.directions.sky import WEATHER

NOTHING = "_"
"""Stands where words were that say nothing to the camera or the weather."""

FOLDER = Path(__file__).parent / "languages"
SCRIPTS = {"ko": "가-힣", "ja": "ぁ-ヿ", "zh": "々〇一-鿿", "ru": "а-я"}
"""Letters that tell a language by themselves; Japanese has those of Chinese as well."""
LATIN = ("de", "fr", "es", "pt", "it")
LANGUAGES = ("en", *LATIN, *SCRIPTS)

FILM_WORDS = frozenset(word for word, term in TERMS.items() if term.family.kind is not Kind.BODY)
SHARED = {"handheld", "left", "right", "in", "out", "and", "then"}
BORROWED = FILM_WORDS | WEATHER.keys() | CAMERAS | STILL_WORDS | MODIFIERS | SHARED
"""English that people use in other languages as well."""
TABLES = TERMS.keys() | HEADINGS.keys() | BREAKS | ARTICLES | POSSESSIVES | TRANSPARENT
ENGLISH = (BORROWED | TABLES) - {".", ","}
OWN = {"en": ENGLISH}
UNSPACED = ("ko", "ja", "zh")
_ENDING = "\0"
"""Comes before any letter."""
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SAID = "="
"""Stands before each word of a meaning, so that it is not taken for a word that was typed."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """`means` has phrases, which may end in `*` for any ending, and what they mean."""

    means: Mapping[str, str]
    phrases: re.Pattern[str]
    """Finds the longest of them."""
    unknown: str
    """What is said for a word that is in none."""
    final: bool
    """A command's verb comes last."""
    stems: tuple[str, ...]
    """Phrases of a word that may have any ending."""
    parts: frozenset[str]
    """Words of longer phrases."""

    def knows(self, word: str) -> int:
        """2 where it means something by itself, 1 where only among others."""
        if word in self.means or word.startswith(self.stems):
            return 2
        return word in self.parts

    def said(self, text: str) -> list[str]:
        """In the parser's own words."""
        words = self.phrases.sub(self._meaning, text).split()
        said = " ".join(word if word[0] in "=.," else self._other(word) for word in words)
        return said.replace(_SAID, "").split()

    def _other(self, word: str) -> str:
        return self.means.get(word) or self.unknown.format(word)

    def _meaning(self, found: re.Match[str]) -> str:
        if found[0] in self.means:
            return self.means[found[0]]
        stems = (f"{found[0][:end]}*" for end in range(len(found[0]), 0, -1))
        return next(self.means[stem] for stem in stems if stem in self.means)


@cache
def phrasebook(language: str) -> Phrasebook:
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    phrases = {
        folded(phrase): _marked(meaning)
        for meaning, some in told["means"].items()
        for phrase in some
    }
    own = OWN.get(language, BORROWED).union(told.get("own", "").split())
    means = {word: _marked(word) for word in own} | phrases
    pattern = _any_of(phrases) if language in UNSPACED else rf"\b{_any_of(means)}\b"
    unknown, final = told.get("unknown", NOTHING), told.get("final", False)
    stems = tuple(phrase[:-1] for phrase in means if phrase[-1] == "*" and " " not in phrase)
    parts = frozenset(" ".join(phrase for phrase in means if " " in phrase).split())
    return Phrasebook(means, re.compile(pattern), unknown, final, stems, parts)


def _marked(meaning: str) -> str:
    return "".join(f" {_SAID}{word} " for word in meaning.split()) or " "


def folded(text: str) -> str:
    """Without accents: people leave them out."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _any_of(phrases: Iterable[str]) -> str:
    """The longest that fits."""
    longest_first = sorted((phrase.replace("*", _ENDING) for phrase in phrases), reverse=True)
    return _by_letter(longest_first).replace(_ENDING, r"\w*")


def _by_letter(phrases: Iterable[str]) -> str:
    """Those that begin alike are told apart by their next letter, which is quick."""
    groups = groupby(phrases, lambda phrase: phrase[:1])
    said = [letter and letter + _by_letter(one[1:] for one in some) for letter, some in groups]
    return f"(?:{'|'.join(said)})" if len(said) > 1 else said[0]
