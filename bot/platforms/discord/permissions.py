"""What the bot may do where it is used, looked at before anybody waits for a clip."""

from __future__ import annotations

from typing import Any

import discord

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue

INVITED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
)
"""Exactly what the bot uses; history, since a reply needs it."""


def missing_permissions(
    held: discord.Permissions, channel: object, *, member: bool = True
) -> list[str]:
    """Names of the permissions without which a clip could not be shown in a server's channel."""
    attach, view = discord.Permissions(attach_files=True), discord.Permissions(view_channel=True)
    if not member:  # the answer is the interaction's own, not a message of ours
        needed = {"attach_files": attach}
    elif isinstance(channel, discord.Thread | discord.ForumChannel):
        threads = discord.Permissions(send_messages_in_threads=True)
        needed = {"view_channel": view, "send_messages_in_threads": threads, "attach_files": attach}
    else:
        sends = discord.Permissions(send_messages=True)
        needed = {"view_channel": view, "send_messages": sends, "attach_files": attach}
    return [name for name, one in needed.items() if not one.is_subset(held)]


def check(interaction: discord.Interaction[Any], catalogue: Catalogue) -> None:
    """Raises `UserError` with the names of what is missing."""
    if interaction.guild_id is not None:
        held, member = interaction.app_permissions, is_member(interaction)
        _refuse(missing_permissions(held, interaction.channel, member=member), catalogue)


def check_message(message: discord.Message, catalogue: Catalogue) -> None:
    """The same for where somebody wrote to us."""
    if message.guild is not None and not isinstance(message.channel, discord.PartialMessageable):
        held = message.channel.permissions_for(message.guild.me)
        _refuse(missing_permissions(held, message.channel), catalogue)


def may_answer(message: discord.Message) -> bool:
    """Whether a message of ours there may refer to this one."""
    channel = message.channel
    if message.guild is None or isinstance(channel, discord.PartialMessageable):
        return True
    return channel.permissions_for(message.guild.me).read_message_history


def named(missing: list[str], catalogue: Catalogue) -> str:
    """As Discord calls them."""
    return ", ".join(catalogue.say(f"discord.permission.{name}") for name in missing)


def _refuse(missing: list[str], catalogue: Catalogue) -> None:
    if missing:
        lacking = named(missing, catalogue)
        raise UserError(catalogue.say("discord.answer.permissions_missing", names=lacking))


def is_member(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot itself is in the place it is asked in, not only its command."""
    if interaction.guild_id is not None:
        return interaction.client.get_guild(interaction.guild_id) is not None
    return not interaction.context.private_channel


def invite(application: int) -> str:
    """The link that adds the bot to a server with exactly the permissions it uses."""
    return discord.utils.oauth_url(
        application, permissions=INVITED, scopes=("bot", "applications.commands")
    )
