"""Somebody's earlier clips: a list to choose from, and the chosen one shown again."""

from __future__ import annotations

import telegram

from bot.chat.clip_list import chosen, listed
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.delivery.sending import Sent
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.keyboards import videos
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import address_of, is_covered
from bot.platforms.telegram.transport import TelegramTransport
from bot.submission.person import Person

SHOWN = 10
"""Clips in one list: each is a button of its own line."""


class EarlierClips:
    def __init__(
        self, chat_commands: ChatCommands, replies: Replies, transport: TelegramTransport
    ) -> None:
        self._chat_commands = chat_commands
        self._replies = replies
        self._transport = transport

    async def page(
        self, person: Person, first: int = 0
    ) -> tuple[int, telegram.InlineKeyboardMarkup]:
        """How many there are, and the buttons for those from there on."""
        catalogue = self._replies.catalogue(person.locale)
        made = await self._chat_commands.videos(person)
        first = min(first, max(len(made) - 1, 0) // SHOWN * SHOWN)  # some may be gone meanwhile
        clips = listed(made[first : first + SHOWN], catalogue, telegram_formatting(catalogue))
        older = first + SHOWN if first + SHOWN < len(made) else None
        newer = first - SHOWN if first else None
        return len(made), videos(clips, catalogue, newer=newer, older=older)

    async def turn(self, message: telegram.Message, person: Person, first: int) -> None:
        """Another part of the list, in place."""
        _, markup = await self.page(person, first)
        await self._replies.turn(message, markup)

    async def show(self, message: telegram.Message, person: Person, job_id: str) -> None:
        """Once more in the chat of the list; raises `JobNotFound`, `UserError`."""
        view = await self._chat_commands.view(job_id)
        outcome = chosen(view, person)
        address = address_of(message, person, spoiler=is_covered(view.job))
        if not await self._replies.begins(message.chat_id):
            return
        route = self._transport.send_again(view.job, address, outcome)
        sending = await self._transport.again(view.job, person.locale, outcome, route)
        if not isinstance(sending, Sent):
            raise UserError(self._replies.catalogue(person.locale).say("chat.asking.broke"))
