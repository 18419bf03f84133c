"""What groups of words mean in the parser's own words: one data file for each language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
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
    TRANSPARENT,
)
from generation.directions.lexicon import TERMS
from generation.directions.sky import WEATHER

NOTHING = "_"
"""Stands where words were that say nothing to the camera or the weather."""

LETTERS = 2
"""Of a stem, by which it is found; no stem is shorter."""

FOLDER = Path(__file__).parent / "languages"
SCRIPTS = {"ko": "가-힣", "ja": "ぁ-ヿ", "zh": "々〇一-鿿", "ru": "а-я"}
"""Letters that tell a language by themselves; Japanese has those of Chinese as well."""
LATIN = ("de", "fr", "es", "pt", "it")
LANGUAGES = ("en", *LATIN, *SCRIPTS)
ENGLISH = (
    frozenset(TERMS)
    | frozenset(WEATHER)
    | frozenset(HEADINGS)
    | BREAKS
    | CAMERAS
    | MODIFIERS
    | ARTICLES
    | POSSESSIVES
    | TRANSPARENT
)
"""Every word of the parser's own."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """`means` has phrases, whose words may end in `*` for any ending, and what they mean.

    `reach` is how many words the longest phrase has that begins with a word; `gap` is what stands
    between the words of a phrase: nothing in a language that is written without spaces.
    """

    means: Mapping[str, tuple[str, ...]]
    reach: Mapping[str, int]
    vocabulary: frozenset[str]
    stems: Mapping[str, Sequence[str]]
    """By their first letters, the longest first."""
    gap: str = " "
    silent: bool = False
    """What is unknown says nothing: the language marks who acts."""
    final: bool = False
    """A command's verb comes last."""

    def knows(self, word: str) -> bool:
        """Whether it means something by itself."""
        return word in self.means or self._stem(word) in self.means

    def form(self, word: str) -> str:
        """The word as the phrases have it; "" where none has."""
        return word if word in self.vocabulary else self._stem(word)

    def _stem(self, word: str) -> str:
        for stem in self.stems.get(word[:LETTERS], ()):
            if word.startswith(stem):
                return f"{stem}*"
        return ""

    def rewritten(self, words: Sequence[str], unknown: Callable[[str], list[str]]) -> list[str]:
        """Each longest known group is replaced once, from the left."""
        forms = list(map(self.form, words)) if self.gap else words
        out, at = list[str](), 0
        while at < len(words):
            size, meaning = self._longest(forms, at)
            if meaning is None:
                size, meaning = 1, self.means.get(self._stem(words[at]))
            out += unknown(words[at]) if meaning is None else meaning
            at += size
        return out

    def _longest(self, forms: Sequence[str], at: int) -> tuple[int, Sequence[str] | None]:
        """How many words the longest known group at `at` has, and what it means."""
        for size in range(self.reach.get(forms[at], 0), 0, -1):
            meaning = self.means.get(self.gap.join(forms[at : at + size]))
            if meaning is not None:
                return size, meaning
        return 0, None


_ACCENTS = re.compile("[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Without accents: people leave them out."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


@cache
def phrasebook(language: str) -> Phrasebook:
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    spaced = told.get("spaced", True)
    means = {
        folded(phrase): tuple(meaning.split())
        for meaning, phrases in told["means"].items()
        for phrase in phrases
    }
    parts = [phrase.split() if spaced else list(phrase) for phrase in means]
    reach: dict[str, int] = {}
    for words in parts:
        reach[words[0]] = max(reach.get(words[0], 0), len(words))
    vocabulary = frozenset(word for words in parts for word in words)
    stems = [word[:-1] for word in vocabulary if word.endswith("*")]
    by_letters = {
        letters: tuple(sorted(group, key=len, reverse=True))
        for letters, group in groupby(sorted(stems), lambda stem: stem[:LETTERS])
    }
    return Phrasebook(
        means,
        reach,
        vocabulary,
        by_letters,
        gap=" " if spaced else "",
        silent=told.get("silent", False),
        final=told.get("final", False),
    )
