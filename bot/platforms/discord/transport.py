"""Discord as the narrator sees it: the status message, then the clip by whatever way is open."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import aiohttp
import discord
import structlog

from bot.platforms.discord.address import Address
from bot.platforms.discord.letters import Letter, Letters, Video
from bot.platforms.discord.post import Closed, Later, Post, TooLarge, Trouble, Way, trouble_of
from bot.platforms.discord.spoken import Spoken
from bot.transport import (
    Delivered,
    Delivering,
    Gone,
    NotNow,
    Pace,
    Showing,
    Shown,
    Undeliverable,
)
from generation.errors import GenerationFailed
from generation.events import Cancelled, Outcome, Running, Waiting
from generation.jobs import Job
from generation.store.delivery import Deliveries

log = structlog.get_logger(__name__)

Smaller = Callable[[Job, int], Awaitable[Path]]
"""A copy of a job's clip in at most so many bytes; raises `GenerationFailed`."""

QUICK = 60.0
"""Seconds within which people still look at the status message: it becomes the result."""

RUNG = 0.7
"""Of the size that was refused: what the next copy may have."""

RUNGS = 4

MESSAGE_PACE, CHANNEL_EDITS, CHANNEL_WINDOW = 3.0, 5, 5.0
"""Seconds between two edits of one message; edits in so many seconds of one channel."""


class DiscordTransport:
    """`clock` gives epoch seconds."""

    platform = "discord"

    def __init__(
        self,
        post: Post,
        letters: Letters,
        deliveries: Deliveries,
        smaller: Smaller,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._post = post
        self._letters = letters
        self._deliveries = deliveries
        self._smaller = smaller
        self._clock = clock
        self._spoken = Spoken()
        self._announced: dict[str, Waiting | Running] = {}

    def pace(self, job: Job) -> Pace:
        address = Address.of(job)
        place = f"discord:{address.channel if address is not None else job.id}"
        return Pace(place, MESSAGE_PACE, CHANNEL_EDITS, CHANNEL_WINDOW)

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        address, clock = Address.of(job), self._clock()
        if address is None:
            return True
        if isinstance(before, Waiting) and isinstance(now, Waiting):
            return self._spoken.same(job.id, before, now, clock)
        old, new = (
            self._letters.status(job, address, event, resumed=False, now=clock)
            for event in (before, now)
        )
        return (old.text, old.shows) == (new.text, new.shows)

    def announced(self, job: Job, event: Waiting | Running) -> None:
        """The status message was posted with this: the story need not begin with an edit."""
        self._spoken.note(job.id, event, self._clock())
        self._announced[job.id] = event

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        address = Address.of(job)
        before = self._announced.pop(job.id, None)
        if before is not None and self.same(job, before, event):
            return Shown()
        if address is None or job.message is None:
            return Gone()
        now = self._clock()
        letter = self._letters.status(job, address, event, resumed=resumed, now=now)
        self._spoken.note(job.id, event, now)
        for way in self._edits(address, int(job.message)):
            match await _tried(way, letter):
                case int():
                    return Shown()
                case Later(seconds):
                    return NotNow(seconds)
                case Closed() | TooLarge():
                    continue
        return Gone()

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        self._spoken.forget(job.id)
        self._announced.pop(job.id, None)
        address = Address.of(job)
        if address is None:
            return Undeliverable("its address was deleted")
        letter = self._letters.ending(job, address, outcome)
        reasons = []
        for way in self._ways(job, address, outcome):
            match await self._carried(way, job, address, letter):
                case int(message):
                    await self._tidied(job, address, message)
                    return Delivered()
                case Later(seconds):
                    return NotNow(seconds)
                case Closed(reason):
                    reasons.append(f"{way.name}: {reason}")
                case TooLarge():
                    reasons.append(f"{way.name}: too large")
        if isinstance(outcome, Cancelled):  # who took it back needs no letter about it
            return Delivered()
        return Undeliverable("; ".join(reasons))

    async def forget_tokens(self, jobs: Sequence[Job]) -> None:
        """Erase the tokens that have had their time."""
        for job in jobs:
            address = Address.of(job)
            if address is not None and address.token and not address.open_for(self._clock()):
                await self._deliveries.readdress(job.id, address.without_token().to_reply())

    def _edits(self, address: Address, message: int) -> list[Way]:
        by_token = [self._post.edit_by_token(address, message)] if self._open(address) else []
        return [*by_token, *([self._post.edit(address, message)] if address.member else [])]

    def _ways(self, job: Job, address: Address, outcome: Outcome) -> list[Way]:
        """Every way to hand something over, the best first."""
        nonce = f"r{job.id.removeprefix('video_')}"
        edits = self._edits(address, int(job.message)) if job.message is not None else []
        if isinstance(outcome, Cancelled):
            return edits
        sends = [self._post.send_by_token(address)] if self._open(address) else []
        if address.member:
            sends.append(self._post.send(address, nonce))
        sends = [_mentioning(way, address.user) for way in sends]
        words = self._letters.sentence(address, "discord.answer.sent_directly")
        private = self._post.send_privately(address, nonce, words)
        quick = self._clock() - job.created_at.timestamp() <= QUICK
        return [*edits, *sends, private] if quick else [*sends, *edits, private]

    async def _carried(self, way: Way, job: Job, address: Address, letter: Letter) -> int | Trouble:
        """Send by one way, with ever smaller copies where the clip is too large for it."""
        if not isinstance(letter.shows, Video):
            return await _tried(way, letter)
        if not letter.shows.path.exists():
            words = self._letters.sentence(address, "chat.refusal.expired")
            return await _tried(way, Letter(words, letter.view))
        size, limit = letter.shows.path.stat().st_size, way.limit
        for _ in range(RUNGS):
            shows = letter.shows
            if size > limit:
                try:
                    shows = Video(await self._smaller(job, limit))
                except GenerationFailed:
                    break
            tried = await _tried(way, replace(letter, shows=shows))
            if not isinstance(tried, TooLarge):
                return tried
            limit = int(min(limit, size) * RUNG)
        words = self._letters.sentence(address, "discord.answer.too_large_for_chat")
        return await _tried(way, Letter(f"{letter.text}\n{words}", letter.view))

    async def _tidied(self, job: Job, address: Address, message: int) -> None:
        """Once handed over: the status message goes if the result is another, and the token."""
        status = int(job.message) if job.message is not None else message
        if status != message:
            by_token = self._open(address)
            if by_token or address.member:
                try:
                    await self._post.remove(address, status, by_token=by_token)
                except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                    log.info("status_message_stays", reason=str(error))
        if address.token is not None:
            await self._deliveries.readdress(job.id, address.without_token().to_reply())

    def _open(self, address: Address) -> bool:
        return address.open_for(self._clock()) > 0


def _mentioning(way: Way, user: int) -> Way:
    async def send(letter: Letter) -> int:
        text = f"<@{user}> {letter.text}"
        return await way.send(replace(letter, text=text, mentions=user))

    return replace(way, send=send)


async def _tried(way: Way, letter: Letter) -> int | Trouble:
    try:
        return await way.send(letter)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        trouble = trouble_of(error)
        log.info("way_not_taken", way=way.name, trouble=type(trouble).__name__, reason=str(error))
        return trouble
