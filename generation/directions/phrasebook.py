"""What groups of words mean in the parser's own words: one data file for each language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby
from operator import itemgetter
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

    `sizes` are how many words those phrases have that begin with a word, the most first. `letters`
    finds the longest phrase in a language that is written without spaces.
    """

    means: Mapping[str, tuple[str, ...]]
    sizes: Mapping[str, Sequence[int]]
    vocabulary: frozenset[str]
    stems: Mapping[str, Sequence[str]]
    """By their first letters, the longest first."""
    letters: re.Pattern[str] | None = None
    silent: bool = False
    """What is unknown says nothing: the language marks who acts."""
    final: bool = False
    """A command's verb comes last."""

    def knows(self, word: str) -> bool:
        """Whether it means something by itself."""
        return self.form(word) in self.means

    def form(self, word: str) -> str:
        """The word as the phrases have it; "" where none has."""
        return word if word in self.vocabulary else _stem(word, self.stems)

    def rewritten(self, words: Sequence[str], unknown: Callable[[str], list[str]]) -> list[str]:
        """Each longest known group is replaced once, from the left."""
        forms = list(map(self.form, words))
        out, at = list[str](), 0
        while at < len(words):
            size, meaning = self._longest(forms, at) if forms[at] else (1, None)
            out += unknown(words[at]) if meaning is None else meaning
            at += size
        return out

    def rewritten_letters(
        self, text: str, letters: re.Pattern[str], unknown: Callable[[str], list[str]]
    ) -> list[str]:
        """The same for words that nothing parts."""
        out, end = list[str](), 0
        for found in letters.finditer(text):
            for letter in text[end : found.start()]:
                out += unknown(letter)
            out += self.means[found[0]]
            end = found.end()
        return [*out, *chain.from_iterable(map(unknown, text[end:]))]

    def _longest(self, forms: Sequence[str], at: int) -> tuple[int, Sequence[str] | None]:
        """How many words the longest known group at `at` has, and what it means."""
        for size in self.sizes.get(forms[at], ()):
            meaning = self.means.get(forms[at] if size == 1 else " ".join(forms[at : at + size]))
            if meaning is not None:
                return size, meaning
        return 1, None


_ACCENTS = re.compile("[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Without accents: people leave them out."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds the longest of them; told apart by their first letter first, since that is quicker."""
    by_letter = (
        f"{letter}(?:{'|'.join(sorted((phrase[1:] for phrase in group), key=len, reverse=True))})"
        for letter, group in groupby(sorted(phrases), itemgetter(0))
    )
    return re.compile("|".join(by_letter))


def _stem(word: str, stems: Mapping[str, Sequence[str]]) -> str:
    for stem in stems.get(word[:LETTERS], ()):
        if word.startswith(stem):
            return f"{stem}*"
    return ""


@cache
def phrasebook(language: str) -> Phrasebook:
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    spaced = told.get("spaced", True)
    means = {
        folded(phrase): tuple(meaning.split())
        for meaning, phrases in told["means"].items()
        for phrase in phrases
    }
    vocabulary = frozenset(chain.from_iterable(map(str.split, means)))
    stems = [word[:-1] for word in vocabulary if word.endswith("*")]
    by_letters = {
        letters: tuple(sorted(group, key=len, reverse=True))
        for letters, group in groupby(sorted(stems), lambda stem: stem[:LETTERS])
    }
    letters = None if spaced else _any_of(means)
    for word in vocabulary - means.keys():  # of longer phrases; alone it means what its stem does
        if (stem := _stem(word, by_letters)) in means:
            means[word] = means[stem]
    sizes = {
        first: sorted({len(words) for words in group}, reverse=True)
        for first, group in groupby(sorted(map(str.split, means)), itemgetter(0))
    }
    return Phrasebook(
        means,
        sizes,
        vocabulary,
        by_letters,
        letters,
        silent=told.get("silent", False),
        final=told.get("final", False),
    )


def latin_languages(word: str) -> set[str]:
    """Those whose phrases have it."""
    whole, stems = _latin()
    begun = {name for stem, name in stems.get(word[:LETTERS], ()) if word.startswith(stem)}
    return begun.union(whole.get(word, ()))


@cache
def _latin() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[tuple[str, str]]]]:
    """The languages of each word, and by their first letters stems with their languages."""
    whole, stems = defaultdict[str, list[str]](list), defaultdict[str, list[tuple[str, str]]](list)
    for name in LATIN:
        book = phrasebook(name)
        for word in book.vocabulary:
            whole[word].append(name)
        for letters, some in book.stems.items():
            stems[letters] += ((stem, name) for stem in some)
    return whole, stems
