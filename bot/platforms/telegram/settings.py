"""`/settings`: what a group's staff decides for it."""

from __future__ import annotations

import re
from typing import Any

import telegram
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.chat.errors import UserError
from bot.chat.settings import PlaceNames, SettingsCommands, change_of
from bot.language.catalogue import Catalogue
from bot.platforms.telegram.people import People
from bot.platforms.telegram.replies import Replies, thread_of
from bot.submission.person import Person
from generation.errors import UnsupportedOption

GENERAL = 1
"""The topic of a forum whose messages name none."""

OFF = "off"
"""Takes a value back."""

NUMBER = re.compile(r"-[0-9]{5,20}", re.ASCII)
"""A group or channel without a name."""

SUPERGROUP = "-100"
"""What its id begins with, where Telegram's links have only the rest."""


class GroupSettings:
    def __init__(self, commands: SettingsCommands, replies: Replies, people: People) -> None:
        self._commands = commands
        self._replies = replies
        self._people = people

    async def run(self, message: telegram.Message, person: Person, rest: str) -> str:
        """Carry it out and say so; raises `UserError`."""
        catalogue = self._replies.catalogue(person.locale)
        name, _, value = rest.partition(" ")
        shown = await self._commands.show(person, names_of(message.chat))
        if not await self._manages(message, message.chat):
            raise UserError(catalogue.say("chat.settings.staff_only"))
        match name.lower(), value.strip():
            case "" | "show", _:
                return f"{shown}\n{catalogue.say('chat.settings.usage')}"
            case "reset", "":
                return await self._commands.reset(person)
            case known, text:
                changes = await self._changes(message, catalogue, known, text)
                return await self._commands.change(person, changes)

    async def _changes(
        self, message: telegram.Message, catalogue: Catalogue, name: str, text: str
    ) -> dict[str, Any]:
        value = None if text.lower() == OFF else text
        match name:
            case "topic" if message.chat.is_forum:
                topic = thread_of(message) or GENERAL
                return {"channels": {str(topic): None if value is None else True}}
            case "log":
                return {"log": None if value is None else await self._log(message, catalogue, text)}
            case _:
                try:
                    return change_of(name, value)
                except (ValueError, UnsupportedOption):
                    raise UserError(catalogue.say("chat.settings.usage")) from None

    async def _log(self, message: telegram.Message, catalogue: Catalogue, text: str) -> int:
        """A chat that whoever asks runs as well: clips are not sent to anybody else's."""
        try:
            number = int(text) if NUMBER.fullmatch(text) else (await _found(message, text)).id
        except TelegramError:
            raise UserError(catalogue.say("telegram.answer.log_unseen")) from None
        chat = telegram.Chat(number, ChatType.SUPERGROUP)
        chat.set_bot(message.get_bot())
        if not await self._manages(message, chat):
            raise UserError(catalogue.say("chat.settings.staff_only"))
        return number

    async def _manages(self, message: telegram.Message, chat: telegram.Chat) -> bool:
        """Who writes in a chat's own name is of its staff."""
        if message.sender_chat is not None:
            return message.sender_chat.id == chat.id
        user = message.from_user
        return user is not None and await self._people.run(chat, user)


async def _found(message: telegram.Message, name: str) -> telegram.ChatFullInfo:
    return await message.get_bot().get_chat(name)


def names_of(chat: telegram.Chat) -> PlaceNames:
    """Topics are links, as Telegram knows them."""
    inside = str(chat.id).removeprefix(SUPERGROUP)
    base = f"t.me/{chat.username}" if chat.username else f"t.me/c/{inside}"
    return PlaceNames(channel=lambda topic: f"{base}/{topic}", chat=str, role=str, places="topics")
