"""What cannot be undone is asked once: deleting a clip, and everything about somebody."""

from __future__ import annotations

import re
from functools import partial

import telegram

from bot.chat.buttons import SURE
from bot.chat.clip_list import mark_of
from bot.chat.commands import ChatCommands
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.keyboards import FORGET, controls, sure_to_forget
from bot.platforms.telegram.own_messages import OwnMessages
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.replies import Replies
from bot.submission.person import Person
from generation.store.message_references import ChatMessage

ANSWER = re.compile(
    rf"{re.escape(FORGET)}\|(?P<answer>yes|no)\|(?P<user>-?[0-9]{{1,20}})", re.ASCII
)


class Confirmations:
    def __init__(
        self, chat_commands: ChatCommands, replies: Replies, own_messages: OwnMessages
    ) -> None:
        self._chat_commands = chat_commands
        self._replies = replies
        self._own_messages = own_messages

    async def ask_to_delete(self, message: telegram.Message, person: Person, job_id: str) -> str:
        """In place of the clip's own buttons."""
        question = await self._chat_commands.ask_to_delete(person, job_id)
        catalogue = self._replies.catalogue(person.locale)
        await self._replies.turn(message, controls(job_id, SURE, catalogue))
        return question

    async def delete(self, message: telegram.Message, person: Person, job_id: str) -> str:
        pressed = ChatMessage(PLATFORM, message.chat_id, message.id)
        take_back = partial(self._own_messages.take_back_clip, pressed)
        sentence = await self._chat_commands.delete(person, job_id, take_back)
        await self._replies.remove(message)
        return sentence

    async def keep(self, message: telegram.Message, person: Person, job_id: str) -> None:
        """The clip's own buttons again."""
        await self._chat_commands.ask_to_delete(person, job_id)
        job = await self._chat_commands.job(job_id)
        address = Address.of(job)
        catalogue = self._replies.catalogue(address.locale if address is not None else None)
        verbs = self._chat_commands.verbs(job)
        if message.chat_id == int(job.requester.user) and str(message.id) != job.message:
            verbs |= {mark_of(job)}  # shown again to whose it is
        await self._replies.turn(message, controls(job_id, verbs, catalogue))

    async def ask_to_forget(self, message: telegram.Message, person: Person) -> None:
        markup = sure_to_forget(person.requester.user, self._replies.catalogue(person.locale))
        question = self._chat_commands.ask_to_forget(person)
        await self._replies.say(message, person, question, markup)

    async def forget(
        self, message: telegram.Message, person: Person, answer: re.Match[str]
    ) -> str | None:
        """`person` is who asked; what is said then stands in the chat, the question goes."""
        if answer["answer"] == "yes":
            pressed = ChatMessage(PLATFORM, message.chat_id, message.id)
            take_back = partial(self._own_messages.take_back, pressed, person.requester)
            said = await self._chat_commands.forget(person, take_back)
            await self._replies.say(message.reply_to_message or message, None, said)
        await self._replies.remove(message)
        return None
