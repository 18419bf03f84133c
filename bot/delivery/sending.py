"""A letter on its way to a person: the ways one after the other, in ever smaller copies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

import structlog

from bot.delivery.links import Links
from bot.delivery.messages import Message, NoPicture, Video
from bot.delivery.transport import NotNow, Undeliverable
from bot.language.catalogue import Texts
from generation.errors import GenerationFailed
from generation.jobs import Job

log = structlog.get_logger(__name__)

Smaller = Callable[[Job, int], Awaitable[Path]]
"""A copy of a job's clip in at most so many bytes; raises `GenerationFailed`."""

RUNG, RUNGS = 0.7, 4
"""Of the size that was refused: what the next copy may have; how often that is tried."""

PATIENCE = 15.0
"""Seconds until a platform is asked again after it failed on its own."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter stands in the message with this id."""

    message: int


@dataclass(frozen=True, slots=True)
class Closed:
    """This way leads nowhere any more: the message, chat or right is gone. For the log."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The film is over this place's limit."""


@dataclass(frozen=True, slots=True)
class Later:
    """The platform asks for patience, or cannot be reached."""

    seconds: float = PATIENCE


Sending = Sent | Closed | TooLarge | Later


@dataclass(frozen=True, slots=True)
class Route:
    """`limit` in bytes is what a film may have there; `send` raises nothing a platform answers."""

    name: str
    limit: int
    send: Callable[[Message], Awaitable[Sending]]


class Sender:
    """`links` are for clips that no copy makes small enough."""

    def __init__(self, smaller: Smaller, links: Links, texts: Texts) -> None:
        self._smaller = smaller
        self._links = links
        self._texts = texts

    async def carry(
        self, job: Job, ways: Sequence[Route], letter: Message
    ) -> Sent | NotNow | Undeliverable:
        """By the first way that is open; trouble that passes closes none, but ends the try."""
        reasons = []
        for way in ways:
            sending = await self._by(way, job, letter)
            match sending:
                case Sent():
                    return sending
                case Later(seconds):
                    return NotNow(seconds)
                case Closed(reason):
                    reasons.append(f"{way.name}: {reason}")
                case TooLarge():
                    reasons.append(f"{way.name}: too large")
                case _:
                    assert_never(sending)
            log.info("way_not_taken", job=job.id, reason=reasons[-1])
        return Undeliverable("; ".join(reasons))

    async def _by(self, way: Route, job: Job, letter: Message) -> Sending:
        if not isinstance(letter.shows, Video):
            return await way.send(letter)
        if not letter.shows.path.exists():
            return await way.send(self._without_film(letter, "errors.expired.file"))
        path, limit = letter.shows.path, way.limit
        for _ in range(RUNGS):
            if path.stat().st_size > limit:
                try:
                    path = await self._smaller(job, limit)
                except GenerationFailed:
                    break
            sending = await way.send(replace(letter, shows=Video(path)))
            if not isinstance(sending, TooLarge):
                return sending
            limit = int(min(limit, path.stat().st_size) * RUNG)
        return await way.send(self._linked(letter))

    def _linked(self, letter: Message) -> Message:
        link = self._links.to(letter.job_id)
        if link is None:
            return self._without_film(letter, "chat.result.too_large")
        words = self._texts.of(letter.locale).say("chat.result.linked", link=link)
        return replace(letter, text=f"{letter.text}\n{words}", shows=NoPicture())

    def _without_film(self, letter: Message, key: str) -> Message:
        words = self._texts.of(letter.locale).say(key)
        return replace(letter, text=f"{letter.text}\n{words}", shows=NoPicture())
