"""Which chat platforms run: those that have a token, on the one queue.

A platform's library is loaded only where it is turned on: it costs time and memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING

import structlog

from bot.delivery.narrator import Narrator
from bot.platforms.parts import ChatParts
from config.sections import DiscordSettings, TelegramSettings
from generation.dispatch.service import AnimationService
from generation.errors import Misconfigured

if TYPE_CHECKING:
    from bot.platforms.discord.front import DiscordFront
    from bot.platforms.telegram.front import TelegramFront

log = structlog.get_logger(__name__)

LAST_DELIVERIES = 10.0
"""Seconds for them when the program ends: an upload or two."""


class ChatFronts:
    """Empty where no token is set; then nothing is delivered and nothing connects.

    `host` is where a webhook listens; `alone`: without any of these nobody is served.
    """

    def __init__(
        self,
        discord: DiscordSettings,
        telegram: TelegramSettings,
        host: str,
        parts: ChatParts,
        service: AnimationService,
        *,
        alone: bool,
    ) -> None:
        self._alone = alone
        fronts = (self._discord(discord, parts), self._telegram(telegram, host, parts))
        self._fronts = [front for front in fronts if front is not None]
        self._transports = {front.transport.platform: front.transport for front in self._fronts}
        self._narrator = Narrator(service, parts.deliveries, self._transports)
        self.stopped: dict[str, str] = {}
        """The platforms that serve nobody, each with the sentence that says why."""

    async def log_in(self) -> None:
        """Show all platforms their tokens; one that is refused stops, and the others serve.

        Raises `Misconfigured` where nothing is left to serve.
        """
        async with asyncio.TaskGroup() as tasks:
            shown = [(front, tasks.create_task(_refused(front))) for front in self._fronts]
        for front, refused in shown:
            if why := refused.result():
                self._stop(front, why)

    async def close(self) -> None:
        """End what logging in has opened, also where nothing came of the start."""
        for front in self._fronts:
            await front.close()

    def standing(self) -> list[Coroutine[None, None, None]]:
        """What goes on as long as the program does."""
        if not self._fronts:
            return []
        return [self._narrator.run(), *(self._served(front) for front in self._fronts)]

    async def finish(self) -> None:
        """Deliver what has just been made before the program ends."""
        if self._fronts:
            await self._narrator.finish(LAST_DELIVERIES)

    async def _served(self, front: DiscordFront | TelegramFront) -> None:
        try:
            why = await front.run()
        except Misconfigured as error:
            why = error.message
        self._stop(front, why)

    def _report(self, platform: str, why: str | None) -> None:
        """A platform that cannot be heard now is told like one that has stopped."""
        if why is None:
            self.stopped.pop(platform, None)
        else:
            self.stopped[platform] = why

    def _stop(self, front: DiscordFront | TelegramFront, why: str) -> None:
        """Clips for its people wait until a start with a token that works."""
        platform = front.transport.platform
        log.error("platform_stopped", platform=platform, reason=why)
        self.stopped[platform] = why
        del self._transports[platform]
        self._fronts.remove(front)
        if not self._fronts and self._alone:
            raise Misconfigured(why)

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

        def report(why: str | None) -> None:
            self._report("telegram", why)

        token, webhook = settings.token.get_secret_value(), webhook_of(settings, host)
        return telegram_front(
            token, settings, parts, follow=self._follow, webhook=webhook, report=report
        )

    def _follow(self, job_id: str) -> None:
        """The narrator needs the fronts' transports, so it is there only after them."""
        self._narrator.follow(job_id)


async def _refused(front: DiscordFront | TelegramFront) -> str | None:
    """Why the token is, if it is."""
    try:
        await front.log_in()
    except Misconfigured as error:
        return error.message
    return None
