"""The routes to a person on Telegram: into the chat they asked in, or directly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.chat.buttons import Verb
from bot.delivery.messages import Message, NoPicture, Video
from bot.delivery.sending import Closed, Route, Sending, Sent, TooLarge
from bot.delivery.transport import Later
from bot.language.catalogue import Texts
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.outgoing import Urgency, seconds_of
from bot.platforms.telegram.trouble import TROUBLE, was_sent
from bot.platforms.telegram.upload import Upload
from bot.platforms.telegram.writer import ChatWriter

log = structlog.get_logger(__name__)

CLOUD, LOCAL = 50_000_000, 2_000_000_000
"""Bytes that the cloud's Bot API takes of a bot (sendVideo), and a server of our own."""

Moved = Callable[[Address], Awaitable[None]]
"""Called with a chat's new number."""

Adopt = Callable[[int], Awaitable[None]]
"""Called with the number of a message that is the job's from now on."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A text that becomes a clip, with these buttons until then. `adopt` writes its number down.

    `arrived` is called once it has, or may have: should it have to be repeated, that rings nobody.
    """

    moved: Moved
    adopt: Adopt
    rings: bool
    arrived: Callable[[], None]
    verbs: frozenset[Verb] = frozenset()


class Routes:
    """`moved` remembers where a group has gone."""

    def __init__(self, writer: ChatWriter, texts: Texts, *, local: bool) -> None:
        self._writer = writer
        self._texts = texts
        self._limit = LOCAL if local else CLOUD

    def edit(self, address: Address, number: int, urgency: Urgency) -> Route:
        """A status message says something else."""

        async def send(message: Message) -> Sending:
            try:
                await self._writer.edit(address, number, message, urgency)
            except TROUBLE as error:
                return trouble_of(error)
            return Sent(number)

        return Route("edit", 0, send)

    def become(self, address: Address, number: int, upload: Upload) -> Route:
        """A status message becomes the clip: however often that is tried, there is one."""
        words = self.edit(address, number, Urgency.RESULT)

        async def send(message: Message) -> Sending:
            if not isinstance(message.shows, Video):
                return await words.send(message)
            try:
                await self._writer.video_into(address, number, message, message.shows.path, upload)
            except BadRequest as error:
                unchanged = "not modified" in error.message.lower()
                return Sent(number) if unchanged else trouble_of(error)
            except TROUBLE as error:
                return trouble_of(error)
            return Sent(number)

        return Route("become", self._limit, send)

    def post_first(self, address: Address, upload: Upload, first: Placeholder) -> Route:
        """Where no message of ours can become the clip one is posted that can.

        Its number is written down before the upload begins: whatever happens then, no clip comes
        twice. Where the answer to the text is lost, it alone stands twice, the second silent.
        """
        posted: list[tuple[Address, int]] = []

        async def send(message: Message) -> Sending:
            if not posted:
                words = replace(message, verbs=first.verbs, shows=NoPicture())
                where = await self._posted(address, words, first.moved, rings=first.rings)
                if isinstance(where, tuple) or (isinstance(where, Later) and where.unsure):
                    first.arrived()
                if not isinstance(where, tuple):
                    return where
                await first.adopt(where[1])
                posted.append(where)
            there, number = posted[0]
            sending = await self.become(there, number, upload).send(message)
            if isinstance(sending, Closed):
                await self._taken_back(there.chat, number)
            return sending

        return Route("post first", self._limit, send)

    def explained(self, route: Route, direct: Address) -> Route:
        """Somebody who gets a direct message reads first why."""
        reason = self._texts.of(direct.locale).say("telegram.answer.sent_directly")

        async def send(message: Message) -> Sending:
            sending = await route.send(replace(message, text=f"{reason}\n{message.text}"))
            return replace(sending, chat=direct.chat) if isinstance(sending, Sent) else sending

        return Route(f"{route.name} privately", route.limit, send)

    def either(self, first: Route, second: Route) -> Route:
        """The second where the first leads nowhere."""

        async def send(message: Message) -> Sending:
            sending = await first.send(message)
            return await second.send(message) if isinstance(sending, Closed) else sending

        return Route(f"{first.name} or {second.name}", first.limit, send)

    def send(
        self,
        address: Address,
        moved: Moved,
        urgency: Urgency,
        upload: Upload | None = None,
        *,
        rings: bool = True,
    ) -> Route:
        """As a reply to who asked; into the supergroup where the group has become one."""

        async def send(message: Message) -> Sending:
            if upload is not None and isinstance(message.shows, Video):
                path = message.shows.path
                sent = await _followed(
                    address, moved, lambda at: self._writer.video(at, message, path, upload)
                )
            else:
                sent = await _followed(
                    address,
                    moved,
                    lambda at: self._writer.text(at, message, urgency, rings=rings),
                )
            return Sent(sent[1]) if isinstance(sent, tuple) else sent

        return Route("send", self._limit, send)

    async def remove(self, chat: int, number: int) -> None:
        """Raises `TelegramError`."""
        await self._writer.remove(chat, number)

    async def _taken_back(self, chat: int, number: int) -> None:
        try:
            await self._writer.remove(chat, number)
        except TROUBLE as error:
            log.info("message_stays", reason=str(error))

    async def _posted(
        self, address: Address, message: Message, moved: Moved, *, rings: bool
    ) -> tuple[Address, int] | Closed | TooLarge | Later:
        return await _followed(
            address,
            moved,
            lambda at: self._writer.text(at, message, Urgency.RESULT, rings=rings),
        )


async def _followed(
    address: Address, moved: Moved, write: Callable[[Address], Awaitable[int]]
) -> tuple[Address, int] | Closed | TooLarge | Later:
    """Where it was written: also where the group has moved, or its topic is gone."""
    try:
        return address, await write(address)
    except ChatMigrated as error:
        there = address.moved(error.new_chat_id)
        await moved(there)
    except BadRequest as error:
        if address.thread is None or not _no_topic(error):
            return trouble_of(error)
        there = address.in_general()
    except TROUBLE as error:
        return trouble_of(error)
    try:
        return there, await write(there)
    except TROUBLE as error:
        return trouble_of(error)


def trouble_of(error: Exception) -> Closed | TooLarge | Later:
    """What an exception of the library means for whoever wanted to write."""
    match error:
        case RetryAfter():
            return Later(seconds_of(error))
        case BadRequest() if "too big" in error.message.lower():
            return TooLarge()
        case NetworkError() if "too large" in error.message.lower() and not _passing(error):
            return TooLarge()
        case InvalidToken():  # somebody replaces it: the next start knows the new one
            return Later()
        case BadRequest() | Forbidden() | ChatMigrated():
            return Closed(error.message)
        case NetworkError():
            return Later(unsure=was_sent(error))
        case _:
            return Later(unsure=True)


def _no_topic(error: BadRequest) -> bool:
    """The topic was deleted or closed; the group itself may still take messages."""
    reason = error.message.lower()
    return "thread not found" in reason or "topic_closed" in reason


def _passing(error: NetworkError) -> bool:
    return isinstance(error, TimedOut)
