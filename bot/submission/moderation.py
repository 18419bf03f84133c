"""What may be asked here and by whom; the same for every platform."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import regex  # type: ignore[import-untyped]
import structlog

from bot.submission.options import Options
from generation.errors import Blocked, Misconfigured, Unwelcome
from generation.store.moderation import DAY, ModerationRecords

log = structlog.get_logger(__name__)

STRIKES = 5
"""Refused prompts within a day that block somebody: slips are forgiven, trying around is not."""

BLOCKED_FOR = DAY

PATTERN_TIME = 0.02
"""Seconds one pattern may take: a pattern that backtracks for ever must not stop the program."""

LEET = str.maketrans("013457@$", "oieastas")
LEET_MARKS = str.maketrans("!|", "ii")
"""Apart from the others, since a mark may also only end a sentence."""

UNCHECKED = "I could not check this prompt in time; please ask again with a shorter one."
REFUSED = "This prompt is not welcome here; please ask for something else."


class Moderation:
    """`words`, `patterns` and `blocked` are the operator's settings.

    Raises `Misconfigured` for a pattern that cannot be used.
    """

    def __init__(
        self,
        records: ModerationRecords,
        *,
        words: Iterable[str] = (),
        patterns: Iterable[str] = (),
        blocked: Iterable[str] = (),
        strikes: int = STRIKES,
        blocked_for: float = BLOCKED_FOR,
        pattern_time: float = PATTERN_TIME,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._words = [found for word in words for found in _word_patterns(word)]
        self._patterns = [_compiled(pattern) for pattern in patterns]
        self._blocked = frozenset(blocked)
        self._strikes = strikes
        self._blocked_for = blocked_for
        self._pattern_time = pattern_time
        self._clock = clock

    async def check(self, identities: Sequence[str], words: Options) -> None:
        """Raises `Blocked` and `Unwelcome`; the first identity is the person's own.

        A negative prompt says what somebody does not want to see, so it may name anything.
        """
        await self.admit(identities)
        reason = self._reason(words.prompt)
        if reason is None:
            return
        out = await self._records.strike(
            identities[0], limit=self._strikes, seconds=self._blocked_for
        )
        log.warning("prompt_refused", identity=identities[0], reason=reason, blocked=out)
        if out:
            hours = round(self._blocked_for / 3600)
            raise Blocked(
                f"Too many of your prompts were refused, so I take none from you for {hours} h."
            )
        raise Unwelcome(REFUSED)

    async def admit(self, identities: Sequence[str]) -> None:
        """Raises `Blocked` for somebody who is refused whatever they ask for."""
        if self._blocked.intersection(identities):
            raise Blocked("The operator does not take requests from here.")
        block = await self._records.blocked(identities)
        if block is None:
            return
        if block.until is None:
            raise Blocked("The operator does not take requests from here.")
        hours = max((block.until.timestamp() - self._clock()) / 3600, 1)
        raise Blocked(f"Requests from here are refused for now; ask again in about {hours:.0f} h.")

    async def block(self, identity: str, *, seconds: float | None, actor: str) -> None:
        await self._records.block(identity, seconds=seconds, actor=actor)
        log.warning("blocked", identity=identity, actor=actor)

    async def unblock(self, identity: str, *, actor: str) -> bool:
        """False if it was not blocked in the table; the settings' blocks stay."""
        unblocked = await self._records.unblock(identity, actor=actor)
        log.warning("unblocked", identity=identity, actor=actor, was_blocked=unblocked)
        return unblocked

    def _reason(self, prompt: str) -> str | None:
        """Which rule refuses it, by kind and number: the log is no place for the words."""
        plain = _plain(prompt)
        letters = plain.translate(LEET)
        texts = (plain, letters, letters.translate(LEET_MARKS))
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
            raise Unwelcome(UNCHECKED) from None


def _plain(text: str) -> str:
    """One way of writing: compatible forms, no case, no accents, no invisible characters."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = (c for c in decomposed if unicodedata.category(c) not in {"Cf", "Mn"})
    return unicodedata.normalize("NFKC", "".join(kept))


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
