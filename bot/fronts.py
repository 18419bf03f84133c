"""Which fronts run: the page, and the chat platforms that have a token, on the one queue.

A front's library is loaded only where it is turned on: it costs time and memory.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING

from bot.delivery.links import Links
from bot.delivery.narrator import Narrator
from bot.language.catalogue import Texts
from bot.platforms.parts import ChatParts
from bot.submission.submit import Submission
from config.sections import DiscordSettings, TelegramSettings, WebSettings
from generation.dispatch.core import Core
from generation.dispatch.service import AnimationService

if TYPE_CHECKING:
    from bot.platforms.discord.front import DiscordFront
    from bot.platforms.telegram.front import TelegramFront
    from bot.platforms.web.site import WebServer

LAST_DELIVERIES = 10.0
"""Seconds for them when the program ends: an upload or two."""


def web_front(
    settings: WebSettings,
    core: Core,
    submission: Submission,
    links: Links,
    texts: Texts,
    notice: str | None,
) -> WebServer | None:
    """`None` where it is turned off; raises `Misconfigured`."""
    if not settings.enabled:
        return None
    from bot.platforms.web.assembly import web_server

    return web_server(settings, core, submission, links, texts, notice)


class ChatFronts:
    """Empty where no token is set; then nothing is delivered and nothing connects.

    `host` is where a webhook listens.
    """

    def __init__(
        self,
        discord: DiscordSettings,
        telegram: TelegramSettings,
        host: str,
        parts: ChatParts,
        service: AnimationService,
    ) -> None:
        fronts = (self._discord(discord, parts), self._telegram(telegram, host, parts))
        self._fronts = [front for front in fronts if front is not None]
        transports = {front.transport.platform: front.transport for front in self._fronts}
        self._narrator = Narrator(service, parts.deliveries, transports)

    async def log_in(self) -> None:
        """Show every platform its token; raises `Misconfigured` for one that is refused."""
        for front in self._fronts:
            await front.log_in()

    async def close(self) -> None:
        """End what logging in has opened, also where nothing came of the start."""
        for front in self._fronts:
            await front.close()

    def standing(self) -> list[Coroutine[None, None, None]]:
        """What goes on as long as the program does."""
        if not self._fronts:
            return []
        return [self._narrator.run(), *(front.run() for front in self._fronts)]

    async def finish(self) -> None:
        """Deliver what has just been made before the program ends."""
        if self._fronts:
            await self._narrator.finish(LAST_DELIVERIES)

    def _discord(self, settings: DiscordSettings, parts: ChatParts) -> DiscordFront | None:
        if settings.token is None:
            return None
        from bot.platforms.discord.assembly import discord_front

        token = settings.token.get_secret_value()
        return discord_front(token, settings, parts, follow=self._follow)

    def _telegram(
        self, settings: TelegramSettings, host: str, parts: ChatParts
    ) -> TelegramFront | None:
        if settings.token is None:
            return None
        from bot.platforms.telegram.assembly import telegram_front, webhook_of

        token, webhook = settings.token.get_secret_value(), webhook_of(settings, host)
        return telegram_front(token, settings, parts, follow=self._follow, webhook=webhook)

    def _follow(self, job_id: str) -> None:
        """The narrator needs the fronts' transports, so it is there only after them."""
        self._narrator.follow(job_id)
