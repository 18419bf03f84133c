"""Telegram in front of the queue: logs in, serves until it is cancelled, waits outages out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.platforms.telegram.bot_api import BotApi, CallFailed, CallRefused
from bot.platforms.telegram.hearing import BAD_TOKEN, RETRY, Hearing, Report
from bot.platforms.telegram.inbox import TelegramInbox
from bot.platforms.telegram.polling import poll
from bot.platforms.telegram.transport import TelegramTransport
from bot.platforms.telegram.webhook import Webhook, be_called
from generation.errors import Misconfigured
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

LOGIN = 20.0
"""Seconds that a start waits for Telegram."""

ASKED_AGAIN = (0.5, 1.5)
"""Seconds before a token that is refused is shown again: Telegram says so in passing, too."""


class TelegramFront:
    """`webhook` replaces long polling where it is given; `report` is told why nothing is heard."""

    def __init__(
        self,
        app: App,
        api: BotApi,
        transport: TelegramTransport,
        inbox: TelegramInbox,
        introduce: Callable[[], Awaitable[None]],
        webhook: Webhook | None,
        report: Report,
    ) -> None:
        self._app = app
        self._api = api
        self.transport = transport
        self._inbox = inbox
        self._introduce_itself = introduce
        self._webhook = webhook
        self._report = report

    async def log_in(self) -> None:
        """Show Telegram the token; raises `Misconfigured` for one that it does not take.

        Telegram out of reach is no reason not to start: `run` tries again.
        """
        try:
            async with asyncio.timeout(LOGIN):
                await self._show_token()
        except InvalidToken:
            await self.close()
            raise Misconfigured(BAD_TOKEN) from None
        except (TelegramError, OSError) as error:
            log.warning("telegram_out_of_reach", reason=str(error))

    async def run(self, *, retry: float = RETRY) -> str:
        """Serve until this is cancelled; an outage is waited out, `retry` seconds and longer.

        Returns only where a webhook can never work: the sentence that says so.
        """
        hearing = Hearing(self._report, retry=retry)
        try:
            await self._begin(hearing)
            async with asyncio.TaskGroup() as tasks:
                beside = [tasks.create_task(self._inbox.run())]
                beside.append(tasks.create_task(self._introduce(hearing)))
                why = await self._hear(hearing)
                for task in beside:
                    task.cancel()
            return why
        finally:
            await self.close()

    async def close(self) -> None:
        """The bot apart: its connections are open also where logging in has failed."""
        await self._api.close()
        await self._app.shutdown()
        await self._app.bot.shutdown()

    async def _show_token(self) -> None:
        for seconds in ASKED_AGAIN:
            try:
                await self._app.initialize()
                return
            except InvalidToken:
                await asyncio.sleep(seconds)
        await self._app.initialize()

    async def _begin(self, hearing: Hearing) -> None:
        """Who we are, and what was left of the last time: without either nothing is heard."""
        while True:
            try:
                await self._app.initialize()
                await self._inbox.resume()
                log.info("telegram_ready", bot=self._app.bot.username)
                return
            except InvalidToken as error:
                await hearing.wait(CallRefused(401, str(error)))
            except (TelegramError, OSError) as error:
                await hearing.wait(CallFailed(str(error)))
            except Unwritable as error:
                await hearing.wait(error)

    async def _hear(self, hearing: Hearing) -> str:
        if self._webhook is None:
            await poll(self._api, self._inbox.take, hearing)
        try:
            return await be_called(self._webhook, self._api, self._inbox.take, hearing)
        except Misconfigured as error:
            return error.message

    async def _introduce(self, hearing: Hearing) -> None:
        """Nobody waits for it, so it comes after what people sent meanwhile."""
        await hearing.begun.wait()
        await self._introduce_itself()
