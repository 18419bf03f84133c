"""The chat platforms that have a token, in front of the one queue, and what they share."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.chat.commands import ChatCommands
from bot.delivery.links import Links
from bot.delivery.narrator import Narrator
from bot.delivery.smaller_copies import SmallerCopies
from bot.language.catalogue import Texts
from bot.submission.intake import Intake
from config.settings import Settings
from generation.dispatch.service import AnimationService
from generation.errors import Misconfigured
from generation.store.delivery import Deliveries
from generation.store.history import History
from generation.workspace import Workspace

if TYPE_CHECKING:
    from bot.platforms.discord.front import DiscordFront
    from bot.platforms.telegram.front import TelegramFront
    from bot.platforms.telegram.webhook import Webhook

FAREWELL = 10.0
"""Seconds for the last deliveries: an upload or two."""

WEBHOOK_NEEDS = (
    "telegram.webhook_url is set, so telegram.webhook_secret and telegram.webhook_port are needed: "
    "the first proves that Telegram calls, the second says where that arrives."
)


@dataclass(frozen=True, slots=True)
class FrontParts:
    """What every chat front is made of."""

    desk: ChatCommands
    intake: Intake
    service: AnimationService
    deliveries: Deliveries
    history: History
    workspace: Workspace
    shrink: SmallerCopies
    links: Links
    texts: Texts


class Fronts:
    """Empty where no token is set; then nobody's story is told and nothing connects.

    A front's library is loaded only where it is turned on: it costs time and memory.
    """

    def __init__(self, settings: Settings, shared: FrontParts) -> None:
        self._settings = settings
        self._shared = shared
        fronts = (self._discord(), self._telegram())
        self._fronts = [front for front in fronts if front is not None]
        transports = {front.transport.platform: front.transport for front in self._fronts}
        self._narrator = Narrator(shared.service, shared.deliveries, transports)

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
        """Hand over what has just been made before the program ends."""
        if self._fronts:
            await self._narrator.finish(FAREWELL)

    def _discord(self) -> DiscordFront | None:
        discord, shared = self._settings.discord, self._shared
        if discord.token is None:
            return None
        from bot.platforms.discord.assembly import discord_front

        return discord_front(
            discord.token.get_secret_value(),
            str(discord.api_url),
            [int(admin) for admin in discord.admins],
            *(shared.desk, shared.intake, shared.deliveries, shared.texts),
            follow=self._follow,
            smaller=shared.shrink.smaller,
            links=shared.links,
            waiting=self._waiting,
            folder=shared.workspace.folder,
        )

    def _telegram(self) -> TelegramFront | None:
        telegram, shared = self._settings.telegram, self._shared
        if telegram.token is None:
            return None
        from bot.platforms.telegram.assembly import telegram_front

        return telegram_front(
            telegram.token.get_secret_value(),
            str(telegram.api_url),
            [int(admin) for admin in telegram.admins],
            *(shared.desk, shared.intake, shared.deliveries, shared.texts),
            follow=self._follow,
            smaller=shared.shrink.smaller,
            links=shared.links,
            thumbnail=shared.workspace.thumbnail,
            webhook=self._webhook(),
        )

    def _webhook(self) -> Webhook | None:
        from bot.platforms.telegram.webhook import Webhook

        telegram = self._settings.telegram
        if telegram.webhook_url is None:
            return None
        if telegram.webhook_secret is None or telegram.webhook_port is None:
            raise Misconfigured(WEBHOOK_NEEDS)
        return Webhook(
            str(telegram.webhook_url),
            telegram.webhook_secret.get_secret_value(),
            self._settings.web.host,
            telegram.webhook_port,
        )

    def _follow(self, job_id: str) -> None:
        self._narrator.follow(job_id)

    async def _waiting(self) -> int:
        return (await self._shared.history.counts())["queued"]
