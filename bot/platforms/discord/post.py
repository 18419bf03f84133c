"""The ways a message can take: by the interaction's token, as the bot itself, to the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, assert_never

import aiohttp
import discord
from discord.utils import MISSING

from bot.platforms.discord.address import Address
from bot.platforms.discord.letters import Letter, NoPicture, Preview, SamePicture, Video

TOO_LARGE = 40005
"""Discord's code beside the status 413."""

PATIENCE = 15.0
"""Seconds until Discord is asked again after it failed on its own."""


@dataclass(frozen=True, slots=True)
class Closed:
    """This way leads nowhere any more: the token, message, channel or right is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The file is over this place's limit."""


@dataclass(frozen=True, slots=True)
class Later:
    """Discord asks for patience, or cannot be reached."""

    seconds: float


Trouble = Closed | TooLarge | Later


@dataclass(frozen=True, slots=True)
class Way:
    """`limit` in bytes is what a file may have there; `send` answers the message's id.

    `send` raises what `trouble_of` understands.
    """

    name: str
    limit: int
    send: Callable[[Letter], Awaitable[int]]


def trouble_of(error: discord.DiscordException | aiohttp.ClientError | OSError) -> Trouble:
    """What an exception of the library means for whoever wanted to write."""
    match error:
        case discord.RateLimited():
            return Later(error.retry_after)
        case discord.HTTPException() if error.status == 413 or error.code == TOO_LARGE:
            return TooLarge()
        case discord.HTTPException() if error.status == 429 or error.status >= 500:
            return Later(PATIENCE)
        case discord.DiscordException():
            return Closed(str(error))
        case _:
            return Later(PATIENCE)


class Post:
    """Every way there is; `client` is the connection of the moment."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client

    def edit_by_token(self, address: Address, message: int) -> Way:
        async def send(letter: Letter) -> int:
            files = _replaced(letter)
            await self._webhook(address).edit_message(
                message,
                content=letter.text,
                view=letter.view,
                attachments=files,
                allowed_mentions=_mentions(letter),
            )
            return message

        return Way("edit by token", address.limit, send)

    def send_by_token(self, address: Address) -> Way:
        async def send(letter: Letter) -> int:
            sent = await self._webhook(address).send(
                letter.text,
                view=letter.view,
                files=_files(letter),
                allowed_mentions=_mentions(letter),
                wait=True,
            )
            return sent.id

        return Way("send by token", address.limit, send)

    def edit(self, address: Address, message: int) -> Way:
        async def send(letter: Letter) -> int:
            await (
                self._channel(address)
                .get_partial_message(message)
                .edit(
                    content=letter.text,
                    view=letter.view,
                    attachments=_replaced(letter),
                    allowed_mentions=_mentions(letter),
                )
            )
            return message

        return Way("edit", self._limit(address), send)

    def send(self, address: Address, nonce: str) -> Way:
        async def send(letter: Letter) -> int:
            channel = self._channel(address)
            sent = await channel.send(
                letter.text,
                view=letter.view,
                files=_files(letter),
                allowed_mentions=_mentions(letter),
                nonce=nonce,
                reference=_reference(address),
            )
            return sent.id

        return Way("send", self._limit(address), send)

    def send_privately(self, address: Address, nonce: str, words: str) -> Way:
        """`words` come first: somebody who gets a message wants to know why."""

        async def send(letter: Letter) -> int:
            person = await self._client().create_dm(discord.Object(address.user))
            sent = await person.send(
                f"{words}\n{letter.text}",
                view=letter.view,
                files=_files(letter, hidden=address.restricted),
                allowed_mentions=_mentions(letter),
                nonce=nonce,
            )
            return sent.id

        return Way("send privately", discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES, send)

    async def remove(self, address: Address, message: int, *, by_token: bool) -> None:
        """Raises what `trouble_of` understands."""
        if by_token:
            await self._webhook(address).delete_message(message)
        else:
            await self._channel(address).get_partial_message(message).delete()

    def _webhook(self, address: Address) -> discord.Webhook:
        token = address.token or ""
        return discord.Webhook.partial(address.application, token, client=self._client())

    def _channel(self, address: Address) -> discord.PartialMessageable:
        return self._client().get_partial_messageable(address.channel, guild_id=address.guild)

    def _limit(self, address: Address) -> int:
        """What the server's boosts allow now; the bot has no subscription of its own."""
        guild = self._client().get_guild(address.guild) if address.guild is not None else None
        if guild is None:
            return discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        return guild.filesize_limit


def _reference(address: Address) -> Any:
    """The message the picture is from; none at all is `None`, which the library leaves untyped."""
    if address.source is None:
        return None
    return discord.MessageReference(
        message_id=address.source,
        channel_id=address.channel,
        guild_id=address.guild,
        fail_if_not_exists=False,
    )


def _mentions(letter: Letter) -> discord.AllowedMentions:
    """Nobody but the one person; without `none()` everyone and roles would still ring."""
    allowed = discord.AllowedMentions.none()
    if letter.mentions is not None:
        allowed.users = [discord.Object(letter.mentions)]
    return allowed


def _replaced(letter: Letter) -> list[discord.File]:
    """What an edit puts in the place of the message's files."""
    return MISSING if isinstance(letter.shows, SamePicture) else _files(letter)


def _files(letter: Letter, *, hidden: bool = False) -> list[discord.File]:
    match letter.shows:
        case NoPicture() | SamePicture():
            return []
        case Preview(content):
            return [discord.File(BytesIO(content), "preview.jpg")]
        case Video(path, spoiler):
            return [discord.File(path, "photoplay.mp4", spoiler=spoiler or hidden)]
        case _:
            assert_never(letter.shows)
