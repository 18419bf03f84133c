"""Which updates concern us: nothing else that people write to each other ever reaches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
import telegram
from telegram.constants import ChatType

from bot.platforms.telegram.command_parsing import Command, parse
from bot.platforms.telegram.commands import COMMANDS

log = structlog.get_logger(__name__)

ANIMATE = "animate"
OURS = frozenset({*COMMANDS, "start", "admin", "settings"})


@dataclass(frozen=True, slots=True)
class Received:
    """An update, read and as it came."""

    update: telegram.Update
    raw: dict[str, Any]

    @property
    def number(self) -> int:
        return self.update.update_id

    @property
    def message(self) -> telegram.Message | None:
        """A new one; an edited one is not."""
        return self.update.message or self.update.channel_post

    @property
    def user(self) -> str | None:
        """Whose it is: a person, or a channel or group in whose name it was written."""
        query, message = self.update.callback_query, self.update.effective_message
        if query is not None:
            return str(query.from_user.id)
        if message is None:
            return None
        sender = message.sender_chat or message.from_user
        return str(sender.id if sender is not None else message.chat_id)


def read(raw: dict[str, Any], bot: telegram.Bot | None) -> Received | None:
    """`None` where it cannot be read; the log names its number alone."""
    try:
        return Received(telegram.Update.de_json(raw, bot), raw)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        log.error("update_unreadable", update=raw.get("update_id"), kind=type(error).__name__)
        return None


def concerns_us(update: telegram.Update, bot: telegram.User) -> bool:
    """Presses, commands, private messages, answers to us, captions with our command."""
    if update.callback_query is not None:
        return True
    message = update.message or update.channel_post
    if message is not None:
        return _message(message, bot)
    edited = update.edited_message or update.edited_channel_post
    return edited is not None and _command(edited, bot) == ANIMATE


def _message(message: telegram.Message, bot: telegram.User) -> bool:
    if message.is_automatic_forward:  # a channel's post in its discussion group
        return False
    if not says_anything(message):
        return False
    if message.chat.type == ChatType.PRIVATE:
        return True
    return _command(message, bot) in OURS or answers_us(message, bot)


def moved(message: telegram.Message) -> tuple[int, int] | None:
    """A group that became a supergroup says so in both chats: its number before and now."""
    if message.migrate_to_chat_id is not None:
        return message.chat_id, message.migrate_to_chat_id
    if message.migrate_from_chat_id is not None:
        return message.migrate_from_chat_id, message.chat_id
    return None


def says_anything(message: telegram.Message) -> bool:
    """Not so a message of the service's own: a pin, a timer, somebody who joined."""
    return bool(message.text or message.caption or message.effective_attachment)


def answers_us(message: telegram.Message, bot: telegram.User) -> bool:
    """In a channel nobody is a post's author: whether it is ours, other things have to tell."""
    answered = message.reply_to_message
    if answered is None or not message.text:
        return False
    return answered.from_user is not None and answered.from_user.id == bot.id


def _command(message: telegram.Message, bot: telegram.User) -> str | None:
    match parse(message.text or message.caption or "", bot.username or ""):
        case Command(name, _):
            return name
        case _:
            return None
