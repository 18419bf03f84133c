"""Whether a token works and what the bot may see, found out without taking an update."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp

from bot.platforms.token_check import CheckedToken

LATELY = 600.0
"""Seconds for which an error of a call is news."""

LIMIT = 20.0
"""Seconds for all questions together."""


async def check_token(token: str, api_url: str) -> CheckedToken:
    """One sentence: whether the token works, and what the bot sees in groups."""
    base = f"{api_url.rstrip('/')}/bot{token}"
    try:
        async with asyncio.timeout(LIMIT), aiohttp.ClientSession() as session:
            return await _checked(session, base)
    except (aiohttp.ClientError, OSError, ValueError, KeyError):
        cure = "Check the network and telegram.api_url; a start goes on trying."
        return CheckedToken(False, "Telegram cannot be reached.", cure)


async def _checked(session: aiohttp.ClientSession, base: str) -> CheckedToken:
    status, reply = await _post(session, f"{base}/getMe")
    if status in (401, 404):
        cure = "Copy it again: @BotFather, /mybots, API Token."
        return CheckedToken(False, "Telegram does not take telegram.token.", cure)
    if status != 200:
        return CheckedToken(
            False, f"Telegram answers with {status}.", "Try again in a few minutes."
        )
    me = reply["result"]
    if trouble := await _webhook_trouble(session, base):
        cure = "Look at telegram.webhook_url and at the proxy in front of telegram.webhook_port."
        return CheckedToken(False, f"Telegram could not call the webhook: {trouble}.", cure)
    sees = (
        "sees every message in groups"
        if me.get("can_read_all_group_messages")
        else "sees commands and answers to it in groups (privacy mode)"
    )
    joins = "" if me.get("can_join_groups", True) else " It cannot be added to groups."
    return CheckedToken(True, f"@{me['username']} is known to Telegram and {sees}.{joins}")


async def _webhook_trouble(session: aiohttp.ClientSession, base: str) -> str | None:
    """What went wrong when Telegram called the last time, where that is not long ago."""
    status, reply = await _post(session, f"{base}/getWebhookInfo")
    known = reply["result"] if status == 200 else {}
    lately = time.time() - known.get("last_error_date", 0) < LATELY
    return known.get("last_error_message") if known.get("url") and lately else None


async def _post(session: aiohttp.ClientSession, url: str) -> tuple[int, Any]:
    async with session.post(url, json={}) as response:
        return response.status, await response.json(content_type=None)
