"""The routes to a person on Discord: by the interaction's token, as the bot itself, directly."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import discord
from discord.utils import MISSING

from bot.delivery.messages import Message, NoPicture, PreviewPicture, SamePicture, Video
from bot.delivery.sending import Closed, Route, Sending, Sent, TooLarge
from bot.delivery.transport import Later
from bot.language.catalogue import Texts
from bot.platforms.discord.address import Address
from bot.platforms.discord.components import controls
from bot.platforms.discord.edits import Edits
from bot.platforms.discord.replies import TROUBLE, Interaction

TOO_LARGE = 40005
"""Discord's code beside the status 413."""

TOO_OLD = 30046
"""Discord's code for a message of more than an hour that was edited too often: leave it alone."""

Call = Callable[[Message], Awaitable[int]]
"""Sends it and returns the id it has on Discord; raises what `trouble_of` understands."""


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
    """Every route there is; `client` is the connection of the moment."""

    def __init__(self, client: Callable[[], discord.Client], texts: Texts, edits: Edits) -> None:
        self._client = client
        self._texts = texts
        self._edits = edits

    def edit_by_token(self, address: Address, message_id: int) -> Route:
        async def send(message: Message) -> int:
            await self._edits.turn(message_id)
            files = _replaced(message)
            await self._webhook(address).edit_message(
                message_id,
                content=message.text,
                view=self._view(message),
                attachments=files,
                allowed_mentions=_mentions(address),
            )
            return message_id

        return self._route("edit by token", address.limit, send)

    def fill(self, interaction: Interaction) -> Route:
        """Into the placeholder that the interaction's first response has left."""

        async def send(message: Message) -> int:
            filled = await interaction.edit_original_response(
                content=message.text, view=self._view(message)
            )
            return filled.id

        return self._route("fill", 0, send)

    def fill_by_token(self, address: Address) -> Route:
        """The same for an interaction of an earlier run."""

        async def send(message: Message) -> int:
            placeholder: Any = "@original"
            filled = await self._webhook(address).edit_message(
                placeholder, content=message.text, view=self._view(message)
            )
            return filled.id

        return self._route("fill by token", 0, send)

    def words(self, address: Address) -> list[Route]:
        """For a sentence to whoever asked, the most private first; a channel hears it last."""
        nonce = f"t{secrets.token_hex(8)}"
        if address.token is not None:
            return [self.fill_by_token(address), self._send_alone(address, nonce)]
        if address.guild is None and address.member:
            return [self.send(address, nonce, mention=False)]
        sends = [self.send(address, nonce)] if address.member else []
        return [self._send_alone(address, nonce), *sends]

    def send_by_token(self, address: Address) -> Route:
        async def send(message: Message) -> int:
            sent = await self._webhook(address).send(
                _mentioning(message, address),
                view=self._view(message),
                files=_files(message),
                allowed_mentions=_mentions(address),
                wait=True,
            )
            return sent.id

        return self._route("send by token", address.limit, send)

    def edit(self, address: Address, message_id: int) -> Route:
        async def send(message: Message) -> int:
            await self._edits.turn(message_id)
            await (
                self._channel(address)
                .get_partial_message(message_id)
                .edit(
                    content=message.text,
                    view=self._view(message),
                    attachments=_replaced(message),
                    allowed_mentions=_mentions(address),
                )
            )
            return message_id

        return self._route("edit", self._limit(address), send)

    def send(self, address: Address, nonce: str, *, mention: bool = True) -> Route:
        """`mention`: the message rings for who asked."""

        async def send(message: Message) -> int:
            channel = self._channel(address)
            sent = await channel.send(
                _mentioning(message, address) if mention else message.text,
                view=self._view(message),
                files=_files(message),
                allowed_mentions=_mentions(address),
                nonce=nonce,
                reference=_reference(address),
            )
            return sent.id

        return self._route("send", self._limit(address), send)

    def reply(self, interaction: Interaction) -> Route:
        """To whoever acts, in private, where they act."""

        async def send(message: Message) -> int:
            sent = await interaction.followup.send(
                message.text, files=_files(message), ephemeral=True, wait=True
            )
            return sent.id

        return self._route("reply", interaction.filesize_limit, send)

    def _send_alone(self, address: Address, nonce: str) -> Route:
        async def send(message: Message) -> int:
            person = await self._client().create_dm(discord.Object(address.user))
            return (await person.send(message.text, nonce=nonce)).id

        return self._route("send alone", 0, send)

    def send_privately(self, address: Address, nonce: str) -> Route:
        """Somebody who gets a direct message reads first why."""
        catalogue = self._texts.of(address.locale)
        reason = catalogue.say("discord.answer.sent_directly", channel=f"<#{address.channel}>")

        async def send(message: Message) -> int:
            person = await self._client().create_dm(discord.Object(address.user))
            sent = await person.send(
                f"{reason}\n{message.text}",
                view=self._view(message),
                files=_files(message, hidden=address.restricted),
                allowed_mentions=_mentions(address),
                nonce=nonce,
            )
            return sent.id

        return self._route("send privately", discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES, send)

    async def remove_by_token(self, address: Address, message_id: int) -> None:
        """Raises what `trouble_of` understands."""
        await self._webhook(address).delete_message(message_id)

    async def remove(self, address: Address, message_id: int) -> None:
        """Raises what `trouble_of` understands."""
        await self._channel(address).get_partial_message(message_id).delete()

    def _route(self, name: str, limit: int, call: Call) -> Route:
        async def send(message: Message) -> Sending:
            client = self._client()
            if client.application is None or client.is_closed():  # out of reach so far, or the end
                return Later()
            try:
                return Sent(await call(message))
            except TROUBLE as error:
                return trouble_of(error)

        return Route(name, limit, send)

    def _view(self, message: Message) -> discord.ui.View:
        return controls(message.job_id, message.verbs, self._texts.of(message.locale))

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


def _mentioning(message: Message, address: Address) -> str:
    return f"<@{address.user}> {message.text}"


def _mentions(address: Address) -> discord.AllowedMentions:
    """Nobody but the one who asked; without `none()` everyone and roles would still ring."""
    allowed = discord.AllowedMentions.none()
    allowed.users = [discord.Object(address.user)]
    return allowed


def _replaced(message: Message) -> list[discord.File]:
    """What an edit puts in the place of the message's files."""
    return MISSING if isinstance(message.shows, SamePicture) else _files(message)


def _files(message: Message, *, hidden: bool = False) -> list[discord.File]:
    match message.shows:
        case NoPicture() | SamePicture():
            return []
        case PreviewPicture(content):
            return [discord.File(BytesIO(content), "preview.jpg")]
        case Video(path):
            return [discord.File(path, "photoplay.mp4", spoiler=hidden)]
