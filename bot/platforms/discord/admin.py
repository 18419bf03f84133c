"""`/admin`: the operator's commands; who may use them is decided again when one is used."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Command, Group, Range

from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord.address import PLATFORM
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.translation import phrase

PLAIN = ("pause", "stats")
"""Commands without an argument."""

OF_ENGINES = ("resume", "drain")
"""Of the whole queue, or of one engine."""


class Admin:
    def __init__(self, chat_commands: ChatCommands, replies: Replies, people: People) -> None:
        self._chat_commands = chat_commands
        self._replies = replies
        self._people = people

    def group(self, english: Catalogue) -> Group:
        """Shown to those who run a server, unless its owner decides otherwise."""

        def described(name: str) -> Any:
            return phrase(english, f"discord.admin.{name}")

        group = Group(
            name="admin",
            description=described("group"),
            default_permissions=discord.Permissions(manage_guild=True),
        )
        for name in PLAIN:
            group.add_command(
                Command(name=name, description=described(name), callback=self._plain(name))
            )
        for name in OF_ENGINES:
            group.add_command(self._of_engine(english, name))
        group.add_command(self._cancel(english))
        group.add_command(self._block(english))
        group.add_command(self._unblock(english))
        return group

    def _plain(self, name: str) -> Any:
        async def callback(interaction: discord.Interaction) -> None:
            await self._run(interaction, name, None)

        return callback

    def _of_engine(self, english: Catalogue, name: str) -> Command[Any, ..., None]:
        @app_commands.describe(engine=phrase(english, "discord.admin_option.engine"))
        async def callback(
            interaction: discord.Interaction, engine: Range[str, 1, 100] | None = None
        ) -> None:
            await self._run(interaction, name, engine)

        description = phrase(english, f"discord.admin.{name}")
        return Command(name=name, description=description, callback=callback)

    def _cancel(self, english: Catalogue) -> Command[Any, ..., None]:
        @app_commands.describe(clip=phrase(english, "discord.admin_option.clip"))
        async def callback(interaction: discord.Interaction, clip: Range[str, 1, 40]) -> None:
            await self._run(interaction, "cancel", clip)

        description = phrase(english, "discord.admin.cancel")
        return Command(name="cancel", description=description, callback=callback)

    def _block(self, english: Catalogue) -> Command[Any, ..., None]:
        @app_commands.describe(
            user=phrase(english, "discord.admin_option.user"),
            who=phrase(english, "discord.admin_option.who"),
            days=phrase(english, "discord.admin_option.days"),
        )
        async def callback(
            interaction: discord.Interaction,
            user: discord.User | None = None,
            who: Range[str, 1, 60] | None = None,
            days: Range[int, 1, 9999] | None = None,
        ) -> None:
            async with self._replies.to(interaction):
                identity = self._identity(interaction, user, who)
                await self._run(interaction, "block", f"{identity} {days}d" if days else identity)

        description = phrase(english, "discord.admin.block")
        return Command(name="block", description=description, callback=callback)

    def _unblock(self, english: Catalogue) -> Command[Any, ..., None]:
        @app_commands.describe(
            user=phrase(english, "discord.admin_option.user"),
            who=phrase(english, "discord.admin_option.who"),
        )
        async def callback(
            interaction: discord.Interaction,
            user: discord.User | None = None,
            who: Range[str, 1, 60] | None = None,
        ) -> None:
            async with self._replies.to(interaction):
                await self._run(interaction, "unblock", self._identity(interaction, user, who))

        description = phrase(english, "discord.admin.unblock")
        return Command(name="unblock", description=description, callback=callback)

    def _identity(
        self, interaction: Interaction, user: discord.User | None, who: str | None
    ) -> str:
        """Raises `UserError` where nobody is named."""
        if user is not None:
            return f"{PLATFORM}:{user.id}"
        if who is not None:
            return who
        raise UserError(self._replies.catalogue(interaction).say("discord.admin.nobody"))

    async def _run(self, interaction: Interaction, command: str, argument: str | None) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            reply = await self._chat_commands.admin(self._people.of(interaction), command, argument)
            await self._replies.edit(interaction, content=reply)
