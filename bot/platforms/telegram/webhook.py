"""Telegram's updates by a call instead of long polling: a small server behind a proxy."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from bot.platforms.telegram.bot_api import BotApi, CallFailed, CallRefused
from bot.platforms.telegram.hearing import UPDATES, Hearing, Take
from generation.errors import Misconfigured
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of one update: a message with all its entities has far less."""

LOOK = 300.0
"""Seconds between two looks at whether Telegram still calls us."""

REFUSED = "Telegram refuses telegram.webhook_url or telegram.webhook_secret: {reason}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """`url` is what Telegram calls, `host` and `port` where that arrives on this machine."""

    url: str
    secret: str
    host: str
    port: int


async def be_called(
    webhook: Webhook, api: BotApi, take: Take, hearing: Hearing, *, look: float = LOOK
) -> str:
    """Hear until this is cancelled; returns only where Telegram refuses the address: with why.

    Raises `Misconfigured` where the port is taken.
    """
    async with listening(webhook, take):
        known = False
        while True:
            try:
                known = await _kept(webhook, api, known=known)
            except CallFailed as error:
                if isinstance(error, CallRefused) and error.status == 400:
                    return REFUSED.format(reason=error.reason.removeprefix("Bad Request: "))
                await hearing.wait(error)
                continue
            hearing.well()
            await asyncio.sleep(look)


async def _kept(webhook: Webhook, api: BotApi, *, known: bool) -> bool:
    """Telegram calls us, also where somebody has told it otherwise since; raises `CallFailed`."""
    if known:
        now = await api.call("getWebhookInfo", {})
        if isinstance(now, dict) and now.get("url") == webhook.url:
            if error := now.get("last_error_message"):
                log.warning("telegram_could_not_call", reason=error, at=now.get("last_error_date"))
            return True
        log.warning("webhook_was_removed")
    values = {"url": webhook.url, "secret_token": webhook.secret, "allowed_updates": UPDATES}
    await api.call("setWebhook", values)
    return True


@asynccontextmanager
async def listening(webhook: Webhook, take: Take) -> AsyncGenerator[None]:
    """Serve while within; raises `Misconfigured` where the port is taken."""

    async def respond(request: web.Request) -> web.Response:
        secret = request.headers.get(HEADER, "")
        if hmac.compare_digest(secret.encode(), webhook.secret.encode()):
            return web.Response(status=await _taken(request, take))
        log.warning("webhook_refused", remote=request.remote)
        return web.Response(status=403)

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post("/{path:.*}", respond)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, webhook.host, webhook.port).start()
        except OSError as error:
            raise Misconfigured(
                f"telegram.webhook_port {webhook.port} cannot be listened on ({error.strerror})."
            ) from None
        yield
    finally:
        await runner.cleanup()


async def _taken(request: web.Request, take: Take) -> int:
    """The status for a call: whatever we have, or could never read, is not sent again."""
    try:
        update: Any = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return 400
    if not isinstance(update, dict):
        return 400
    if isinstance(update.get("update_id"), int):
        try:
            await take([update])
        except Unwritable as error:
            log.error("update_not_kept", reason=str(error))
            return 503
    return 200
