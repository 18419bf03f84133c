"""What a message to us means: a direct one, or one that names us.

Of those Discord tells what they say without any privilege; of every other message only that it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import discord

from bot.chat.buttons import Verb
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError, errors_said_to
from bot.platforms.discord import permissions, pictures
from bot.platforms.discord.address import Address
from bot.platforms.discord.clip_requests import (
    ClipRequest,
    PictureRequest,
    RemakeRequest,
    Wanted,
)
from bot.platforms.discord.components import job_of
from bot.platforms.discord.greeting import Greeting
from bot.platforms.discord.inbox import DiscordInbox
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import TROUBLE, Replies
from bot.platforms.discord.server_places import check_here
from bot.platforms.discord.submit import restricted
from bot.platforms.discord.transport import DiscordTransport
from bot.submission.options import Options
from bot.submission.person import Person

COMMAND = re.compile(r"^\s*/animate\b", re.IGNORECASE | re.ASCII)
"""What somebody writes by hand who could have chosen it."""

KINDS = (discord.MessageType.default, discord.MessageType.reply)


class Mentions:
    """`client` is the connection of the moment."""

    def __init__(
        self,
        chat_commands: ChatCommands,
        inbox: DiscordInbox,
        transport: DiscordTransport,
        replies: Replies,
        people: People,
        greeting: Greeting,
        client: Callable[[], discord.Client],
    ) -> None:
        self._chat_commands = chat_commands
        self._inbox = inbox
        self._transport = transport
        self._replies = replies
        self._people = people
        self._greeting = greeting
        self._client = client

    async def heard(self, message: discord.Message) -> None:
        """Animate what it brings or answers, or say how that is asked for; raises nothing."""
        us = self._client().user
        if us is None or not _is_for(message, us.id):
            return
        person = await self._people.of_message(message)
        settings = await self._inbox.places.of(person)
        address = _address(message, person, self._client().application_id or us.id)
        address = address.model_copy(update={"locale": settings.language or person.locale})

        async def say(sentence: str) -> None:
            await self._transport.say(address, sentence)

        catalogue = self._replies.of(person.locale)
        async with errors_said_to(catalogue, say, trouble=TROUBLE):
            permissions.check_message(message, catalogue)
            check_here(settings, message.channel, catalogue)
            wanted = await self._wanted(message, person, _words(message, us.id))
            request = ClipRequest(message.id, person, address, wanted)
            async with self._inbox.kept(request) as new:
                if new:
                    async with errors_said_to(catalogue, say, trouble=TROUBLE):
                        await self._inbox.make(request)

    async def _wanted(self, message: discord.Message, person: Person, words: str) -> Wanted:
        """Raises `UserError` with how it is asked for, `Rejected` kinds."""
        catalogue = self._replies.of(person.locale)
        answered = message.reference.resolved if message.reference is not None else None
        shown = message
        if not pictures.shows_any(message) and isinstance(answered, discord.Message):
            job_id = job_of(answered) if answered.author == self._client().user else None
            if job_id is not None:
                return await self._remake(job_id, words)
            shown = answered
        if pictures.shows_any(shown):
            picture, *others = pictures.fitting(shown, catalogue)
            return PictureRequest(picture, Options(prompt=words), others=len(others))
        hidden = message.reference is not None or not message.content
        if hidden and message.guild is not None:
            raise UserError(self._greeting.hidden(catalogue))
        raise UserError(self._greeting.how(catalogue))

    async def _remake(self, job_id: str, words: str) -> RemakeRequest:
        """A clip that was answered with other words, or with none."""
        if not words:
            return RemakeRequest(job_id, Verb.REROLL)
        begin = await self._chat_commands.prefill(job_id)
        return RemakeRequest(job_id, Verb.EDIT, replace(begin, prompt=words))


def _is_for(message: discord.Message, us: int) -> bool:
    if message.author.bot or message.webhook_id is not None or message.type not in KINDS:
        return False
    return message.guild is None or _names(message, us) or _answers_clip(message, us)


def _names(message: discord.Message, us: int) -> bool:
    """By name, or by the role that Discord made for us, which is called the same."""
    if re.search(rf"<@!?{us}>", message.content) is not None:
        return True
    return bool(_own_roles(message, us))


def _answers_clip(message: discord.Message, us: int) -> bool:
    """Words for a clip of ours; where they do not ring for us, it is talk among people."""
    answered = message.reference.resolved if message.reference is not None else None
    if not isinstance(answered, discord.Message) or answered.author.id != us:
        return False
    rings = any(person.id == us for person in message.mentions)
    return rings and bool(message.content.strip()) and job_of(answered) is not None


def _own_roles(message: discord.Message, us: int) -> list[int]:
    roles = message.role_mentions
    return [one.id for one in roles if one.tags is not None and one.tags.bot_id == us]


def _words(message: discord.Message, us: int) -> str:
    named = re.sub(rf"<@!?{us}>", "", message.content)
    for role in _own_roles(message, us):
        named = named.replace(f"<@&{role}>", "")
    return COMMAND.sub("", named.strip()).strip()


def _address(message: discord.Message, person: Person, application: int) -> Address:
    answers = permissions.may_answer(message)
    return Address(
        application=application,
        channel=message.channel.id,
        user=message.author.id,
        guild=message.guild.id if message.guild is not None else None,
        locale=person.locale,
        source=message.id if answers else None,
        restricted=restricted(message.channel),
        named=not answers,
    )
