"""Somebody's earlier clips: a list to choose from, and the chosen one shown again."""

from __future__ import annotations

from dataclasses import replace

import telegram

from bot.chat.buttons import PICKS, Pressed, Verb
from bot.chat.clip_list import PageWanted, chosen, mark_of, page_of
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.delivery.sending import Sent
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.keyboards import controls, videos
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
        wanted = PageWanted(first, SHOWN)
        page = page_of(made, wanted, catalogue, telegram_formatting(catalogue))
        return page.count, videos(page, person.requester.user, catalogue)

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
        shown = self._transport.ending(view.job, person.locale, outcome)
        shown = replace(shown, verbs=shown.verbs | {mark_of(view.job)})
        sending = await self._transport.again(view.job, shown, route, chat=message.chat_id)
        if not isinstance(sending, Sent):
            raise UserError(self._replies.catalogue(person.locale).say("chat.asking.broke"))

    async def pick(self, message: telegram.Message, person: Person, pressed: Pressed) -> None:
        """Another variation in the place of the one that the message shows; raises `UserError`."""
        number = PICKS.index(pressed.verb) + 1
        view = await self._chat_commands.variation(person, pressed.job_id, number)
        outcome = chosen(view, person)
        address = address_of(message, person, spoiler=is_covered(view.job))
        route = self._transport.into(view.job, address, message.id, outcome)
        shown = self._transport.ending(view.job, person.locale, outcome)
        sending = await self._transport.again(view.job, shown, route, chat=message.chat_id)
        if not isinstance(sending, Sent):
            raise UserError(self._replies.catalogue(person.locale).say("chat.asking.broke"))

    async def mark(self, message: telegram.Message, person: Person, pressed: Pressed) -> None:
        """Set or take the mark, and offer the opposite in its place."""
        favorite = pressed.verb is Verb.MARK
        job = await self._chat_commands.mark(person, pressed.job_id, favorite=favorite)
        verbs = self._chat_commands.verbs(job) | {mark_of(job)}
        catalogue = self._replies.catalogue(person.locale)
        await self._replies.turn(message, controls(job.id, verbs, catalogue))
