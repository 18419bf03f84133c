"""What Telegram sends, made safe to read: one update that the library stumbles over stops no other.

Left alone, the library raises for the whole batch, writes what people wrote into the log, and asks
for the same batch again at once, for ever.
"""

from __future__ import annotations

from typing import Any

import structlog
import telegram
from telegram.request import HTTPXRequest

log = structlog.get_logger(__name__)


class UpdatesRequest(HTTPXRequest):
    """Asks for updates; one that cannot be read is left with nothing but its number."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        content = HTTPXRequest.parse_json_payload(payload)
        updates = content.get("result")
        if isinstance(updates, list):
            content["result"] = [_readable(update) for update in updates]
        return content


def read(data: dict[str, Any], bot: telegram.Bot | None) -> telegram.Update | None:
    """An update, or `None` where it cannot be read; the log names its number alone."""
    try:
        return telegram.Update.de_json(data, bot)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        log.error("update_unreadable", update=data.get("update_id"), kind=type(error).__name__)
        return None


def _readable(update: Any) -> Any:
    if not isinstance(update, dict) or read(update, None) is not None:
        return update
    return {"update_id": update.get("update_id")}
