"""Discord as the narrator sees it: the status message, then the clip by whatever way is open."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from bot.delivery.messages import Message, Messages
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
from bot.language.catalogue import Texts
from bot.platforms.discord.address import Address, outlives
from bot.platforms.discord.replies import TROUBLE
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.spoken import Spoken
from generation.events import Cancelled, Outcome, Running, Waiting
from generation.jobs import Job
from generation.store.delivery import Deliveries

log = structlog.get_logger(__name__)

QUICK = 60.0
"""Seconds within which people still look at the status message: it becomes the result."""

MESSAGE_PACE, CHANNEL_EDITS, CHANNEL_WINDOW = 3.0, 5, 5.0
"""Seconds between two edits of one message; edits in so many seconds of one channel."""


class DiscordTransport:
    """`clock` gives epoch seconds."""

    platform = "discord"

    def __init__(
        self,
        post: Routes,
        letters: Messages,
        handover: Sender,
        deliveries: Deliveries,
        texts: Texts,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._post = post
        self._letters = letters
        self._handover = handover
        self._deliveries = deliveries
        self._texts = texts
        self._clock = clock
        self._spoken = Spoken()

    def pace(self, job: Job) -> Pace:
        address = Address.of(job)
        place = f"discord:{address.channel if address is not None else job.id}"
        return Pace(place, MESSAGE_PACE, CHANNEL_EDITS, CHANNEL_WINDOW)

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        address = Address.of(job)
        if address is None:
            return True
        if isinstance(before, Waiting) and isinstance(now, Waiting):
            return self._spoken.same(job.id, before, now, self._clock())
        old, new = (self.status(job, address, event) for event in (before, now))
        return (old.text, old.shows) == (new.text, new.shows)

    def status(
        self, job: Job, address: Address, event: Waiting | Running, *, resumed: bool = False
    ) -> Message:
        """What the status message says; also that the clip will come where we still may write."""
        letter = self._letters.status(job, address.locale, event, resumed=resumed)
        if not outlives(address, event, self._clock()):
            return letter
        words = self._texts.of(address.locale).say("discord.waiting.sent_directly")
        return replace(letter, text=f"{letter.text}\n{words}")

    async def announce(
        self, way: Route, job: Job, address: Address, event: Waiting | Running
    ) -> Sending:
        """Post the status message; the story need not begin with an edit then."""
        sending = await way.send(self.status(job, address, event))
        if isinstance(sending, Sent):
            self._spoken.announced(job.id, event, self._clock())
        return sending

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        address = Address.of(job)
        if address is None or job.message is None:
            return Gone()
        before = self._spoken.posted(job.id)
        if before is not None and self.same(job, before, event):
            return Shown()
        letter = self.status(job, address, event, resumed=resumed)
        self._spoken.note(job.id, event, self._clock())
        for way in self._edits(address, int(job.message)):
            sending = await way.send(letter)
            if isinstance(sending, Sent):
                return Shown()
            if isinstance(sending, Later):
                return NotNow(sending.seconds)
        return Gone()

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        self._spoken.forget(job.id)
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

    async def forget_tokens(self, jobs: Sequence[Job]) -> None:
        """Erase the tokens that have had their time."""
        for job in jobs:
            address = Address.of(job)
            if address is not None and address.token and not self._open(address):
                await self._deliveries.readdress(job.id, address.without_token().to_reply())

    def _edits(self, address: Address, message: int) -> list[Route]:
        by_token = [self._post.edit_by_token(address, message)] if self._open(address) else []
        return [*by_token, *([self._post.edit(address, message)] if address.member else [])]

    def _ways(self, job: Job, address: Address, outcome: Outcome) -> list[Route]:
        """Every way to hand something over, the best first."""
        nonce = f"r{job.id.removeprefix('video_')}"
        edits = self._edits(address, int(job.message)) if job.message is not None else []
        if isinstance(outcome, Cancelled):
            return edits
        sends = [self._post.send_by_token(address)] if self._open(address) else []
        if address.member:
            sends.append(self._post.send(address, nonce))
        private = self._post.send_privately(address, nonce)
        quick = self._clock() - job.created_at.timestamp() <= QUICK
        return [*edits, *sends, private] if quick else [*sends, *edits, private]

    async def _tidied(self, job: Job, address: Address, message: int) -> None:
        """Once handed over: the status message goes if the result is another, and the token."""
        status = int(job.message) if job.message is not None else message
        by_token = self._open(address)
        if status != message and (by_token or address.member):
            try:
                await self._post.remove(address, status, by_token=by_token)
            except TROUBLE as error:
                log.info("status_message_stays", reason=str(error))
        if address.token is not None:
            await self._deliveries.readdress(job.id, address.without_token().to_reply())

    def _open(self, address: Address) -> bool:
        return address.open_for(self._clock()) > 0
