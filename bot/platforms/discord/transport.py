"""Discord as the narrator sees it: which routes are open, how often it is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.delivery.chat_transport import ChatTransport, StatusShown, TransportParts
from bot.delivery.messages import Message
from bot.delivery.sending import Route, Sent
from bot.delivery.transport import Pace
from bot.language.catalogue import Texts
from bot.platforms.discord.address import Address, outlives
from bot.platforms.discord.edits import Edits
from bot.platforms.discord.people import PLATFORM
from bot.platforms.discord.replies import TROUBLE
from bot.platforms.discord.routes import Routes
from generation.events import Failed, Running, Succeeded, Waiting
from generation.jobs import Job

log = structlog.get_logger(__name__)

QUICK = 60.0
"""Seconds within which people still look at the status message: it becomes the result."""

MESSAGE_PACE, CHANNEL_EDITS, CHANNEL_WINDOW = 3.0, 5, 5.0
"""Seconds between two edits of one message; edits in so many seconds of one channel."""

DRIFT, SHARE = 20.0, 0.2
"""A promised moment is corrected once it is off by so many seconds, and by such a share of what
is left: readers' programs count it down, and nobody wants it to jump."""


class DiscordTransport(ChatTransport[Address]):
    platform = PLATFORM
    trouble = TROUBLE

    def __init__(self, parts: TransportParts, routes: Routes, texts: Texts, edits: Edits) -> None:
        super().__init__(Address, parts)
        self._edits = edits
        self._routes = routes
        self._texts = texts

    def pace(self, job: Job) -> Pace:
        address = Address.of(job)
        place = f"{PLATFORM}:{address.channel if address is not None else job.id}"
        wait = self._edits.wait(int(job.message), spare=1) if job.message is not None else 0.0
        return Pace(place, MESSAGE_PACE, CHANNEL_EDITS, CHANNEL_WINDOW, wait)

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        """A countdown ticks by itself in every reader's program."""
        if isinstance(before, Waiting) and isinstance(now, Waiting):
            moved = (before.position, before.length, before.held) != (
                now.position,
                now.length,
                now.held,
            )
            return not moved and on_time(self._shown.get(job.id), now, self._clock())
        return super().same(job, before, now)

    def status(
        self, job: Job, address: Address, event: Waiting | Running, *, resumed: bool = False
    ) -> Message:
        """Also that the clip will come directly, where we may no longer write here by then."""
        message = super().status(job, address, event, resumed=resumed)
        if not outlives(address, event, self._clock()):
            return message
        sentence = self._texts.of(address.locale).say("discord.waiting.sent_directly")
        return replace(message, text=f"{message.text}\n{sentence}")

    def edits(self, address: Address, message: int) -> list[Route]:
        by_token = [self._routes.edit_by_token(address, message)] if self._open(address) else []
        return [*by_token, *([self._routes.edit(address, message)] if address.member else [])]

    def routes(
        self, job: Job, address: Address, outcome: Succeeded | Failed, edits: Sequence[Route]
    ) -> list[Route]:
        nonce = f"r{job.id.removeprefix('video_')}"
        sends = [self._routes.send_by_token(address)] if self._open(address) else []
        if address.member:
            sends.append(self._routes.send(address, nonce))
        privately = self._routes.send_privately(address, nonce)
        quick = self._clock() - job.created_at.timestamp() <= QUICK
        return [*edits, *sends, privately] if quick else [*sends, *edits, privately]

    def announcement(self, address: Address, job_id: str) -> Route:
        """How a request's status message is posted."""
        nonce = f"s{job_id.removeprefix('video_')}"
        if address.token is not None:
            return self._routes.fill_by_token(address)
        if address.member:
            return self._routes.send(address, nonce, mention=False)
        return self._routes.send_privately(address, nonce)

    async def say(self, address: Address, sentence: str) -> None:
        """A word to whoever asked there, as privately as that can be; never raises."""
        message = Message("", address.locale, sentence, frozenset())
        for route in self._routes.words(self.current(address)):
            sending = await route.send(message)
            if isinstance(sending, Sent):
                return
            log.info("word_not_sent", route=route.name, trouble=str(sending))

    def current(self, address: Address) -> Address:
        """As it is now: without a token that has had its time."""
        return address if self._open(address) else address.without_token()

    async def remove(self, address: Address, message: int) -> None:
        if self._open(address):
            await self._routes.remove_by_token(address, message)
        elif address.member:
            await self._routes.remove(address, message)

    async def forget_tokens(self, jobs: Sequence[Job]) -> None:
        """Erase the tokens that have had their time."""
        for job in jobs:
            address = Address.of(job)
            if address is not None and address.token and not self._open(address):
                await self._deliveries.readdress(job.id, address.without_token().to_reply())

    def _open(self, address: Address) -> bool:
        return address.open_for(self._clock()) > 0


def on_time(shown: StatusShown | None, now: Waiting, clock: float) -> bool:
    """Whether the moment that the message promises still holds."""
    event = shown.event if shown is not None else None
    if shown is None or not isinstance(event, Waiting) or event.starts_in is None:
        return now.starts_in is None
    if now.starts_in is None:
        return False
    off = abs(clock + now.starts_in - shown.since - event.starts_in)
    return off <= max(DRIFT, SHARE * now.starts_in)
