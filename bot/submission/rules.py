"""Which prompts the operator's words and patterns refuse, however they are spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import regex  # type: ignore[import-untyped]
import structlog

from bot.submission.look_alikes import undisguised
from config.sections import ModerationSettings
from generation.errors import Misconfigured, Unwelcome
from generation.visible import visible

log = structlog.get_logger(__name__)

PATTERN_TIME = 0.02
"""Seconds one pattern may take: a pattern that backtracks for ever must not stop the program."""

LEET = str.maketrans("013457@$", "oieastas")
LEET_MARKS = str.maketrans("!|", "ii")
"""Apart from the others, since a mark may also only end a sentence."""

MARKS = frozenset({"Mn", "Me"})


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
        texts = _read(prompt)
        for number, word in enumerate(self._words, start=1):
            if any(word.search(text) for text in texts):
                return f"word {number}"
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
    plain = [_folded(text) for text in (bare, *undisguised(bare))]
    letters = [text.translate(LEET) for text in plain]
    return list(dict.fromkeys([*plain, *letters, *(it.translate(LEET_MARKS) for it in letters)]))


def _plain(text: str) -> str:
    """One way of writing: compatible forms, no case, no accents, no invisible characters."""
    return _folded(_bare(text))


def _bare(text: str) -> str:
    decomposed = visible(unicodedata.normalize("NFKD", text))
    return "".join(c for c in decomposed if unicodedata.category(c) not in MARKS)


def _folded(bare: str) -> str:
    return unicodedata.normalize("NFKC", bare.casefold())


def _word_patterns(word: str) -> list[regex.Pattern[str]]:
    """Whole words only; in scripts that write no spaces, anywhere."""
    plain = _plain(word).strip()
    spellings = {spelling for spelling in (plain, plain.translate(LEET)) if spelling}
    return [_word_pattern(spelling) for spelling in sorted(spellings)]


def _word_pattern(plain: str) -> regex.Pattern[str]:
    escaped = r"\s+".join(regex.escape(part) for part in plain.split())
    spaced = all(unicodedata.category(c) != "Lo" for c in plain)
    return regex.compile(rf"(?<!\w){escaped}(?!\w)" if spaced else escaped)


def _compiled(pattern: str) -> regex.Pattern[str]:
    try:
        return regex.compile(pattern, regex.IGNORECASE)
    except regex.error:
        raise Misconfigured(
            "One of moderation.blocked_patterns is a regular expression that cannot be used; "
            "please write it more simply."
        ) from None
