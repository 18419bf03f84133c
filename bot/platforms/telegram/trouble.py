"""What goes wrong between us and Telegram, as its library raises it."""

from __future__ import annotations

import httpx
from telegram.error import NetworkError, TelegramError

TROUBLE = (TelegramError, OSError)
"""Everything that the library raises where Telegram is the reason."""

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What the network raises before anything has gone out: nobody can have taken it."""


def was_sent(error: NetworkError) -> bool:
    """Whether Telegram may have taken what was sent."""
    return not isinstance(error.__cause__, UNSENT)
