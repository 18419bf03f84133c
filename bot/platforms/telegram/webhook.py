"""Telegram's updates by a call instead of long polling: a small server behind a proxy."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from generation.errors import Misconfigured

log = structlog.get_logger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of one update: a message with all its entities has far less."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """`url` is what Telegram calls, `host` and `port` where that arrives on this machine."""

    url: str
    secret: str
    host: str
    port: int


@asynccontextmanager
async def listening(
    webhook: Webhook, received: Callable[[dict[str, Any]], Awaitable[None]]
) -> AsyncGenerator[None]:
    """Serve while within; raises `Misconfigured` where the port is taken."""

    async def respond(request: web.Request) -> web.Response:
        secret = request.headers.get(HEADER, "")
        if not hmac.compare_digest(secret.encode(), webhook.secret.encode()):
            log.warning("webhook_refused", remote=request.remote)
            return web.Response(status=403)
        try:
            update = await request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        await received(update)
        return web.Response()  # also for what we cannot read: it would only be sent again

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
