"""The slash commands that make no clip: queue, limits, earlier clips, one's own data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord.app_commands import Command

from bot.chat.commands import ChatCommands
from bot.language.catalogue import Catalogue
from bot.language.wording import Formatting
from bot.platforms.discord.components import sure_to_forget
from bot.platforms.discord.gallery import Gallery
from bot.platforms.discord.greeting import Greeting
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.translation import phrase
from bot.submission.person import Person

Reply = Callable[[Person], Awaitable[str]]


class Commands:
    """`options` are the names of those that `/animate` has now."""

    def __init__(
        self,
        chat_commands: ChatCommands,
        replies: Replies,
        people: People,
        formatting: Formatting,
        greeting: Greeting,
        options: Sequence[str],
        gallery: Gallery,
    ) -> None:
        self._greeting = greeting
        self._options = options
        self._chat_commands = chat_commands
        self._replies = replies
        self._people = people
        self._formatting = formatting
        self._gallery = gallery

    def all(self, english: Catalogue) -> list[Command[Any, ..., None]]:
        """As they are registered with Discord."""
        callbacks = {
            "queue": self.queue,
            "cancel": self.cancel,
            "quota": self.quota,
            "videos": self._videos,
            "help": self.help,
            "forget": self.forget,
        }
        return [
            Command(
                name=name,
                description=phrase(english, f"discord.command.{name}"),
                callback=callback,
            )
            for name, callback in callbacks.items()
        ]

    async def queue(self, interaction: discord.Interaction) -> None:
        await self._privately(
            interaction, lambda person: self._chat_commands.queue(person, self._formatting)
        )

    async def cancel(self, interaction: discord.Interaction) -> None:
        await self._privately(interaction, self._chat_commands.cancel)

    async def quota(self, interaction: discord.Interaction) -> None:
        await self._privately(
            interaction, lambda person: self._chat_commands.quota(person, self._formatting)
        )

    async def forget(self, interaction: discord.Interaction) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            question = self._chat_commands.ask_to_forget(self._people.of(interaction))
            view = sure_to_forget(self._replies.catalogue(interaction))
            await self._replies.edit(interaction, content=question, view=view)

    async def _videos(self, interaction: discord.Interaction) -> None:
        await self._gallery.open(interaction)

    async def help(self, interaction: discord.Interaction) -> None:
        async def guide(person: Person) -> str:
            catalogue = self._replies.catalogue(interaction)
            menus = {name: catalogue.say(f"discord.menu.{name}") for name in ("message", "avatar")}
            names = [catalogue.say(f"discord.option.{name}.name") for name in self._options]
            own = [
                catalogue.say("discord.answer.options", names=", ".join(names)),
                catalogue.say("discord.help", **menus),
            ]
            return self._greeting.tapped("\n".join([self._chat_commands.help(person), *own]))

        await self._privately(interaction, guide)

    async def _privately(self, interaction: Interaction, reply: Reply) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            content = await reply(self._people.of(interaction))
            await self._replies.edit(interaction, content=content)
