"""The ways a message can take on Telegram: into the chat it was asked for in, or to the person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import telegram
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.messages import Message, Video
from bot.delivery.sending import Closed, Later, Route, Sending, Sent, TooLarge
from bot.language.catalogue import Texts
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.keyboards import controls
from bot.platforms.telegram.replies import answering, unfolded
from generation.jobs import Clip

CLOUD, LOCAL = 50_000_000, 2_000_000_000
"""Bytes that the cloud's Bot API takes of a bot (sendVideo), and a server of our own."""

ACTION = 4.0
"""Seconds after which "sends a video" is said again: programs show it for five."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A clip as `sendVideo` wants it told: without its geometry a large one shows as a square."""

    clip: Clip
    poster: Path


Moved = Callable[[Address], Awaitable[None]]
"""Told of a chat's new number."""


class Routes:
    """`bot` is asked for each time; `moved` remembers where a group has gone."""

    def __init__(self, bot: Callable[[], telegram.Bot], texts: Texts, *, local: bool) -> None:
        self._bot = bot
        self._texts = texts
        self._limit = LOCAL if local else CLOUD

    def edit(self, address: Address, message: int) -> Route:
        async def send(letter: Message) -> Sending:
            try:
                await self._bot().edit_message_text(
                    letter.text,
                    address.chat,
                    message,
                    reply_markup=self._markup(letter),
                    link_preview_options=unfolded(letter.text),
                )
            except BadRequest as error:
                if "not modified" not in error.message.lower():
                    return trouble_of(error)
            except (TelegramError, OSError) as error:
                return trouble_of(error)
            return Sent(message)

        return Route("edit", 0, send)

    def send(self, address: Address, reel: Reel | None, moved: Moved) -> Route:
        """As an answer to who asked; into the supergroup where the group has become one."""

        async def send(letter: Message) -> Sending:
            try:
                return Sent(await self._sent(address, letter, reel))
            except ChatMigrated as error:
                there = address.moved(error.new_chat_id)
                await moved(there)
                return await self._again(there, letter, reel)
            except BadRequest as error:
                if address.thread is not None and _no_topic(error):
                    return await self._again(address.in_general(), letter, reel)
                return trouble_of(error)
            except (TelegramError, OSError) as error:
                return trouble_of(error)

        return Route("send", self._limit, send)

    def send_privately(self, address: Address, user: int, reel: Reel | None) -> Route:
        """Somebody who gets a direct message is told first why."""
        direct = Address(chat=user, source=0, locale=address.locale)
        words = self._texts.of(address.locale).say("telegram.answer.sent_directly")

        async def send(letter: Message) -> Sending:
            return await self._again(direct, letter, reel, f"{words}\n")

        return Route("send privately", self._limit, send)

    async def remove(self, chat: int, message: int) -> None:
        """Raises `TelegramError`: after two days a bot's message stays."""
        await self._bot().delete_message(chat, message)

    async def _again(
        self, address: Address, letter: Message, reel: Reel | None, before: str = ""
    ) -> Sending:
        try:
            return Sent(await self._sent(address, letter, reel, before))
        except (TelegramError, OSError) as error:
            return trouble_of(error)

    async def _sent(
        self, address: Address, letter: Message, reel: Reel | None, before: str = ""
    ) -> int:
        if reel is not None and isinstance(letter.shows, Video):
            return await self._uploaded(address, letter, letter.shows.path, reel, before)
        sent = await self._bot().send_message(
            address.chat,
            before + letter.text,
            reply_markup=self._markup(letter),
            reply_parameters=answering(address.source) if address.source else None,
            message_thread_id=address.thread,
            link_preview_options=unfolded(letter.text),
        )
        return sent.id

    async def _uploaded(
        self, address: Address, letter: Message, path: Path, reel: Reel, before: str
    ) -> int:
        poster = reel.poster.read_bytes() if reel.poster.exists() else None
        with path.open("rb") as file:
            async with self._saying(address):
                sent = await self._bot().send_video(
                    address.chat,
                    telegram.InputFile(file, "photoplay.mp4", read_file_handle=False),
                    caption=before + letter.text,
                    duration=round(reel.clip.frames / reel.clip.fps),
                    width=reel.clip.width,
                    height=reel.clip.height,
                    thumbnail=poster,
                    supports_streaming=True,
                    reply_markup=self._markup(letter),
                    reply_parameters=answering(address.source) if address.source else None,
                    message_thread_id=address.thread,
                )
        return sent.id

    @asynccontextmanager
    async def _saying(self, address: Address) -> AsyncGenerator[None]:
        """While the upload goes on people see that a video is being sent."""

        async def say() -> None:
            while True:
                try:
                    await self._bot().send_chat_action(
                        address.chat, ChatAction.UPLOAD_VIDEO, address.thread
                    )
                except (TelegramError, OSError):
                    return  # a courtesy: whatever is wrong, the upload will say it
                await asyncio.sleep(ACTION)

        saying = asyncio.create_task(say())
        try:
            yield
        finally:
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)

    def _markup(self, letter: Message) -> telegram.InlineKeyboardMarkup:
        return controls(letter.job_id, letter.verbs, self._texts.of(letter.locale))


def trouble_of(error: Exception) -> Closed | TooLarge | Later:
    """What an exception of the library means for whoever wanted to write."""
    match error:
        case RetryAfter():
            return Later(_seconds(error))
        case BadRequest() if "too big" in error.message.lower():
            return TooLarge()
        case NetworkError() if "too large" in error.message.lower() and not _passing(error):
            return TooLarge()
        case InvalidToken():  # somebody replaces it: the next start knows the new one
            return Later()
        case BadRequest() | Forbidden() | ChatMigrated():
            return Closed(error.message)
        case _:
            return Later()


def _no_topic(error: BadRequest) -> bool:
    """The topic was deleted or closed; the group itself may still take messages."""
    says = error.message.lower()
    return "thread not found" in says or "topic_closed" in says


def _passing(error: NetworkError) -> bool:
    return isinstance(error, telegram.error.TimedOut)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())
