"""What is really written into a chat, a request each: a text, a clip, an edit of either."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import telegram
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.delivery.messages import Message, PreviewPicture
from bot.language.catalogue import Texts
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.formatting import plain
from bot.platforms.telegram.keyboards import controls
from bot.platforms.telegram.outgoing import Outgoing, Urgency
from bot.platforms.telegram.own_messages import OwnMessages
from bot.platforms.telegram.replies import link_preview, reply_to
from bot.platforms.telegram.trouble import TROUBLE
from bot.platforms.telegram.upload import Upload

ACTION = 4.0
"""Seconds after which "sends a video" is shown again: programs show it for five."""

REMEMBERED = 1000
"""Status messages that are known to show a picture; a forgotten one costs one more request."""


class ChatWriter:
    """`bot` is asked for each time; every request passes the gate. Raises what the library does."""

    def __init__(
        self,
        bot: Callable[[], telegram.Bot],
        outgoing: Outgoing,
        texts: Texts,
        own_messages: OwnMessages,
    ) -> None:
        self._bot = bot
        self._outgoing = outgoing
        self._texts = texts
        self._own_messages = own_messages
        self._pictures: OrderedDict[tuple[int, int], None] = OrderedDict()

    async def text(
        self, address: Address, message: Message, urgency: Urgency, *, rings: bool
    ) -> int:
        """As a reply to who asked; the new message's number."""
        sent = await self._outgoing.call(
            address.chat,
            urgency,
            lambda: self._bot().send_message(
                address.chat,
                plain(message.text),
                reply_markup=self._markup(message),
                reply_parameters=_answered(address),
                message_thread_id=address.thread,
                link_preview_options=link_preview(message.text),
                disable_notification=not rings,
            ),
        )
        await self._own_messages.note(sent, address.owner)
        return sent.id

    async def ring(self, address: Address, text: str) -> None:
        """A few words to who asked, whose own message they answer."""
        sent = await self._outgoing.patiently(
            address.chat,
            lambda: self._bot().send_message(
                address.chat,
                plain(text),
                reply_parameters=_answered(address),
                message_thread_id=address.thread,
            ),
        )
        await self._own_messages.note(sent, address.owner)

    async def video(self, address: Address, message: Message, path: Path, upload: Upload) -> int:
        """A clip as a message of its own."""

        async def send(media: telegram.InputMediaVideo) -> telegram.Message:
            uploaded = isinstance(media.media, telegram.InputFile)
            return await self._bot().send_video(
                address.chat,
                media.media,
                caption=media.caption,
                duration=media.duration if uploaded else None,
                width=media.width if uploaded else None,
                height=media.height if uploaded else None,
                thumbnail=media.thumbnail,
                supports_streaming=media.supports_streaming if uploaded else None,
                has_spoiler=media.has_spoiler,
                reply_markup=self._markup(message),
                reply_parameters=_answered(address),
                message_thread_id=address.thread,
            )

        sent = await self._sent(address, message, path, upload, send)
        await self._own_messages.note(sent, address.owner)
        return sent.id

    async def video_into(
        self, address: Address, number: int, message: Message, path: Path, upload: Upload
    ) -> None:
        """A message of ours becomes the clip: it stays where it is, and a reply to who asked."""

        async def edit(media: telegram.InputMediaVideo) -> telegram.Message:
            edited = await self._bot().edit_message_media(
                media, address.chat, number, reply_markup=self._markup(message)
            )
            assert isinstance(edited, telegram.Message)  # what is not inline is answered whole
            return edited

        await self._sent(address, message, path, upload, edit)
        self._pictures.pop((address.chat, number), None)

    async def _sent(
        self,
        address: Address,
        message: Message,
        path: Path,
        upload: Upload,
        send: Callable[[telegram.InputMediaVideo], Awaitable[telegram.Message]],
    ) -> telegram.Message:
        """What Telegram has already is not sent again, unless it knows that no more."""
        chat, spoiler, text = address.chat, address.spoiler, plain(message.text)
        if upload.file is not None:
            known = telegram.InputMediaVideo(upload.file, text, has_spoiler=spoiler or None)
            try:
                return await self._outgoing.call(chat, Urgency.RESULT, lambda: send(known))
            except BadRequest as error:
                if "file" not in error.message.lower():
                    raise

        async def with_content() -> telegram.Message:
            with path.open("rb") as file:
                return await send(upload.media(file, text, spoiler=spoiler))

        async with self._upload_shown(address):
            sent = await self._outgoing.call(chat, Urgency.RESULT, with_content)
        if sent.video is not None:
            await upload.keep(sent.video.file_id)
        return sent

    async def edit(self, address: Address, number: int, message: Message, urgency: Urgency) -> None:
        """The words of a message of ours, and the preview that it shows where there is a new one.

        A text becomes a picture by an edit, a picture never a text again.
        """
        if isinstance(message.shows, PreviewPicture):
            try:
                await self._preview_into(address, number, message, message.shows, urgency)
            except BadRequest as error:
                if _unchanged(error):
                    return
                if "no media" not in error.message.lower():
                    raise
            else:
                self._remember(address, number)
                return
        await self._words_into(address, number, message, urgency)

    async def remove(self, chat: int, number: int) -> None:
        """After two days a bot's message stays."""
        await self._bot().delete_message(chat, number)

    async def _words_into(
        self, address: Address, number: int, message: Message, urgency: Urgency
    ) -> None:
        if (address.chat, number) not in self._pictures:
            try:
                await self._outgoing.call(
                    address.chat, urgency, lambda: self._text_into(address.chat, number, message)
                )
                return
            except BadRequest as error:
                if _unchanged(error):
                    return
                if "no text" not in error.message.lower():
                    raise
                self._remember(address, number)  # from before a restart
        try:
            await self._outgoing.call(
                address.chat,
                urgency,
                lambda: self._bot().edit_message_caption(
                    address.chat,
                    number,
                    caption=plain(message.text),
                    reply_markup=self._markup(message),
                ),
            )
        except BadRequest as error:
            if not _unchanged(error):
                raise

    async def _text_into(self, chat: int, number: int, message: Message) -> None:
        await self._bot().edit_message_text(
            plain(message.text),
            chat,
            number,
            reply_markup=self._markup(message),
            link_preview_options=link_preview(message.text),
        )

    async def _preview_into(
        self,
        address: Address,
        number: int,
        message: Message,
        preview: PreviewPicture,
        urgency: Urgency,
    ) -> None:
        media = telegram.InputMediaPhoto(
            preview.content,
            caption=plain(message.text),
            has_spoiler=address.spoiler or None,
            filename="preview.jpg",
        )
        await self._outgoing.call(
            address.chat,
            urgency,
            lambda: self._bot().edit_message_media(
                media, address.chat, number, reply_markup=self._markup(message)
            ),
        )

    def _remember(self, address: Address, number: int) -> None:
        self._pictures[address.chat, number] = None
        while len(self._pictures) > REMEMBERED:
            self._pictures.popitem(last=False)

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

    def _markup(self, message: Message) -> telegram.InlineKeyboardMarkup | None:
        markup = controls(message.job_id, message.verbs, self._texts.of(message.locale))
        return markup if markup.inline_keyboard else None


def _unchanged(error: BadRequest) -> bool:
    """It stands there as it should: this edit came twice, and the first answer was lost."""
    return "not modified" in error.message.lower()


def _answered(address: Address) -> telegram.ReplyParameters | None:
    return reply_to(address.source) if address.source else None
