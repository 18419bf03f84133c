"""Which prompts the operator's words and patterns refuse, however they are spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import regex  # type: ignore[import-untyped]
import structlog

from bot.submission.blocked_words import word_pattern
from bot.submission.look_alikes import latin_shapes, undisguised
from config.sections import ModerationSettings
from generation.errors import Misconfigured, Unwelcome
from generation.visible import visible

log = structlog.get_logger(__name__)

PATTERN_TIME = 0.02
"""Seconds one pattern may take: a pattern that backtracks for ever must not stop the program."""

LEET = str.maketrans("013457@$", "oieastas")
LEET_MARKS = str.maketrans("!|", "ii")
"""Apart from the others, since a mark may also only end a sentence."""

SHORT_I = "\N{CYRILLIC SMALL LETTER I}\N{CYRILLIC CAPITAL LETTER I}"
VOICING = "\u3099\u309a"
"""The two signs that make another kana: ka and ga, ha and pa."""

ACCENTS = regex.compile(
    rf"(?![{VOICING}])(?!(?<=[{SHORT_I}])\N{{COMBINING BREVE}})"
    r"(?:\p{Me}|(?=\p{Mn})[\p{Inherited}\p{Hebrew}\p{Cyrillic}])"
)
"""Not what makes another letter: the voicing of kana, the breve of a Cyrillic i, vowel signs."""


class PromptRules:
    """`words` and `patterns` are the operator's settings.

    Raises `Misconfigured` for a pattern that cannot be used.
    """

    def __init__(
        self,
        words: Iterable[str] = (),
        patterns: Iterable[str] = (),
        *,
        pattern_time: float = PATTERN_TIME,
    ) -> None:
        self._words = [found for word in words for found in _word_patterns(word)]
        self._patterns = [_compiled(pattern) for pattern in patterns]
        self._pattern_time = pattern_time

    def check(self, prompt: str) -> None:
        """Raises `Unwelcome`."""
        if self.broken_by(prompt) is not None:
            raise Unwelcome("words")

    def allow(self, text: str) -> bool:
        """Whether a text that nobody of ours wrote may be used."""
        try:
            return self.broken_by(text) is None
        except Unwelcome:
            return False

    def broken_by(self, prompt: str) -> str | None:
        """Which rule refuses it, by kind and number: the log is no place for the words.

        Raises `Unwelcome` for a prompt that cannot be checked in time.
        """
        plain = _read(prompt)
        for number, word in enumerate(self._words, start=1):
            if any(word.search(text) for text in plain):
                return f"word {number}"
        texts = _without_leet(plain)
        for number, pattern in enumerate(self._patterns, start=1):
            if any(self._matches(pattern, number, text) for text in (prompt, *texts)):
                return f"pattern {number}"
        return None

    def _matches(self, pattern: regex.Pattern[str], number: int, text: str) -> bool:
        try:
            return pattern.search(text, timeout=self._pattern_time) is not None
        except TimeoutError:  # to let it pass would show the way around every pattern
            log.error("pattern_too_slow", pattern=number)
            raise Unwelcome("unchecked") from None


def rules_of(settings: ModerationSettings) -> PromptRules:
    """Raises `Misconfigured`."""
    return PromptRules(settings.blocked_words, settings.blocked_patterns)


def _read(prompt: str) -> Sequence[str]:
    """Every way in which it may be meant to be read."""
    bare = _bare(prompt)
    return list(dict.fromkeys(_folded(text) for text in (bare, *undisguised(bare))))


def _without_leet(plain: Sequence[str]) -> Sequence[str]:
    letters = [text.translate(LEET) for text in plain]
    return list(dict.fromkeys([*plain, *letters, *(it.translate(LEET_MARKS) for it in letters)]))


def _plain(text: str) -> str:
    """One way of writing: compatible forms, no case, no accents, no invisible characters."""
    return _folded(_bare(text))


def _bare(text: str) -> str:
    shown = latin_shapes(visible(unicodedata.normalize("NFKD", text)))
    composed = unicodedata.normalize("NFC", ACCENTS.sub("", shown))
    return "".join(c for c in composed if c not in VOICING)  # of a letter that has no voiced form


def _folded(bare: str) -> str:
    return unicodedata.normalize("NFKC", bare.casefold())


def _word_patterns(word: str) -> list[regex.Pattern[str]]:
    plain = _plain(word).strip()
    spellings = {spelling for spelling in (plain, plain.translate(LEET)) if spelling}
    return [word_pattern(spelling) for spelling in sorted(spellings)]


def _compiled(pattern: str) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern, regex.IGNORECASE)
    except regex.error:
        raise Misconfigured(
            "One of moderation.blocked_patterns is a regular expression that cannot be used; "
            "please write it more simply."
        ) from None
