"""The routes to a person on Telegram: into the chat they asked in, or directly."""

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
)

from bot.delivery.messages import Message, Video
from bot.delivery.sending import Closed, Route, Sending, Sent, TooLarge
from bot.delivery.transport import Later
from bot.language.catalogue import Texts
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.keyboards import controls
from bot.platforms.telegram.replies import TROUBLE, link_preview, reply_to
from generation.jobs import Clip

CLOUD, LOCAL = 50_000_000, 2_000_000_000
"""Bytes that the cloud's Bot API takes of a bot (sendVideo), and a server of our own."""

ACTION = 4.0
"""Seconds after which "sends a video" is shown again: programs show it for five."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A clip as `sendVideo` takes it: without its geometry a large one shows as a square."""

    clip: Clip
    poster: Path


Moved = Callable[[Address], Awaitable[None]]
"""Called with a chat's new number."""


class Routes:
    """`bot` is asked for each time; `moved` remembers where a group has gone."""

    def __init__(self, bot: Callable[[], telegram.Bot], texts: Texts, *, local: bool) -> None:
        self._bot = bot
        self._texts = texts
        self._limit = LOCAL if local else CLOUD

    def edit(self, address: Address, message_id: int) -> Route:
        async def send(message: Message) -> Sending:
            try:
                await self._bot().edit_message_text(
                    message.text,
                    address.chat,
                    message_id,
                    reply_markup=self._markup(message),
                    link_preview_options=link_preview(message.text),
                )
            except BadRequest as error:
                if "not modified" not in error.message.lower():
                    return trouble_of(error)
            except TROUBLE as error:
                return trouble_of(error)
            return Sent(message_id)

        return Route("edit", 0, send)

    def send(self, address: Address, upload: Upload | None, moved: Moved) -> Route:
        """As a reply to who asked; into the supergroup where the group has become one."""

        async def send(message: Message) -> Sending:
            try:
                return Sent(await self._sent(address, message, upload))
            except ChatMigrated as error:
                there = address.moved(error.new_chat_id)
                await moved(there)
                return await self._again(there, message, upload)
            except BadRequest as error:
                if address.thread is not None and _no_topic(error):
                    return await self._again(address.in_general(), message, upload)
                return trouble_of(error)
            except TROUBLE as error:
                return trouble_of(error)

        return Route("send", self._limit, send)

    def send_privately(self, address: Address, user: int, upload: Upload | None) -> Route:
        """Somebody who gets a direct message reads first why."""
        direct = Address(chat=user, source=0, locale=address.locale)
        reason = self._texts.of(address.locale).say("telegram.answer.sent_directly")

        async def send(message: Message) -> Sending:
            return await self._again(direct, message, upload, f"{reason}\n")

        return Route("send privately", self._limit, send)

    async def remove(self, chat: int, message_id: int) -> None:
        """Raises `TelegramError`: after two days a bot's message stays."""
        await self._bot().delete_message(chat, message_id)

    async def _again(
        self, address: Address, message: Message, upload: Upload | None, before: str = ""
    ) -> Sending:
        try:
            return Sent(await self._sent(address, message, upload, before))
        except TROUBLE as error:
            return trouble_of(error)

    async def _sent(
        self, address: Address, message: Message, upload: Upload | None, before: str = ""
    ) -> int:
        if upload is not None and isinstance(message.shows, Video):
            return await self._uploaded(address, message, message.shows.path, upload, before)
        sent = await self._bot().send_message(
            address.chat,
            before + message.text,
            reply_markup=self._markup(message),
            reply_parameters=reply_to(address.source) if address.source else None,
            message_thread_id=address.thread,
            link_preview_options=link_preview(message.text),
        )
        return sent.id

    async def _uploaded(
        self, address: Address, message: Message, path: Path, upload: Upload, before: str
    ) -> int:
        poster = upload.poster.read_bytes() if upload.poster.exists() else None
        with path.open("rb") as file:
            async with self._upload_shown(address):
                sent = await self._bot().send_video(
                    address.chat,
                    telegram.InputFile(file, "photoplay.mp4", read_file_handle=False),
                    caption=before + message.text,
                    duration=round(upload.clip.frames / upload.clip.fps),
                    width=upload.clip.width,
                    height=upload.clip.height,
                    thumbnail=poster,
                    supports_streaming=True,
                    reply_markup=self._markup(message),
                    reply_parameters=reply_to(address.source) if address.source else None,
                    message_thread_id=address.thread,
                )
        return sent.id

    @asynccontextmanager
    async def _upload_shown(self, address: Address) -> AsyncGenerator[None]:
        """While the upload goes on people see that a video is being sent."""

        async def show() -> None:
            while True:
                try:
                    await self._bot().send_chat_action(
                        address.chat, ChatAction.UPLOAD_VIDEO, address.thread
                    )
                except TROUBLE:
                    return  # a courtesy: whatever is wrong, the upload will show it
                await asyncio.sleep(ACTION)

        showing = asyncio.create_task(show())
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    def _markup(self, message: Message) -> telegram.InlineKeyboardMarkup:
        return controls(message.job_id, message.verbs, self._texts.of(message.locale))


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
    reason = error.message.lower()
    return "thread not found" in reason or "topic_closed" in reason


def _passing(error: NetworkError) -> bool:
    return isinstance(error, telegram.error.TimedOut)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())
