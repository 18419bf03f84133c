"""A place may keep a log: a chat in which each of its clips is shown as well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.delivery.sending import Route, Sent
from bot.delivery.transport import Later, Undeliverable

log = structlog.get_logger(__name__)

LogOf = Callable[[str], Awaitable[int | None]]
"""The chat that is a place's log, if it has one."""


@dataclass(frozen=True, slots=True)
class LogRoute:
    """The way into the log, and which chat that is."""

    chat: int
    route: Route


TRIES = 3
"""A copy is a courtesy: an outage that lasts is not waited for, and the log is not made up for."""


async def shown_in_log(send: Callable[[], Awaitable[Sent | Later | Undeliverable]]) -> None:
    for _ in range(TRIES):
        sending = await send()
        match sending:
            case Sent():
                return
            case Later(seconds):
                await asyncio.sleep(seconds)
            case Undeliverable(reason):
                log.warning("not_shown_in_log", reason=reason)
                return
    log.warning("not_shown_in_log", reason="no answer")
