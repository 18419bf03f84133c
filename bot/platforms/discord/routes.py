"""The ways a message can take: by the interaction's token, as the bot itself, to the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import discord
from discord.utils import MISSING

from bot.delivery.messages import Message, NoPicture, PreviewPicture, SamePicture, Video
from bot.delivery.sending import Closed, Later, Route, Sending, Sent, TooLarge
from bot.language.catalogue import Texts
from bot.platforms.discord.address import Address
from bot.platforms.discord.components import controls
from bot.platforms.discord.replies import TROUBLE

TOO_LARGE = 40005
"""Discord's code beside the status 413."""

TOO_OLD = 30046
"""Discord's code for a message of more than an hour that was edited too often: leave it alone."""

Call = Callable[[Message], Awaitable[int]]
"""Sends a letter and answers the message's id; raises what `trouble_of` understands."""


def trouble_of(error: Exception) -> Closed | TooLarge | Later:
    """What an exception of the library means for whoever wanted to write."""
    match error:
        case discord.RateLimited():
            return Later(error.retry_after)
        case discord.HTTPException() if error.status == 413 or error.code == TOO_LARGE:
            return TooLarge()
        case discord.HTTPException() if error.code == TOO_OLD:
            return Closed(str(error))
        case discord.HTTPException() if error.status == 429 or error.status >= 500:
            return Later()
        case discord.DiscordException():
            return Closed(str(error))
        case _:
            return Later()


class Routes:
    """Every way there is; `client` is the connection of the moment."""

    def __init__(self, client: Callable[[], discord.Client], texts: Texts) -> None:
        self._client = client
        self._texts = texts

    def edit_by_token(self, address: Address, message: int) -> Route:
        async def send(letter: Message) -> int:
            files = _replaced(letter)
            await self._webhook(address).edit_message(
                message,
                content=letter.text,
                view=self._view(letter),
                attachments=files,
                allowed_mentions=_mentions(address),
            )
            return message

        return self._way("edit by token", address.limit, send)

    def fill(self, asked: discord.Interaction[Any]) -> Route:
        """Into the placeholder that the interaction's first answer has left."""

        async def send(letter: Message) -> int:
            filled = await asked.edit_original_response(
                content=letter.text, view=self._view(letter)
            )
            return filled.id

        return self._way("fill", 0, send)

    def send_by_token(self, address: Address) -> Route:
        async def send(letter: Message) -> int:
            sent = await self._webhook(address).send(
                _called(letter, address),
                view=self._view(letter),
                files=_files(letter),
                allowed_mentions=_mentions(address),
                wait=True,
            )
            return sent.id

        return self._way("send by token", address.limit, send)

    def edit(self, address: Address, message: int) -> Route:
        async def send(letter: Message) -> int:
            await (
                self._channel(address)
                .get_partial_message(message)
                .edit(
                    content=letter.text,
                    view=self._view(letter),
                    attachments=_replaced(letter),
                    allowed_mentions=_mentions(address),
                )
            )
            return message

        return self._way("edit", self._limit(address), send)

    def send(self, address: Address, nonce: str, *, calling: bool = True) -> Route:
        """`calling`: the message rings for who asked."""

        async def send(letter: Message) -> int:
            channel = self._channel(address)
            sent = await channel.send(
                _called(letter, address) if calling else letter.text,
                view=self._view(letter),
                files=_files(letter),
                allowed_mentions=_mentions(address),
                nonce=nonce,
                reference=_reference(address),
            )
            return sent.id

        return self._way("send", self._limit(address), send)

    def send_privately(self, address: Address, nonce: str) -> Route:
        """Somebody who gets a direct message is told first why."""
        catalogue = self._texts.of(address.locale)
        words = catalogue.say("discord.answer.sent_directly", channel=f"<#{address.channel}>")

        async def send(letter: Message) -> int:
            person = await self._client().create_dm(discord.Object(address.user))
            sent = await person.send(
                f"{words}\n{letter.text}",
                view=self._view(letter),
                files=_files(letter, hidden=address.restricted),
                allowed_mentions=_mentions(address),
                nonce=nonce,
            )
            return sent.id

        return self._way("send privately", discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES, send)

    async def remove(self, address: Address, message: int, *, by_token: bool) -> None:
        """Raises what `trouble_of` understands."""
        if by_token:
            await self._webhook(address).delete_message(message)
        else:
            await self._channel(address).get_partial_message(message).delete()

    def _way(self, name: str, limit: int, call: Call) -> Route:
        async def send(letter: Message) -> Sending:
            if self._client().application is None:  # not logged in: Discord was out of reach so far
                return Later()
            try:
                return Sent(await call(letter))
            except TROUBLE as error:
                return trouble_of(error)

        return Route(name, limit, send)

    def _view(self, letter: Message) -> discord.ui.View:
        return controls(letter.job_id, letter.verbs, self._texts.of(letter.locale))

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


def _called(letter: Message, address: Address) -> str:
    return f"<@{address.user}> {letter.text}"


def _mentions(address: Address) -> discord.AllowedMentions:
    """Nobody but the one who asked; without `none()` everyone and roles would still ring."""
    allowed = discord.AllowedMentions.none()
    allowed.users = [discord.Object(address.user)]
    return allowed


def _replaced(letter: Message) -> list[discord.File]:
    """What an edit puts in the place of the message's files."""
    return MISSING if isinstance(letter.shows, SamePicture) else _files(letter)


def _files(letter: Message, *, hidden: bool = False) -> list[discord.File]:
    match letter.shows:
        case NoPicture() | SamePicture():
            return []
        case PreviewPicture(content):
            return [discord.File(BytesIO(content), "preview.jpg")]
        case Video(path):
            return [discord.File(path, "photoplay.mp4", spoiler=hidden)]
