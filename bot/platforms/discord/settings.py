"""`/settings`: what those who manage a server decide for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Command, Group, Range, locale_str

from bot.chat.errors import UserError
from bot.chat.settings import LANGUAGES, SECONDS, SettingsCommands, change_of
from bot.language.catalogue import Catalogue
from bot.platforms.discord.formatting import NAMES
from bot.platforms.discord.people import PLATFORM, People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.translation import phrase
from generation.directions.vocabulary import Motion

DESCRIBED = {"channel": "channels"}
"""Commands that are described as something else is called."""

Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class ServerGroup(Group):
    """Only in servers that the bot belongs to: the library would add where all others may be used,
    and what somebody brings along for themselves decides nothing for a server.
    """

    def to_dict(self, tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
        return super().to_dict(tree) | {"contexts": [0], "integration_types": [0]}


class ServerSettings:
    def __init__(self, commands: SettingsCommands, replies: Replies, people: People) -> None:
        self._commands = commands
        self._replies = replies
        self._people = people

    def group(self, english: Catalogue) -> Group:
        """For who manages the server."""
        group = ServerGroup(
            name="settings",
            description=phrase(english, "chat.settings.group"),
            default_permissions=discord.Permissions(manage_guild=True),
        )
        callbacks = {
            "show": self._show,
            "language": self._language(english),
            "defaults": self._defaults(english),
            "channel": self._channel(english),
            "log": self._log(english),
            "limits": self._limits(english),
            "reset": self._reset,
        }
        for name, callback in callbacks.items():
            described = phrase(english, f"chat.settings.{DESCRIBED.get(name, name)}")
            group.add_command(Command(name=name, description=described, callback=callback))
        return group

    async def _show(self, interaction: discord.Interaction) -> None:
        async with self._managing(interaction):
            person = self._people.of(interaction)
            shown = await self._commands.show(person, NAMES)
            await interaction.edit_original_response(content=shown)

    async def _reset(self, interaction: discord.Interaction) -> None:
        async with self._managing(interaction):
            said = await self._commands.reset(self._people.of(interaction))
            await interaction.edit_original_response(content=said)

    def _language(self, english: Catalogue) -> Any:
        choices = [Choice(name=name, value=locale) for locale, name in LANGUAGES.items()]

        @app_commands.describe(language=phrase(english, "chat.settings.language"))
        @app_commands.choices(language=choices)
        async def callback(interaction: discord.Interaction, language: str | None = None) -> None:
            await self._change(interaction, {"language": language})

        return callback

    def _defaults(self, english: Catalogue) -> Any:
        @app_commands.describe(**_phrases(english, "seconds", "size", "motion"))
        @app_commands.choices(motion=_motions(english))
        async def callback(
            interaction: discord.Interaction,
            seconds: Range[float, 0.1, SECONDS] | None = None,
            size: Range[str, 3, 9] | None = None,
            motion: str | None = None,
        ) -> None:
            length = None if seconds is None else str(seconds)
            written: dict[str, str | None] = {"seconds": length, "size": size, "motion": motion}
            named = [name for name, text in written.items() if text is not None]
            changes = {name: written[name] for name in named or written}
            await self._change(interaction, changes)

        return callback

    def _channel(self, english: Catalogue) -> Any:
        @app_commands.describe(
            channel=phrase(english, "chat.settings.channels"),
            allowed=phrase(english, "chat.settings.allowed"),
        )
        async def callback(
            interaction: discord.Interaction, channel: Channel, allowed: bool = True
        ) -> None:
            changes = {"channels": {str(channel.id): True if allowed else None}}
            await self._store(interaction, changes)

        return callback

    def _log(self, english: Catalogue) -> Any:
        @app_commands.describe(channel=phrase(english, "chat.settings.log"))
        async def callback(
            interaction: discord.Interaction, channel: discord.TextChannel | None = None
        ) -> None:
            await self._store(interaction, {"log": channel.id if channel is not None else None})

        return callback

    def _limits(self, english: Catalogue) -> Any:
        numbers = ("queued", "hour", "day")

        @app_commands.describe(**_phrases(english, "role", *numbers))
        async def callback(
            interaction: discord.Interaction,
            role: discord.Role,
            queued: Range[int, 0, 9999] | None = None,
            hour: Range[int, 0, 9999] | None = None,
            day: Range[int, 0, 9999] | None = None,
        ) -> None:
            given = dict(zip(numbers, (queued, hour, day), strict=True))
            limits = given if any(one is not None for one in given.values()) else None
            await self._store(interaction, {"limits": {f"{PLATFORM}-role:{role.id}": limits}})

        return callback

    @asynccontextmanager
    async def _managing(self, interaction: Interaction) -> AsyncGenerator[None]:
        """Within, whoever acts may change what holds here; asked again, as rights change."""
        async with self._replies.to(interaction):
            if not interaction.permissions.manage_guild:
                catalogue = self._replies.catalogue(interaction)
                raise UserError(catalogue.say("chat.settings.staff_only"))
            await acknowledge(interaction, private=True)
            yield

    async def _change(self, interaction: Interaction, written: Mapping[str, str | None]) -> None:
        async with self._replies.to(interaction):
            changes: dict[str, Any] = {}
            for name, text in written.items():
                changes |= change_of(name, text)
            await self._store(interaction, changes)

    async def _store(self, interaction: Interaction, changes: Mapping[str, Any]) -> None:
        async with self._managing(interaction):
            said = await self._commands.change(self._people.of(interaction), changes)
            await interaction.edit_original_response(content=said)


def _motions(english: Catalogue) -> list[Choice[str]]:
    return [
        Choice(name=phrase(english, f"directions.motion.{one}"), value=one.value) for one in Motion
    ]


def _phrases(english: Catalogue, *names: str) -> dict[str, locale_str]:
    return {name: phrase(english, f"chat.settings.{name}") for name in names}
