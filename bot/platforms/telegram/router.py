"""What a message means for us: a command, a picture, a reply to our question, or nothing."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TypeVar

import telegram
from telegram.constants import ChatType

from bot.chat.buttons import Verb
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.platforms.telegram import pictures
from bot.platforms.telegram.button_handlers import EDIT, ButtonHandlers
from bot.platforms.telegram.command_parsing import Command, NoCommand, NotForUs, changed, parse
from bot.platforms.telegram.commands import Commands
from bot.platforms.telegram.people import People
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.submission.person import Person

QUESTION = re.compile(rf"{EDIT}(?P<job>video_[a-z2-7]{{18}})", re.ASCII)

REMEMBERED = 1000
"""Albums and questions that are kept in mind; the oldest go first."""


Key = TypeVar("Key")
Value = TypeVar("Value")


class Router:
    """Keeps in mind only what may be lost at a restart: whose picture we have a question about."""

    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: MessageSubmission,
        commands: Commands,
        button_handlers: ButtonHandlers,
        replies: Replies,
        people: People,
    ) -> None:
        self._chat_commands = chat_commands
        self._submission = submission
        self._commands = commands
        self._button_handlers = button_handlers
        self._replies = replies
        self._people = people
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._open: OrderedDict[int, telegram.Message] = OrderedDict()

    async def handle(self, update: telegram.Update) -> None:
        """One update, whatever it is; raises nothing."""
        if update.callback_query is not None:
            await self._button_handlers.press(update.callback_query)
            return
        message = update.message or update.channel_post
        edited = update.edited_message or update.edited_channel_post
        if message is not None:
            await self._message(message, edited=False)
        elif edited is not None:
            await self._message(edited, edited=True)

    async def _message(self, message: telegram.Message, *, edited: bool) -> None:
        if message.is_automatic_forward:  # a channel's post in its discussion group
            return
        person = self._people.of_message(message)
        async with self._replies.to(message, person.locale):
            match parse(message.text or message.caption or "", message.get_bot().username):
                case Command("animate", rest):
                    await self._animate(message, person, rest)
                case Command(name, rest):
                    if not edited and not await self._commands.run(message, person, name, rest):
                        await self._not_understood(message, person)
                case NotForUs():
                    return
                case NoCommand(text):
                    if not edited:
                        await self._without_command(message, person, text)

    async def _animate(self, message: telegram.Message, person: Person, rest: str) -> None:
        source = pictures.of_message(message) or pictures.of_message(message.reply_to_message)
        if source is None and message.chat_id in self._open:
            source = pictures.of_message(self._open.pop(message.chat_id))
        if source is None:
            raise UserError(
                self._replies.catalogue(person.locale).say("telegram.answer.no_picture")
            )
        album = message.media_group_id is not None and self._first_of(message.media_group_id)
        options = self._submission.options(rest, person)
        await self._submission.animate(message, person, source, options)
        if album:
            sentence = self._replies.catalogue(person.locale).say("telegram.answer.album")
            await self._replies.say(message, sentence)

    async def _without_command(self, message: telegram.Message, person: Person, text: str) -> None:
        """Text without a command: a reply to us, or in private a picture or its prompt."""
        question = message.reply_to_message
        if question is not None and self._is_ours(question) and text:
            found = QUESTION.findall(question.text or "")
            if found:  # the last: what stands before it is somebody's prompt
                await self._edited(message, person, found[-1], text)
                return
        if message.chat.type != ChatType.PRIVATE:
            return
        source = pictures.of_message(message)
        if source is None:
            await self._prompt(message, person, text)
            return
        album = message.media_group_id
        if album is not None and not text and not self._first_of(album):
            return
        if text and message.forward_origin is None:  # else it is somebody else's text
            await self._animate(message, person, text)
            return
        _remember(self._open, message.chat_id, message)
        await self._button_handlers.suggest(message, person)

    async def _prompt(self, message: telegram.Message, person: Person, text: str) -> None:
        """In private a text is the prompt of the picture it replies to, or of the last one."""
        picture = message.reply_to_message
        if pictures.of_message(picture) is None:
            picture = self._open.pop(message.chat_id, None)
        source = pictures.of_message(picture)
        if source is None or not text:
            await self._not_understood(message, person)
            return
        options = self._submission.options(text, person)
        await self._submission.animate(message, person, source, options)

    async def _edited(
        self, message: telegram.Message, person: Person, job_id: str, text: str
    ) -> None:
        before = await self._chat_commands.prefill(job_id)
        changes = changed(before, self._submission.options(text, person))
        key = f"{message.chat_id}:{message.id}"
        await self._submission.again(message, person, job_id, Verb.EDIT, key=key, changes=changes)

    async def _not_understood(self, message: telegram.Message, person: Person) -> None:
        """What somebody writes is nothing we understand; in a group that is not our business."""
        if message.chat.type == ChatType.PRIVATE:
            catalogue = self._replies.catalogue(person.locale)
            await self._replies.say(message, catalogue.say("telegram.answer.lost"))

    def _first_of(self, album: str) -> bool:
        first = album not in self._albums
        _remember(self._albums, album, None)
        return first

    def _is_ours(self, message: telegram.Message) -> bool:
        author = message.from_user
        return author is not None and author.id == message.get_bot().id


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
