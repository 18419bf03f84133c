"""Telegram in front of the queue: logs in, serves until it is cancelled, waits outages out."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
import telegram
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, TypeHandler

from bot.language.catalogue import LOCALES, Texts
from bot.platforms.telegram.commands import COMMANDS
from bot.platforms.telegram.router import Router
from bot.platforms.telegram.safe_updates import read
from bot.platforms.telegram.transport import TelegramTransport
from bot.platforms.telegram.webhook import Webhook, listening
from generation.errors import Misconfigured

log = structlog.get_logger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
)
"""Kinds of updates we have a use for."""

LOGIN = 20.0
"""Seconds that a start waits for Telegram."""

RETRY, RETRY_MAX = 5.0, 300.0
"""Seconds before Telegram is tried again where it cannot be reached at all."""

BAD_TOKEN = "Telegram does not take telegram.token; copy it again from @BotFather."
SECOND = (
    "Another program polls with this telegram.token: stop it, or give this one a bot of its own."
)


class TelegramFront:
    """`webhook` replaces long polling where it is given."""

    def __init__(
        self,
        app: App,
        transport: TelegramTransport,
        router: Router,
        texts: Texts,
        webhook: Webhook | None,
    ) -> None:
        self._app = app
        self.transport = transport
        self._texts = texts
        self._webhook = webhook
        self._second_logged = False

        async def received(update: telegram.Update, _: object) -> None:
            await router.handle(update)

        app.add_handler(TypeHandler(telegram.Update, received))

    async def log_in(self) -> None:
        """Show Telegram the token; raises `Misconfigured` for one that it does not take.

        Telegram out of reach is no reason not to start: `run` tries again.
        """
        try:
            async with asyncio.timeout(LOGIN):
                await self._app.initialize()
        except InvalidToken:
            await self.close()
            raise Misconfigured(BAD_TOKEN) from None
        except (TelegramError, OSError) as error:
            log.warning("telegram_out_of_reach", reason=str(error))

    async def run(self, *, retry: float = RETRY) -> str:
        """Serve until this is cancelled; an outage is waited out, `retry` seconds and longer.

        Returns only where Telegram takes the token no more: the sentence that says so.
        """
        try:
            await self._initialize(retry)
            await self._register_commands()
            await self._app.start()
            try:
                await self._serve()
            finally:
                await self._app.stop()
        except InvalidToken:
            pass
        finally:
            await self.close()
        return BAD_TOKEN

    async def close(self) -> None:
        """The bot apart: its connections are open also where logging in has failed."""
        await self._app.shutdown()
        await self._app.bot.shutdown()

    async def _initialize(self, delay: float) -> None:
        while True:
            try:
                await self._app.initialize()
                log.info("telegram_ready", bot=self._app.bot.username)
                return
            except InvalidToken:
                raise
            except (TelegramError, OSError) as error:
                log.warning("telegram_out_of_reach", reason=str(error), next_try_in=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_MAX)

    async def _register_commands(self) -> None:
        """Put the commands into Telegram's menu, in every language, where they are not yet."""
        for locale in LOCALES:
            catalogue = self._texts.of(locale)
            menu = [
                telegram.BotCommand(name, catalogue.say(f"telegram.command.{name}"))
                for name in COMMANDS
            ]
            code = None if locale == LOCALES[0] else locale
            try:
                known = await self._app.bot.get_my_commands(language_code=code)
                if list(known) != menu:
                    await self._app.bot.set_my_commands(menu, language_code=code)
            except (TelegramError, OSError) as error:  # the old menu still serves
                log.warning("commands_not_registered", reason=str(error))
                return

    async def _serve(self) -> None:
        webhook = self._webhook
        if webhook is None:
            await self._poll()
            return

        async def received(data: dict[str, Any]) -> None:
            update = read(data, self._app.bot)
            if update is not None:
                await self._app.update_queue.put(update)

        async with listening(webhook, received):
            await self._app.bot.set_webhook(
                webhook.url, secret_token=webhook.secret, allowed_updates=UPDATES
            )
            await asyncio.Event().wait()

    async def _poll(self) -> None:
        updater = self._app.updater
        assert updater is not None
        try:
            await updater.start_polling(
                allowed_updates=list(UPDATES),
                bootstrap_retries=-1,
                error_callback=self._poll_failed,
            )
            await asyncio.Event().wait()
        finally:
            if updater.running:
                await updater.stop()

    def _poll_failed(self, error: TelegramError) -> None:
        match error:
            case Conflict():
                if not self._second_logged:
                    log.error("telegram_second_poller", reason=SECOND)
                self._second_logged = True
            case RetryAfter():
                log.warning("telegram_rate_limited", seconds=error.retry_after)
            case _:
                log.warning("telegram_out_of_reach", reason=str(error))
