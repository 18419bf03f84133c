"""Discord as the narrator sees it: which routes are open, how often it is edited."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import discord
import structlog

from bot.chat.buttons import Verb
from bot.delivery.chat_transport import ChatTransport
from bot.delivery.clip_log import LogRoute
from bot.delivery.messages import Message
from bot.delivery.sending import Route, Sent
from bot.delivery.transport import Delivering, Pace
from bot.delivery.transport_parts import StatusShown, TransportParts
from bot.language.catalogue import Texts
from bot.platforms.discord.address import PLATFORM, Address, outlives
from bot.platforms.discord.edits import Edits
from bot.platforms.discord.replies import TROUBLE
from bot.platforms.discord.routes import Routes, Unreachable
from generation.errors import JobNotFound
from generation.events import Failed, Outcome, Running, Succeeded, Waiting
from generation.jobs import Job, JobStatus

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
        if address.guild is not None and not address.notify:
            message = replace(message, verbs=message.verbs | {Verb.NOTIFY})
        if not outlives(address, event, self._clock()):
            return message
        sentence = self._texts.of(address.locale).say("discord.waiting.sent_directly")
        return replace(message, text=f"{message.text}\n{sentence}")

    def post(self, job: Job, address: Address) -> Route:
        return self.announcement(self.current(address), job.id)

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

    async def covered(self, job_id: str, *, restricted: bool) -> bool:
        """Whether a clip is covered in such a place; raises `JobNotFound`."""
        address = Address.of((await self._view(job_id)).job)
        return address is not None and address.is_covered(restricted=restricted)

    def current(self, address: Address) -> Address:
        """As it is now: without a token that has had its time."""
        return address if self._open(address) else address.without_token()

    async def remove(self, address: Address, message: int) -> None:
        """As the bot itself where it can: the token knows only the messages of its interaction."""
        if address.member:
            try:
                await self._routes.remove(address.channel, message)
            except discord.Forbidden:
                if not self._open(address):
                    raise
            else:
                return
        if not self._open(address):
            raise Unreachable
        await self._routes.remove_by_token(address, message)

    async def remove_pressed(self, address: Address) -> None:
        """The message whose button began an interaction; raises `trouble`."""
        if not self._open(address):
            raise Unreachable
        await self._routes.remove_by_token(address, None)

    async def remove_copy(self, chat: int, message: int) -> None:
        await self._routes.remove(chat, message)

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        """No token outlives its time, also where all tries are in vain."""
        await self.forget_tokens([job])
        return await super().deliver(job, outcome)

    async def _own_taken_back(self, jobs: Sequence[Job]) -> list[bool]:
        """What says that a request was taken back shows nothing of it, and is its last word."""
        shown = [job for job in jobs if job.status is not JobStatus.CANCELLED]
        return await super()._own_taken_back(shown)

    async def forget_tokens(self, jobs: Sequence[Job]) -> None:
        """Erase the tokens that have had their time."""
        for job in jobs:
            address = Address.of(job)
            if address is not None and address.token and not self._open(address):
                await self._erase_token(job.id)

    async def log_route(self, job: Job, address: Address, outcome: Succeeded) -> LogRoute | None:
        channel = None
        if address.guild is not None:
            channel = await self._log_of(f"{PLATFORM}-guild:{address.guild}")
        if channel is None:
            return None
        nonce = f"l{job.id.removeprefix('video_')}"
        return LogRoute(channel, self._routes.log(address, channel, nonce))

    async def tell_ready(self, job: Job, address: Address, numbers: tuple[str, ...]) -> None:
        """To who asked alone, as long as that can be; a channel hears it later."""
        said = self._texts.of(address.locale).say("chat.variation.ready", numbers=numbers)
        if self._open(address):
            route = self._routes.send_by_token(address, alone=True)
        elif address.member:
            route = self._routes.send(address, f"v{job.id.removeprefix('video_')}")
        else:
            return
        sending = await route.send(Message("", address.locale, said, frozenset()))
        if not isinstance(sending, Sent):  # a courtesy: the buttons are there
            log.info("not_notified", reason=str(sending))

    async def notify(self, job: Job) -> None:
        """Its asker wants to be told directly when it has ended."""
        address = Address.of(job)
        if address is not None:
            wanted = address.model_copy(update={"notify": True})
            await self._deliveries.readdress(job.id, wanted.to_reply())

    async def recorded(self, job: Job) -> None:
        """A link in a direct message, for who wanted one; the clip itself may be there already."""
        await super().recorded(job)
        with suppress(JobNotFound):
            job = (await self._view(job.id)).job
        address = Address.of(job)
        if address is None or not address.notify or address.guild is None or job.message is None:
            return
        if job.status is JobStatus.CANCELLED:
            return
        made = job.status is JobStatus.SUCCEEDED
        key = "discord.notify.ready" if made else "discord.notify.failed"
        link = f"https://discord.com/channels/{address.guild}/{address.channel}/{job.message}"
        said = self._texts.of(address.locale).say(key, link=link)
        try:
            await self._routes.notify(address.user, said)
        except TROUBLE as error:  # a courtesy: the clip is there
            log.info("not_notified", job=job.id, reason=str(error))

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
