"""What of a server is there: the channels and roles that were chosen once may be gone now."""

from __future__ import annotations

from typing import Any

import discord
from discord import AppCommandOptionType, ChannelType, app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Choice

from bot.chat.errors import UserError
from bot.chat.settings import PlaceNames, elsewhere
from bot.language.catalogue import Catalogue
from bot.platforms.discord.formatting import NAMES
from bot.platforms.discord.permissions import missing_permissions, named
from bot.platforms.discord.replies import Interaction
from bot.submission.places import PlaceSettings

CLIPS = (
    ChannelType.text,
    ChannelType.news,
    ChannelType.voice,
    ChannelType.stage_voice,
    ChannelType.public_thread,
    ChannelType.private_thread,
    ChannelType.news_thread,
    ChannelType.forum,
    ChannelType.media,
)
"""Where clips may be asked for; in a forum it is its posts."""

MOST = 25
"""Choices that Discord shows."""


class ChannelOption(app_commands.Transformer):
    """A channel as Discord describes it, also one that the bot does not see."""

    @property
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        return list(CLIPS)

    async def transform(self, interaction: Interaction, value: Any, /) -> Any:
        if not isinstance(value, AppCommandChannel | AppCommandThread):
            raise app_commands.TransformerError(value, self.type, self)
        return value


class LogOption(ChannelOption):
    @property
    def channel_types(self) -> list[ChannelType]:
        return [ChannelType.text, ChannelType.news]


def check_shown(
    interaction: Interaction, chosen: AppCommandChannel | AppCommandThread, catalogue: Catalogue
) -> None:
    """Raises `UserError` with what the bot lacks to show a clip in a channel."""
    guild = interaction.guild
    channel: Any = guild.get_channel_or_thread(chosen.id) if guild is not None else None
    if channel is None and guild is not None and isinstance(chosen, AppCommandThread):
        channel = guild.get_channel(chosen.parent_id)
    if guild is None or channel is None:
        missing = ["view_channel"]
    else:
        missing = missing_permissions(channel.permissions_for(guild.me), channel)
    if missing:
        place = NAMES.channel(chosen.id)
        names = named(missing, catalogue)
        raise UserError(
            catalogue.say("discord.answer.permissions_missing_there", place=place, names=names)
        )


def check_here(settings: PlaceSettings, channel: object, catalogue: Catalogue) -> None:
    """Raises `UserError` where those who run the server want no clips, or no channel is left."""
    number = getattr(channel, "id", None)
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    if settings.allows(number, parent):
        return
    guild = getattr(channel, "guild", None)
    left = {one: allowed for one, allowed in settings.channels.items() if is_there(guild, one)}
    if not left:
        raise UserError(catalogue.say("discord.settings.all_gone"))
    raise elsewhere(catalogue, settings.model_copy(update={"channels": left}), NAMES)


def is_there(guild: discord.Guild | None, channel: int) -> bool:
    """Whether a channel still exists, as far as that can be seen."""
    return guild is None or guild.get_channel_or_thread(channel) is not None


def names_in(guild: discord.Guild | None, catalogue: Catalogue) -> PlaceNames:
    """How channels and roles are written in what is private; what is gone says so."""

    def channel(number: int) -> str:
        if is_there(guild, number):
            return NAMES.channel(number)
        return catalogue.say("discord.settings.gone_channel", id=str(number))

    def role(identity: str) -> str:
        number = int(identity.rpartition(":")[2])
        if guild is None or guild.get_role(number) is not None:
            return NAMES.role(identity)
        return catalogue.say("discord.settings.gone_role", id=str(number))

    return PlaceNames(channel=channel, chat=channel, role=role, places=NAMES.places)


def stored_channels(
    settings: PlaceSettings, guild: discord.Guild | None, catalogue: Catalogue
) -> list[Choice[str]]:
    """What can be taken back, also what is gone; a choice shows no mention."""
    choices = []
    for number in settings.channels:
        channel = guild.get_channel_or_thread(number) if guild is not None else None
        gone = catalogue.say("discord.settings.gone_channel", id=str(number))
        name = f"#{channel.name}" if channel is not None else gone
        choices.append(Choice(name=name[:100], value=str(number)))
    return choices[:MOST]


def stored_roles(
    settings: PlaceSettings, guild: discord.Guild | None, catalogue: Catalogue
) -> list[Choice[str]]:
    choices = []
    for identity in settings.limits:
        number = identity.rpartition(":")[2]
        role = guild.get_role(int(number)) if guild is not None else None
        gone = catalogue.say("discord.settings.gone_role", id=number)
        name = f"@{role.name.removeprefix('@')}" if role is not None else gone
        choices.append(Choice(name=name[:100], value=identity))
    return choices[:MOST]
