"""Telegram as the narrator sees it: which routes are open, how often it is edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.delivery.chat_transport import ChatTransport, TransportParts
from bot.delivery.sending import Route
from bot.delivery.transport import Pace
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.replies import TROUBLE
from bot.platforms.telegram.routes import Routes, Upload
from generation.events import Failed, Succeeded
from generation.jobs import Job

log = structlog.get_logger(__name__)

PRIVATE, GROUP = 3.0, 4.0
"""Seconds between two edits of one message."""

MINUTE, PRIVATE_EDITS, GROUP_EDITS = 60.0, 20, 15
"""Edits a minute in one chat; Telegram takes 20 messages a minute in a group (bots FAQ)."""


class TelegramTransport(ChatTransport[Address]):
    """`thumbnail` tells where a clip's poster lies."""

    platform = PLATFORM
    trouble = TROUBLE

    def __init__(
        self, parts: TransportParts, routes: Routes, thumbnail: Callable[[str], Path]
    ) -> None:
        super().__init__(Address, parts)
        self._routes = routes
        self._thumbnail = thumbnail

    def pace(self, job: Job) -> Pace:
        address = Address.of(job)
        chat = address.chat if address is not None else 0
        if chat > 0:
            return Pace(f"{PLATFORM}:{chat}", PRIVATE, PRIVATE_EDITS, MINUTE)
        return Pace(f"{PLATFORM}:{chat}", GROUP, GROUP_EDITS, MINUTE)

    def edits(self, address: Address, message: int) -> list[Route]:
        return [self._routes.edit(address, message)]

    def routes(
        self, job: Job, address: Address, outcome: Succeeded | Failed, edits: Sequence[Route]
    ) -> list[Route]:
        """A clip is always a new message, since a text cannot become a video by an edit."""
        upload = None
        if isinstance(outcome, Succeeded):
            edits, upload = [], Upload(outcome.clip, self._thumbnail(job.id))
        routes = [*edits, self.send(job.id, address, upload)]
        if address.user is not None and address.user != address.chat:
            routes.append(self._routes.send_privately(address, address.user, upload))
        return routes

    async def remove(self, address: Address, message: int) -> None:
        await self._routes.remove(address.chat, message)

    def send(self, job_id: str, address: Address, upload: Upload | None = None) -> Route:
        """Into the chat that was asked in, also where that has moved meanwhile."""

        async def moved(there: Address) -> None:
            log.info("chat_moved", job=job_id)
            await self._deliveries.readdress(job_id, there.to_reply())

        return self._routes.send(address, upload, moved)

    def send_again(self, job: Job, address: Address, outcome: Succeeded) -> Route:
        """Wherever somebody asks for an earlier clip: its own address stays what it is."""

        async def moved(_: Address) -> None:
            log.info("chat_moved", job=job.id)

        upload = Upload(outcome.clip, self._thumbnail(job.id))
        return self._routes.send(address, upload, moved)
