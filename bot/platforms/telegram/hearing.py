"""Whether we hear anything of Telegram: said when that changes, in the log and to whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from bot.platforms.telegram.bot_api import CallFailed, CallRefused
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)

UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
)
"""Kinds of updates we have a use for."""

RETRY, RETRY_MAX = 1.0, 60.0
"""Seconds before Telegram is asked again after a failure, doubling up to the second."""

BAD_TOKEN = "Telegram does not take telegram.token; copy it again from @BotFather."
SECOND = (
    "Another program polls with this telegram.token: stop it, or give this one a bot of its own."
)
OUT_OF_REACH = "Telegram cannot be reached at the moment; photoplay goes on trying."
UNWRITABLE = "What Telegram sends cannot be written down at the moment: {reason}."

Raw = Mapping[str, Any]
Take = Callable[[Sequence[Raw]], Awaitable[None]]
"""Puts updates onto the disk; raises `Unwritable` where it cannot."""

Report = Callable[[str | None], None]
"""Told why nothing is heard, and `None` once it is."""


class Hearing:
    """`wait` after a failure; one alone is nothing to report, since any network stumbles."""

    def __init__(self, report: Report, *, retry: float = RETRY) -> None:
        self._report = report
        self._retry = self._delay = retry
        self._failures = 0
        self._said: str | None = None
        self.begun = asyncio.Event()

    def well(self) -> None:
        self.begun.set()
        self._failures, self._delay = 0, self._retry
        if self._said is not None:
            log.info("telegram_heard_again")
            self._said = None
            self._report(None)

    async def wait(self, error: CallFailed | Unwritable) -> None:
        """Until it may be tried again."""
        self._failures += 1
        why, reason = _why(error), str(error)
        if self._failures == 1 or why == self._said:
            log.warning("telegram_stumbled", reason=reason, next_try_in=self._delay)
        else:
            log.error("telegram_not_heard", reason=reason, why=why)
            self._said = why
            self._report(why)
        after = error.after if isinstance(error, CallRefused) else 0.0
        await asyncio.sleep(max(self._delay, after))
        self._delay = min(self._delay * 2, RETRY_MAX)


def _why(error: CallFailed | Unwritable) -> str:
    match error:
        case Unwritable():
            return UNWRITABLE.format(reason=error)
        case CallRefused(status=401 | 404):
            return BAD_TOKEN
        case CallRefused(status=409):
            return SECOND
        case CallFailed():
            return OUT_OF_REACH
