"""Replies to a message; whatever goes wrong on the way becomes one sentence to its author."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
import telegram
from telegram.constants import ChatType, MessageLimit
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.chat.errors import errors_said_to
from bot.language.catalogue import Catalogue, Texts
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.formatting import cut, measure, plain
from bot.platforms.telegram.outgoing import Outgoing
from bot.platforms.telegram.own_messages import OwnMessages
from bot.platforms.telegram.trouble import TROUBLE, was_sent
from bot.submission.person import Person
from generation.errors import RequestKeyReused

log = structlog.get_logger(__name__)

ADDRESS = re.compile(r"://|[^\W\d]\.[^\W\d]{2}")
"""What Telegram would take for an address: it needs no scheme to unfold one."""


class Replies:
    def __init__(
        self,
        texts: Texts,
        bot: Callable[[], ExtBot[Any]],
        outgoing: Outgoing,
        answers: Answers,
        own_messages: OwnMessages,
    ) -> None:
        self._texts = texts
        self._bot = bot
        self._outgoing = outgoing
        self._answers = answers
        self._own_messages = own_messages

    def catalogue(self, locale: str | None) -> Catalogue:
        return self._texts.of(locale)

    @asynccontextmanager
    async def to(self, message: telegram.Message, person: Person) -> AsyncGenerator[None]:
        """Say what went wrong within as a reply to this message."""

        async def say(sentence: str) -> None:
            await self.say(message, person, sentence)

        async with errors_said_to(self.catalogue(person.locale), say, trouble=TROUBLE):
            try:
                yield
            except RequestKeyReused:  # edited after it was taken: it stays what it was
                log.info("edited_after_it_was_taken", message=message.id)

    async def say(
        self,
        message: telegram.Message,
        person: Person | None,
        text: str,
        markup: telegram.InlineKeyboardMarkup | None = None,
    ) -> telegram.Message | None:
        """Reply to a message where it stands; `None` where Telegram does not take it.

        Nothing is kept about who is told where there is no person.
        """
        written = cut(plain(text), MessageLimit.MAX_TEXT_LENGTH)
        try:
            return await self._once(message.chat_id, person, _reply(message, written, markup))
        except TelegramError as error:
            log.warning("reply_not_sent", reason=str(error))
            return None

    async def ask(
        self,
        message: telegram.Message,
        person: Person,
        text: str,
        user: telegram.User,
        intend: Callable[[str], Awaitable[None]],
    ) -> telegram.Message | None:
        """A question that opens an answer in the program of whoever is asked, and no other's.

        In a group they are named, since that is what the program goes by. `intend` is told its
        words before they go out.
        """
        if message.chat.type == ChatType.CHANNEL:
            return await self._ask_plainly(message, person, text, intend)
        alone = message.chat.type == ChatType.PRIVATE
        name = plain(user.first_name)
        written = plain(text) if alone else f"{name}\n{plain(text)}"
        written = cut(written, MessageLimit.MAX_TEXT_LENGTH)
        named = telegram.MessageEntity("text_mention", 0, measure(name), user=user)
        question = _reply(message, written, telegram.ForceReply(selective=not alone))
        await intend(written)
        try:
            return await self._once(
                message.chat_id, person, question | ({} if alone else {"entities": [named]})
            )
        except BadRequest as error:
            log.info("no_reply_forced", reason=str(error))
        return await self._ask_plainly(message, person, text, intend)

    async def _ask_plainly(
        self,
        message: telegram.Message,
        person: Person,
        text: str,
        intend: Callable[[str], Awaitable[None]],
    ) -> telegram.Message | None:
        await intend(plain(text))
        return await self.say(message, person, text)

    async def privately(
        self,
        message: telegram.Message,
        person: Person,
        text: str,
        markup: telegram.InlineKeyboardMarkup | None = None,
    ) -> bool:
        """What is nobody else's business: directly where others would read it.

        False where the bot may not write to them first.
        """
        user = int(person.requester.user)
        if message.chat.type == ChatType.PRIVATE or user < 0:  # a channel asks for itself
            await self.say(message, person, text, markup)
            return True
        written = cut(plain(text), MessageLimit.MAX_TEXT_LENGTH)
        content = {"text": written, "reply_markup": markup} | {
            "link_preview_options": link_preview(written)
        }
        try:
            await self._once(user, person, content)
        except (Forbidden, BadRequest) as error:
            log.info("no_private_chat", reason=str(error))
            return False
        return True

    async def begins(self, chat: int) -> bool:
        """Whether an answer that is more than a sentence begins to go out for the first time."""
        if not self._answers.is_due(chat):
            return False
        await self._answers.begin(chat)
        return True

    async def _once(
        self, chat: int, person: Person | None, content: Mapping[str, Any]
    ) -> telegram.Message | None:
        """One answer to one update, also where a kill comes between; raises `TelegramError`.

        `None` for one that has begun to go out before.
        """
        if not self._answers.is_due(chat):
            return None

        async def send() -> telegram.Message:
            await self._answers.begin(chat)
            try:
                return await self._bot().send_message(chat, **content)
            except (RetryAfter, BadRequest, Forbidden):
                await self._answers.undo(chat)
                raise
            except NetworkError as error:
                if not was_sent(error):
                    await self._answers.undo(chat)
                raise

        sent = await self._outgoing.patiently(chat, send)
        if person is not None:
            await self._own_messages.note(sent, person.requester.user)
        return sent

    def first_contact(self, person: Person) -> str:
        """How somebody lets the bot write to them."""
        link = f"https://t.me/{self._bot().username}"
        return self.catalogue(person.locale).say("telegram.answer.first_contact", link=link)

    async def remove(self, message: telegram.Message) -> None:
        """A message of ours goes; one that has to stay can at least not be pressed any more."""
        try:
            await message.delete()
        except TelegramError as error:  # after two days
            log.info("message_stays", reason=str(error))
            await self.turn(message, None)

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


def _reply(
    message: telegram.Message,
    text: str,
    markup: telegram.InlineKeyboardMarkup | telegram.ForceReply | None,
) -> dict[str, Any]:
    """What `send_message` is told for an answer to a message."""
    return {
        "text": text,
        "reply_markup": markup,
        "reply_parameters": reply_to(message.id),
        "message_thread_id": thread_of(message),
        "link_preview_options": link_preview(text),
    }


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
