"""Replies to a message; whatever goes wrong on the way becomes one sentence to its author."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
import telegram
from telegram.constants import ChatType, MessageLimit
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.chat.errors import errors_said_to
from bot.language.catalogue import Catalogue, Texts
from bot.platforms.telegram.formatting import cut, plain
from bot.platforms.telegram.outgoing import Outgoing
from bot.submission.person import Person
from generation.errors import RequestKeyReused

log = structlog.get_logger(__name__)

Markup = telegram.InlineKeyboardMarkup | telegram.ForceReply

ADDRESS = re.compile(r"://|[^\W\d]\.[^\W\d]{2}")
"""What Telegram would take for an address: it needs no scheme to unfold one."""

TROUBLE = (TelegramError, OSError)
"""Everything that the library raises where Telegram is the reason."""


class Replies:
    def __init__(self, texts: Texts, bot: Callable[[], ExtBot[Any]], outgoing: Outgoing) -> None:
        self._texts = texts
        self._bot = bot
        self._outgoing = outgoing

    def catalogue(self, locale: str | None) -> Catalogue:
        return self._texts.of(locale)

    @asynccontextmanager
    async def to(self, message: telegram.Message, locale: str | None) -> AsyncGenerator[None]:
        """Say what went wrong within as a reply to this message."""

        async def say(sentence: str) -> None:
            await self.say(message, sentence)

        async with errors_said_to(self.catalogue(locale), say, trouble=TROUBLE):
            try:
                yield
            except RequestKeyReused:  # edited after it was taken: it stays what it was
                log.info("edited_after_it_was_taken", message=message.id)

    async def say(
        self, message: telegram.Message, text: str, markup: Markup | None = None
    ) -> telegram.Message | None:
        """Reply to a message where it stands; `None` where Telegram does not take it."""
        written = cut(plain(text), MessageLimit.MAX_TEXT_LENGTH)
        try:
            return await self._outgoing.patiently(
                message.chat_id,
                lambda: self._bot().send_message(
                    message.chat_id,
                    written,
                    reply_markup=markup,
                    reply_parameters=reply_to(message.id),
                    message_thread_id=thread_of(message),
                    link_preview_options=link_preview(text),
                ),
            )
        except TelegramError as error:
            log.warning("reply_not_sent", reason=str(error))
            return None

    async def privately(
        self, message: telegram.Message, person: Person, text: str, markup: Markup | None = None
    ) -> bool:
        """What is nobody else's business: directly where others would read it.

        False where the bot may not write to them first.
        """
        user = int(person.requester.user)
        if message.chat.type == ChatType.PRIVATE or user < 0:  # a channel asks for itself
            return await self.say(message, text, markup) is not None
        written = cut(plain(text), MessageLimit.MAX_TEXT_LENGTH)
        try:
            await self._outgoing.patiently(
                user,
                lambda: self._bot().send_message(
                    user, written, reply_markup=markup, link_preview_options=link_preview(text)
                ),
            )
        except (Forbidden, BadRequest) as error:
            log.info("no_private_chat", reason=str(error))
            return False
        return True

    def first_contact(self, person: Person) -> str:
        """How somebody lets the bot write to them."""
        link = f"https://t.me/{self._bot().username}"
        return self.catalogue(person.locale).say("telegram.answer.first_contact", link=link)

    async def turn(
        self, message: telegram.Message, markup: telegram.InlineKeyboardMarkup | None
    ) -> None:
        """Other buttons under a message of ours, or none."""
        try:
            await self._outgoing.patiently(
                message.chat_id,
                lambda: self._bot().edit_message_reply_markup(
                    message.chat_id, message.id, reply_markup=markup
                ),
            )
        except BadRequest as error:
            log.info("buttons_stay", reason=str(error))


def link_preview(text: str) -> telegram.LinkPreviewOptions | None:
    """No address in somebody's prompt unfolds; the option is set only where there is one."""
    return telegram.LinkPreviewOptions(is_disabled=True) if ADDRESS.search(text) else None


def reply_to(message: int) -> telegram.ReplyParameters:
    """As a reply, and all the same where that message is gone."""
    return telegram.ReplyParameters(message, allow_sending_without_reply=True)


def thread_of(message: telegram.Message) -> int | None:
    """The topic of a forum; the general one must not be named (tdlib/telegram-bot-api #447)."""
    thread = message.message_thread_id
    return thread if message.is_topic_message and thread != 1 else None
