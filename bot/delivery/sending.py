"""A message is sent to a person: one route after the other, a video in ever smaller copies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from bot.delivery.links import Links
from bot.delivery.messages import Message, NoPicture, Video
from bot.delivery.transport import Later, Undeliverable
from bot.language.catalogue import Texts
from generation.errors import GenerationFailed
from generation.jobs import Job

log = structlog.get_logger(__name__)

Smaller = Callable[[Job, int], Awaitable[Path]]
"""A copy of a job's clip in at most so many bytes; raises `GenerationFailed`."""

SHRINK, COPIES = 0.7, 4
"""Of the size that was refused: what the next copy may have; how often that is tried."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in the message with this id; `chat` where that is another than was asked in."""

    message: int
    chat: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """This route leads nowhere any more: the message, chat or right is gone. For the log."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The video is over this place's limit."""


Sending = Sent | Closed | TooLarge | Later


@dataclass(frozen=True, slots=True)
class Route:
    """`limit` in bytes is what a video may have there; `send` raises nothing a platform answers."""

    name: str
    limit: int
    send: Callable[[Message], Awaitable[Sending]]


class Sender:
    """`links` are for clips that no copy makes small enough."""

    def __init__(self, smaller: Smaller, links: Links, texts: Texts) -> None:
        self._smaller = smaller
        self._links = links
        self._texts = texts

    async def send(
        self, job: Job, routes: Sequence[Route], message: Message
    ) -> Sent | Later | Undeliverable:
        """By the first route that is open; trouble that passes closes none, but ends the try."""
        reasons = []
        for route in routes:
            sending = await self._by(route, job, message)
            match sending:
                case Sent() | Later():
                    return sending
                case Closed(reason):
                    reasons.append(f"{route.name}: {reason}")
                case TooLarge():
                    reasons.append(f"{route.name}: too large")
            log.info("route_closed", job=job.id, reason=reasons[-1])
        return Undeliverable("; ".join(reasons))

    async def _by(self, route: Route, job: Job, message: Message) -> Sending:
        if not isinstance(message.shows, Video):
            return await route.send(message)
        if not message.shows.path.exists():
            return await route.send(self._without_video(message, "errors.expired.file"))
        path, limit = message.shows.path, route.limit
        for _ in range(COPIES):
            if path.stat().st_size > limit:
                try:
                    path = await self._smaller(job, limit)
                except GenerationFailed:
                    break
            sending = await route.send(replace(message, shows=Video(path)))
            if not isinstance(sending, TooLarge):
                return sending
            limit = int(min(limit, path.stat().st_size) * SHRINK)
        return await route.send(self._linked(message))

    def _linked(self, message: Message) -> Message:
        link = self._links.to(message.job_id)
        if link is None:
            return self._without_video(message, "chat.result.too_large")
        sentence = self._texts.of(message.locale).say("chat.result.linked", link=link)
        return replace(message, text=f"{message.text}\n{sentence}", shows=NoPicture())

    def _without_video(self, message: Message, key: str) -> Message:
        sentence = self._texts.of(message.locale).say(key)
        return replace(message, text=f"{message.text}\n{sentence}", shows=NoPicture())
