"""What may be asked here and by whom; the same for every platform."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

import structlog

from bot.submission.options import Options
from bot.submission.rules import PromptRules
from generation.errors import Blocked, Unwelcome
from generation.store.moderation import DAY, ModerationRecords

log = structlog.get_logger(__name__)

STRIKES = 5
"""Within a day they block somebody: slips are forgiven, trying around is not."""

BLOCKED_FOR = DAY


class Moderation:
    """`rules` and `blocked` are the operator's settings."""

    def __init__(
        self,
        records: ModerationRecords,
        rules: PromptRules,
        *,
        blocked: Iterable[str] = (),
        strikes: int = STRIKES,
        blocked_for: float = BLOCKED_FOR,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._records = records
        self._rules = rules
        self._blocked = frozenset(blocked)
        self._strikes = strikes
        self._blocked_for = blocked_for
        self._clock = clock

    async def check(
        self, identities: Sequence[str], options: Options, *, exempt: bool = False
    ) -> None:
        """Raises `Blocked` and `Unwelcome`; the first identity is the person's own.

        A negative prompt says what somebody does not want to see, so it may name anything. Against
        somebody `exempt` nothing is held: behind a key may stand all the people of another bot.
        """
        await self.admit(identities)
        await self.check_words(identities, options, exempt=exempt)

    async def check_words(
        self, identities: Sequence[str], options: Options, *, exempt: bool = False
    ) -> None:
        """What no table has a say in, so that it can be refused at once; raises the same."""
        reason = self._rules.broken_by(options.prompt)
        if reason is None:
            return
        if not exempt:
            await self.strike(identities[0], reason)
        raise Unwelcome("words")

    async def strike(self, identity: str, reason: str) -> None:
        """Hold it against somebody; raises `Blocked` where it was one too many."""
        out = await self._records.strike(identity, limit=self._strikes, seconds=self._blocked_for)
        log.warning("strike", identity=identity, reason=reason, blocked=out)
        if out:
            raise Blocked("strikes", hours=round(self._blocked_for / 3600))

    async def admit(self, identities: Sequence[str]) -> None:
        """Raises `Blocked` for somebody who is refused whatever they ask for."""
        if self._blocked.intersection(identities):
            raise Blocked("for_good")
        block = await self._records.blocked(identities)
        if block is None:
            return
        if block.until is None:
            raise Blocked("for_good")
        hours = max(round((block.until.timestamp() - self._clock()) / 3600), 1)
        raise Blocked("until", hours=hours)

    async def block(self, identity: str, *, seconds: float | None, actor: str) -> None:
        await self._records.block(identity, seconds=seconds, actor=actor)
        log.warning("blocked", identity=identity, actor=actor)

    async def unblock(self, identity: str, *, actor: str) -> bool:
        """False if it was not blocked in the table; the settings' blocks stay."""
        unblocked = await self._records.unblock(identity, actor=actor)
        log.warning("unblocked", identity=identity, actor=actor, was_blocked=unblocked)
        return unblocked
