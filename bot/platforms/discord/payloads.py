"""What a message of ours is made of on Discord: whom it names, whom it rings, what hangs on it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import discord
from discord.utils import MISSING

from bot.delivery.messages import Message, NoPicture, PreviewPicture, SamePicture, Video
from bot.platforms.discord.address import Address


def reference(address: Address) -> Any:
    """The message the picture is from; none at all is `None`, which the library leaves untyped."""
    if address.source is None:
        return None
    return discord.MessageReference(
        message_id=address.source,
        channel_id=address.channel,
        guild_id=address.guild,
        fail_if_not_exists=False,
    )


def mentioning(message: Message, address: Address) -> str:
    return f"<@{address.user}> {message.text}"


def named(message: Message, address: Address) -> str:
    """Whose it is, where Discord itself does not show it."""
    return mentioning(message, address) if address.named else message.text


def mentions(address: Address, *, rings: bool = True) -> discord.AllowedMentions:
    """Nobody but the one who asked; without `none()` everyone and roles would still ring."""
    allowed = discord.AllowedMentions.none()
    if rings:
        allowed.users = [discord.Object(address.user)]
    return allowed


def replaced(message: Message, *, hidden: bool) -> list[discord.File]:
    """What an edit puts in the place of the message's files."""
    return MISSING if isinstance(message.shows, SamePicture) else files(message, hidden=hidden)


def files(message: Message, *, hidden: bool) -> list[discord.File]:
    """`hidden`: nobody sees it before they have tapped on it."""
    match message.shows:
        case NoPicture() | SamePicture():
            return []
        case PreviewPicture(content):
            return [discord.File(BytesIO(content), "preview.jpg", spoiler=hidden)]
        case Video(path):
            return [discord.File(path, "photoplay.mp4", spoiler=hidden)]
