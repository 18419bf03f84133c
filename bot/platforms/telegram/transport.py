"""Telegram as the narrator sees it: the status message, then the clip as an answer to who asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog
from telegram.error import TelegramError

from bot.delivery.messages import Messages
from bot.delivery.sending import Later, Route, Sender, Sending, Sent
from bot.delivery.transport import (
    Delivered,
    Delivering,
    Gone,
    NotNow,
    Pace,
    Showing,
    Shown,
    Undeliverable,
)
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.routes import Reel, Routes
from generation.events import Cancelled, Outcome, Running, Succeeded, Waiting
from generation.jobs import Job
from generation.store.delivery import Deliveries

log = structlog.get_logger(__name__)

PRIVATE, GROUP = 3.0, 4.0
"""Seconds between two edits of one message."""

MINUTE, PRIVATE_EDITS, GROUP_EDITS = 60.0, 20, 15
"""Edits a minute in one chat; Telegram takes 20 messages a minute in a group (bots FAQ)."""


class TelegramTransport:
    """`thumbnail` tells where a clip's poster lies."""

    platform = PLATFORM

    def __init__(
        self,
        post: Routes,
        letters: Messages,
        handover: Sender,
        deliveries: Deliveries,
        thumbnail: Callable[[str], Path],
    ) -> None:
        self._post = post
        self._letters = letters
        self._handover = handover
        self._deliveries = deliveries
        self._thumbnail = thumbnail
        self._announced: dict[str, Waiting | Running] = {}

    def pace(self, job: Job) -> Pace:
        address = Address.of(job)
        chat = address.chat if address is not None else 0
        if chat > 0:
            return Pace(f"telegram:{chat}", PRIVATE, PRIVATE_EDITS, MINUTE)
        return Pace(f"telegram:{chat}", GROUP, GROUP_EDITS, MINUTE)

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        """Durations are rounded, so that not every second is told."""
        address = Address.of(job)
        if address is None:
            return True
        old, new = (
            self._letters.status(job, address.locale, event, resumed=False).text
            for event in (before, now)
        )
        return old == new

    async def announce(self, job: Job, address: Address, event: Waiting | Running) -> Sending:
        """Post the status message as an answer to who asked."""
        letter = self._letters.status(job, address.locale, event, resumed=False)
        sending = await self._send(job, address).send(letter)
        if isinstance(sending, Sent):
            self._announced[job.id] = event
        return sending

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        address = Address.of(job)
        if address is None or job.message is None:
            return Gone()
        before = self._announced.pop(job.id, None)
        if before is not None and self.same(job, before, event):
            return Shown()
        letter = self._letters.status(job, address.locale, event, resumed=resumed)
        sending = await self._post.edit(address, int(job.message)).send(letter)
        if isinstance(sending, Later):
            return NotNow(sending.seconds)
        return Shown() if isinstance(sending, Sent) else Gone()

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        self._announced.pop(job.id, None)
        address = Address.of(job)
        if address is None:
            return Undeliverable("its address was deleted")
        letter = self._letters.ending(job, address.locale, outcome)
        carried = await self._handover.carry(job, self._ways(job, address, outcome), letter)
        if isinstance(carried, Sent):
            await self._tidied(job, address, carried.message)
            return Delivered()
        if isinstance(carried, Undeliverable) and isinstance(outcome, Cancelled):
            return Delivered()  # who took it back needs no letter about it
        return carried

    async def again(
        self, job: Job, address: Address, outcome: Succeeded
    ) -> Sent | NotNow | Undeliverable:
        """Show a clip once more, wherever somebody asks for it."""
        letter = self._letters.ending(job, address.locale, outcome)
        reel = Reel(outcome.clip, self._thumbnail(job.id))

        async def moved(_: Address) -> None:
            log.info("chat_moved", job=job.id)

        return await self._handover.carry(job, [self._post.send(address, reel, moved)], letter)

    def _ways(self, job: Job, address: Address, outcome: Outcome) -> list[Route]:
        """A clip is always a new message, since a text cannot become a video by an edit."""
        edit = [self._post.edit(address, int(job.message))] if job.message is not None else []
        if isinstance(outcome, Cancelled):
            return edit
        reel = None
        if isinstance(outcome, Succeeded):
            edit, reel = [], Reel(outcome.clip, self._thumbnail(job.id))
        ways = [*edit, self._send(job, address, reel)]
        if address.user is not None and address.user != address.chat:
            ways.append(self._post.send_privately(address, address.user, reel))
        return ways

    def _send(self, job: Job, address: Address, reel: Reel | None = None) -> Route:
        async def moved(there: Address) -> None:
            log.info("chat_moved", job=job.id)
            await self._deliveries.readdress(job.id, there.to_reply())

        return self._post.send(address, reel, moved)

    async def _tidied(self, job: Job, address: Address, message: int) -> None:
        """The status message goes once the clip is there."""
        if job.message is None or int(job.message) == message:
            return
        try:
            await self._post.remove(address.chat, int(job.message))
        except (TelegramError, OSError) as error:
            log.info("status_message_stays", reason=str(error))
