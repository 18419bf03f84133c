"""The chat platforms that have a token, in front of the one queue, and what they share."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING

from bot.desk import Desk
from bot.intake import Intake
from bot.narrator import Narrator
from bot.shrink import Shrink
from bot.texts import Texts
from config.settings import Settings
from generation.service import AnimationService
from generation.store.delivery import Deliveries
from generation.store.history import History
from generation.workspace import Workspace

if TYPE_CHECKING:
    from bot.platforms.discord.front import DiscordFront

FAREWELL = 10.0
"""Seconds for the last deliveries: an upload or two."""


class Chats:
    """Empty where no token is set; then nobody's story is told and nothing connects."""

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        intake: Intake,
        service: AnimationService,
        deliveries: Deliveries,
        history: History,
        workspace: Workspace,
        shrink: Shrink,
        texts: Texts,
    ) -> None:
        self._history = history
        self._discord = self._make_discord(
            settings, desk, intake, deliveries, workspace, shrink, texts
        )
        fronts = [front for front in (self._discord,) if front is not None]
        self._fronts = fronts
        transports = {front.transport.platform: front.transport for front in fronts}
        self._narrator = Narrator(service, deliveries, transports)

    async def log_in(self) -> None:
        """Show every platform its token; raises `Misconfigured` for one that is refused."""
        for front in self._fronts:
            await front.log_in()

    def standing(self) -> list[Coroutine[None, None, None]]:
        """What goes on as long as the program does."""
        if not self._fronts:
            return []
        return [self._narrator.run(), *(front.run() for front in self._fronts)]

    async def finish(self) -> None:
        """Hand over what has just been made before the program ends."""
        if self._fronts:
            await self._narrator.finish(FAREWELL)

    def _make_discord(
        self,
        settings: Settings,
        desk: Desk,
        intake: Intake,
        deliveries: Deliveries,
        workspace: Workspace,
        shrink: Shrink,
        texts: Texts,
    ) -> DiscordFront | None:
        token = settings.discord.token
        if token is None:
            return None
        # only here, since a front that nobody turned on shall cost neither time nor memory
        from bot.platforms.discord.assembly import discord_front

        return discord_front(
            token.get_secret_value(),
            str(settings.discord.api_url),
            [int(admin) for admin in settings.discord.admins],
            *(desk, intake, deliveries, texts),
            follow=self._follow,
            smaller=shrink.smaller,
            waiting=self._waiting,
            folder=workspace.folder,
        )

    def _follow(self, job_id: str) -> None:
        self._narrator.follow(job_id)

    async def _waiting(self) -> int:
        return (await self._history.counts())["queued"]
