"""`/settings`: what those who manage a server decide for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import (
    AppCommandChannel,
    AppCommandThread,
    Choice,
    Command,
    Group,
    Range,
    Transform,
    locale_str,
)

from bot.chat.errors import UserError
from bot.chat.settings import LANGUAGES, SECONDS, SettingsCommands, change_of
from bot.language.catalogue import Catalogue
from bot.platforms.discord.address import PLATFORM
from bot.platforms.discord.choices import size_of, sizes
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.server_places import (
    ChannelOption,
    LogOption,
    check_shown,
    names_in,
    stored_channels,
    stored_roles,
)
from bot.platforms.discord.translation import phrase
from generation.directions.vocabulary import Motion

DESCRIBED = {"channel": "channels"}
"""Commands that are described as something else is called."""

AllowedChannel = Transform[AppCommandChannel | AppCommandThread, ChannelOption]
LogChannel = Transform[AppCommandChannel, LogOption]


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
            command: Command[Any, ..., None] = Command(
                name=name, description=described, callback=callback
            )
            group.add_command(command)
            for option, offered in self._offered(name).items():
                command.autocomplete(option)(offered)
        return group

    def _offered(self, command: str) -> dict[str, Any]:
        """What is offered while somebody types, by option."""

        async def size(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
            return sizes(typed, self._replies.catalogue(interaction))

        async def channel(interaction: discord.Interaction, _: str) -> list[Choice[str]]:
            settings = await self._commands.at(self._people.of(interaction))
            catalogue = self._replies.catalogue(interaction)
            return stored_channels(settings, interaction.guild, catalogue)

        async def role(interaction: discord.Interaction, _: str) -> list[Choice[str]]:
            settings = await self._commands.at(self._people.of(interaction))
            catalogue = self._replies.catalogue(interaction)
            return stored_roles(settings, interaction.guild, catalogue)

        known: dict[str, dict[str, Any]] = {
            "defaults": {"size": size},
            "channel": {"remove": channel},
            "limits": {"remove": role},
        }
        return known.get(command, {})

    async def _show(self, interaction: discord.Interaction) -> None:
        async with self._replies.to(interaction):
            await self._begin(interaction)
            names = names_in(interaction.guild, self._replies.catalogue(interaction))
            shown = await self._commands.show(self._people.of(interaction), names)
            await self._replies.edit(interaction, content=shown)

    async def _reset(self, interaction: discord.Interaction) -> None:
        async with self._replies.to(interaction):
            await self._begin(interaction)
            said = await self._commands.reset(self._people.of(interaction))
            await self._replies.edit(interaction, content=said)

    def _language(self, english: Catalogue) -> Any:
        choices = [Choice(name=name, value=locale) for locale, name in LANGUAGES.items()]

        @app_commands.describe(language=phrase(english, "chat.settings.language"))
        @app_commands.choices(language=choices)
        async def callback(interaction: discord.Interaction, language: str | None = None) -> None:
            await self._store(interaction, lambda _: change_of("language", language))

        return callback

    def _defaults(self, english: Catalogue) -> Any:
        @app_commands.describe(**_phrases(english, "seconds", "size", "motion"))
        @app_commands.choices(motion=_motions(english))
        async def callback(
            interaction: discord.Interaction,
            seconds: Range[float, 0.1, SECONDS] | None = None,
            size: Range[str, 1, 40] | None = None,
            motion: str | None = None,
        ) -> None:
            length = None if seconds is None else str(seconds)
            written: dict[str, str | None] = {"seconds": length, "size": size, "motion": motion}
            named = [name for name, text in written.items() if text is not None]

            def changes(catalogue: Catalogue) -> dict[str, Any]:
                found: dict[str, Any] = {}
                for name in named or written:
                    text = written[name]
                    if name == "size" and text is not None:
                        text = size_of(text, catalogue)
                    found |= change_of(name, text)
                return found

            await self._store(interaction, changes)

        return callback

    def _channel(self, english: Catalogue) -> Any:
        @app_commands.describe(
            channel=phrase(english, "chat.settings.channels"),
            allowed=phrase(english, "chat.settings.allowed"),
            remove=phrase(english, "discord.settings.remove"),
        )
        async def callback(
            interaction: discord.Interaction,
            channel: AllowedChannel | None = None,
            allowed: bool = True,
            remove: Range[str, 1, 40] | None = None,
        ) -> None:
            def changes(catalogue: Catalogue) -> dict[str, Any]:
                found: dict[str, bool | None] = {} if remove is None else {remove: None}
                if channel is not None:
                    if allowed:
                        check_shown(interaction, channel, catalogue)
                    found[str(channel.id)] = True if allowed else None
                return {"channels": found}

            await self._store(interaction, changes)

        return callback

    def _log(self, english: Catalogue) -> Any:
        @app_commands.describe(channel=phrase(english, "chat.settings.log"))
        async def callback(
            interaction: discord.Interaction, channel: LogChannel | None = None
        ) -> None:
            def changes(catalogue: Catalogue) -> dict[str, Any]:
                if channel is not None:
                    check_shown(interaction, channel, catalogue)
                return {"log": channel.id if channel is not None else None}

            await self._store(interaction, changes)

        return callback

    def _limits(self, english: Catalogue) -> Any:
        numbers = ("queued", "hour", "day")

        described = _phrases(english, "role", *numbers)

        @app_commands.describe(**described, remove=phrase(english, "discord.settings.remove"))
        async def callback(
            interaction: discord.Interaction,
            role: discord.Role | None = None,
            queued: Range[int, 0, 9999] | None = None,
            hour: Range[int, 0, 9999] | None = None,
            day: Range[int, 0, 9999] | None = None,
            remove: Range[str, 1, 60] | None = None,
        ) -> None:
            given = dict(zip(numbers, (queued, hour, day), strict=True))
            limits = given if any(one is not None for one in given.values()) else None
            changed: dict[str, Any] = {} if remove is None else {remove: None}
            if role is not None:
                changed[f"{PLATFORM}-role:{role.id}"] = limits
            await self._store(interaction, lambda _: {"limits": changed})

        return callback

    async def _begin(self, interaction: Interaction) -> None:
        """Raises `UserError` for who does not manage the server; asked again, as rights change."""
        if not interaction.permissions.manage_guild:
            catalogue = self._replies.catalogue(interaction)
            raise UserError(catalogue.say("chat.settings.staff_only"))
        await acknowledge(interaction, private=True)

    async def _store(
        self, interaction: Interaction, changes: Callable[[Catalogue], Mapping[str, Any]]
    ) -> None:
        """`changes` raises `UserError` and `UnsupportedOption` for what cannot be."""
        async with self._replies.to(interaction):
            await self._begin(interaction)
            catalogue = self._replies.catalogue(interaction)
            try:
                wanted = changes(catalogue)
            except ValueError:  # a choice that an older version offered
                raise UserError(catalogue.say("discord.answer.outdated")) from None
            if not any(wanted.values()) and wanted.keys() & {"channels", "limits"}:
                names = names_in(interaction.guild, catalogue)
                said = await self._commands.show(self._people.of(interaction), names)
            else:
                said = await self._commands.change(self._people.of(interaction), wanted)
            await self._replies.edit(interaction, content=said)


def _motions(english: Catalogue) -> list[Choice[str]]:
    return [
        Choice(name=phrase(english, f"directions.motion.{one}"), value=one.value) for one in Motion
    ]


def _phrases(english: Catalogue, *names: str) -> dict[str, locale_str]:
    return {name: phrase(english, f"chat.settings.{name}") for name in names}
