"""What groups of words mean in the parser's own words: one data file for each language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
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
    stems: frozenset[str]
    longest_stem: int
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
        for end in range(min(len(word), self.longest_stem), 1, -1):
            if word[:end] in self.stems:
                return f"{word[:end]}*"
        return ""

    def rewritten(self, words: Sequence[str], unknown: Callable[[str], list[str]]) -> list[str]:
        """Each longest known group is replaced once, from the left."""
        forms, out, at = [self.form(word) for word in words], list[str](), 0
        while at < len(words):
            for size in range(self.reach.get(forms[at], 0), 0, -1):
                meaning = self.means.get(self.gap.join(forms[at : at + size]))
                if meaning is not None:
                    out += meaning
                    at += size
                    break
            else:
                stemmed = self.means.get(self._stem(words[at]))
                out += unknown(words[at]) if stemmed is None else stemmed
                at += 1
        return out


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
    stems = frozenset(word[:-1] for word in vocabulary if word.endswith("*"))
    longest = max(map(len, stems), default=0)
    return Phrasebook(
        means,
        reach,
        vocabulary,
        stems,
        longest,
        gap=" " if spaced else "",
        silent=told.get("silent", False),
        final=told.get("final", False),
    )
