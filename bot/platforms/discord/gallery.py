"""`/videos`: somebody's kept clips, the one they look at, and showing it to everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import discord

from bot.chat.buttons import PICKS, Pressed, Verb
from bot.chat.clip_list import ClipPage, PageWanted, chosen, mark_of, page_of
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.delivery.messages import Message
from bot.delivery.sending import Sent
from bot.platforms.discord import permissions
from bot.platforms.discord.address import Address
from bot.platforms.discord.components import controls
from bot.platforms.discord.formatting import discord_formatting
from bot.platforms.discord.gallery_page import layout
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.submit import restricted
from bot.platforms.discord.transport import DiscordTransport
from generation.jobs import Job

SHOWN = 5
"""Clips on a page: as many as a screen shows with their pictures."""


PLAIN = replace(discord_formatting(), escape=str)
"""A menu shows markdown as it stands."""


class Gallery:
    """`thumbnail` tells where a clip's picture lies."""

    def __init__(
        self,
        chat_commands: ChatCommands,
        replies: Replies,
        people: People,
        routes: Routes,
        transport: DiscordTransport,
        thumbnail: Callable[[str], Path],
    ) -> None:
        self._chat_commands = chat_commands
        self._replies = replies
        self._people = people
        self._routes = routes
        self._transport = transport
        self._thumbnail = thumbnail

    async def open(self, interaction: Interaction) -> None:
        """The newest clips, for whoever asks alone."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            await self._turned(interaction, PageWanted(0, SHOWN))

    async def turn(self, interaction: Interaction, *, marked: bool, first: int) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            await self._turned(interaction, PageWanted(first, SHOWN, marked))

    async def choose(self, interaction: Interaction, job_id: str) -> None:
        """One of their own clips with its buttons, for them alone."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            job, message = await self._message(interaction, job_id)
            route = self._routes.reply(interaction, spoiler=_covered(job, interaction))
            message = replace(message, verbs=shown_verbs(job, message.verbs))
            sending = await self._transport.again(job, message, route, chat=None)
            self._check_sent(interaction, sending)

    async def show(self, interaction: Interaction, job_id: str) -> None:
        """The same for everybody who is here."""
        async with self._replies.to(interaction):
            permissions.check(interaction, self._replies.catalogue(interaction))
            await acknowledge(interaction)
            job, message = await self._message(interaction, job_id)
            spoiler = _covered(job, interaction)
            route = self._routes.fill(interaction, named=True, spoiler=spoiler)
            chat = interaction.channel_id
            sending = await self._transport.again(job, message, route, chat=chat)
            self._check_sent(interaction, sending)

    async def pick(self, interaction: Interaction, pressed: Pressed) -> None:
        """Another variation in the place of the one that the message shows."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person, number = self._people.of(interaction), PICKS.index(pressed.verb) + 1
            view = await self._chat_commands.variation(person, pressed.job_id, number)
            job, message = await self._message(interaction, view.job.id)
            is_private = interaction.message is None or interaction.message.flags.ephemeral
            if is_private:
                message = replace(message, verbs=shown_verbs(job, message.verbs))
            named = interaction.guild_id is not None and not is_private
            route = self._routes.fill(interaction, named=named, spoiler=_covered(job, interaction))
            chat = None if is_private else interaction.channel_id
            sending = await self._transport.again(job, message, route, chat=chat)
            self._check_sent(interaction, sending)

    async def mark(self, interaction: Interaction, job_id: str, *, favorite: bool) -> None:
        """Set or take the mark, and offer the opposite in its place."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person = self._people.of(interaction)
            job = await self._chat_commands.mark(person, job_id, favorite=favorite)
            verbs = shown_verbs(job, self._chat_commands.verbs(job))
            view = controls(job_id, verbs, self._replies.catalogue(interaction))
            await self._replies.edit(interaction, view=view)

    async def _turned(self, interaction: Interaction, wanted: PageWanted) -> None:
        made = await self._chat_commands.videos(self._people.of(interaction))
        catalogue = self._replies.catalogue(interaction)
        page = page_of(made, wanted, catalogue, PLAIN)
        files = await asyncio.to_thread(self._pictures, page)
        covered = {job.id for job in page.jobs if _covered(job, interaction)}
        view = layout(page, catalogue, files, covered)
        await self._replies.edit(interaction, view=view, attachments=list(files.values()))

    def _pictures(self, page: ClipPage) -> dict[str, discord.File]:
        paths = {job.id: self._thumbnail(job.id) for job in page.jobs}
        return {
            job_id: discord.File(path, f"{number}.jpg")
            for number, (job_id, path) in enumerate(paths.items(), start=page.first + 1)
            if path.is_file()
        }

    async def _message(self, interaction: Interaction, job_id: str) -> tuple[Job, Message]:
        """Raises `JobNotFound` for a clip that is not theirs, or not there."""
        view = await self._chat_commands.view(job_id)
        outcome = chosen(view, self._people.of(interaction))
        return view.job, self._transport.ending(view.job, interaction.locale.value, outcome)

    def _check_sent(self, interaction: Interaction, sending: object) -> None:
        if not isinstance(sending, Sent):
            raise UserError(self._replies.catalogue(interaction).say("chat.asking.broke"))


def shown_verbs(job: Job, verbs: Collection[Verb]) -> frozenset[Verb]:
    """Under a clip that only its owner sees."""
    return frozenset({*verbs, mark_of(job), Verb.SHOW})


def _covered(job: Job, interaction: Interaction) -> bool:
    """Whether nobody sees it there before they have tapped on it."""
    address = Address.of(job)
    return address is not None and address.is_covered(restricted=restricted(interaction.channel))
