"""Asks Telegram for updates, for ever: no answer of it makes us deaf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import structlog

from bot.platforms.telegram.bot_api import BotApi, CallFailed, CallRefused
from bot.platforms.telegram.hearing import UPDATES, Hearing, Raw, Take
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)

WAIT = 30
"""Seconds that Telegram keeps a question for updates open while there are none."""

SEVERAL = 100
"""Updates in one answer, Telegram's most."""


async def poll(api: BotApi, take: Take, hearing: Hearing) -> NoReturn:
    """An update is confirmed by the next question, when it lies on the disk.

    At the start and after a failure a question waits for nothing: its answer tells that we hear.
    """
    offset, first, wait = 0, True, 0
    while True:
        try:
            answer = await api.call("getUpdates", _question(offset, wait), patience=wait)
            updates = _numbered(answer)
            await take(updates)
        except (CallFailed, Unwritable) as error:
            if first and isinstance(error, CallRefused) and _has_webhook(error):
                first = not await _webhook_removed(api)
            await hearing.wait(error)
            wait = 0
            continue
        first, wait = False, WAIT
        offset = max([offset, *(update["update_id"] + 1 for update in updates)])
        hearing.well()


def _question(offset: int, wait: int) -> dict[str, object]:
    question: dict[str, object] = {"timeout": wait, "limit": SEVERAL, "allowed_updates": UPDATES}
    return question | ({"offset": offset} if offset else {})


def _numbered(answer: Any) -> Sequence[Raw]:
    """The updates in an answer; raises `CallFailed` for one that has none to go on from."""
    if not isinstance(answer, list):
        raise CallFailed("getUpdates gave no list")
    updates = [one for one in answer if isinstance(one, dict) and _is_number(one.get("update_id"))]
    if answer and not updates:
        raise CallFailed("getUpdates gave no update")
    return updates


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_webhook(error: CallRefused) -> bool:
    return error.status == 409 and "webhook" in error.reason.lower()


async def _webhook_removed(api: BotApi) -> bool:
    """One that was set by an earlier start; what waits at Telegram stays there."""
    try:
        await api.call("deleteWebhook", {"drop_pending_updates": False})
    except CallFailed as error:
        log.warning("webhook_not_removed", reason=str(error))
        return False
    log.info("webhook_removed")
    return True
