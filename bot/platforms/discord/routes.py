"""The routes to a person on Discord: by the interaction's token, as the bot itself, directly."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.delivery.messages import Message
from bot.delivery.sending import Closed, Route, Sending, Sent, TooLarge
from bot.delivery.transport import Later
from bot.language.catalogue import Texts
from bot.platforms.discord import payloads
from bot.platforms.discord.address import Address
from bot.platforms.discord.components import controls
from bot.platforms.discord.edits import Edits
from bot.platforms.discord.replies import TROUBLE, Interaction, edited

TOO_LARGE = 40005
"""Discord's code beside the status 413."""

TOO_OLD = 30046
"""Discord's code for a message of more than an hour that was edited too often: leave it alone."""

ORIGINAL: Any = "@original"
"""What an interaction was answered with, or where its button was, by its token."""

NO_ANSWERS = frozenset({50013, 160002})
"""Discord's codes where we may write, but not in answer to what we may not read again."""

NO_CHANNEL, NO_MESSAGE = 10003, 10008
"""Discord's codes for what somebody else has deleted."""

Call = Callable[[Message], Awaitable[Sent]]
"""Sends it and says where it stands; raises what `trouble_of` understands."""


class Unreachable(discord.DiscordException):
    """A message that we may not touch any more: we are no member there, and the token is over."""


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
        async def send(message: Message) -> Sent:
            await self._edits.turn(message_id)
            files = payloads.replaced(message, hidden=address.spoiler)
            await self._webhook(address).edit_message(
                message_id,
                content=payloads.named(message, address),
                view=self._view(message),
                attachments=files,
                allowed_mentions=discord.AllowedMentions.none(),
            )
            return Sent(message_id)

        return self._route("edit by token", address.limit, send)

    def fill(
        self, interaction: Interaction, *, named: bool = False, spoiler: bool = False
    ) -> Route:
        """Into the placeholder that the interaction's first response has left.

        `named`: it says whose it is, and rings nobody.
        """

        async def send(message: Message) -> Sent:
            filled = await edited(
                interaction,
                self._edits,
                content=f"<@{interaction.user.id}> {message.text}" if named else message.text,
                view=self._view(message),
                attachments=payloads.replaced(message, hidden=spoiler),
                allowed_mentions=discord.AllowedMentions.none(),
            )
            return Sent(filled.id)

        return self._route("fill", interaction.filesize_limit, send)

    def fill_by_token(self, address: Address) -> Route:
        """The same for an interaction of an earlier run."""

        async def send(message: Message) -> Sent:
            filled = await self._webhook(address).edit_message(
                ORIGINAL,
                content=payloads.named(message, address),
                view=self._view(message),
                attachments=payloads.replaced(message, hidden=address.spoiler),
                allowed_mentions=discord.AllowedMentions.none(),
            )
            await self._edits.made(filled.id)
            return Sent(filled.id)

        return self._route("fill by token", 0, send)

    def words(self, address: Address) -> list[Route]:
        """For a sentence to whoever asked, the most private first; a channel hears it last."""
        nonce = f"t{secrets.token_hex(8)}"
        if address.token is not None:
            return [self.fill_by_token(address), self._send_alone(address, nonce)]
        if address.guild is None and address.member:
            return [self.send(address, nonce, mention=False)]
        alone = self._send_alone(address, nonce)
        return [alone, self.send(address, nonce)] if address.member else [alone]

    def send_by_token(self, address: Address, *, alone: bool = False) -> Route:
        async def send(message: Message) -> Sent:
            sent = await self._webhook(address).send(
                message.text if alone else payloads.mentioning(message, address),
                view=self._view(message),
                files=payloads.files(message, hidden=address.spoiler),
                allowed_mentions=payloads.mentions(address),
                ephemeral=alone,
                wait=True,
            )
            return Sent(sent.id)

        return self._route("send by token", address.limit, send)

    def edit(self, address: Address, message_id: int) -> Route:
        async def send(message: Message) -> Sent:
            await self._edits.turn(message_id)
            await (
                self._channel(address)
                .get_partial_message(message_id)
                .edit(
                    content=payloads.named(message, address),
                    view=self._view(message),
                    attachments=payloads.replaced(message, hidden=address.spoiler),
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            )
            return Sent(message_id)

        return self._route("edit", self._limit(address), send)

    def send(self, address: Address, nonce: str, *, mention: bool = True) -> Route:
        """`mention`: the message rings for who asked."""

        async def send(message: Message) -> Sent:
            said = payloads.mentioning if mention else payloads.named
            reference = payloads.reference(address)
            try:
                return await post(message, said(message, address), reference)
            except discord.HTTPException as error:
                if reference is None or error.code not in NO_ANSWERS:
                    raise
            return await post(message, payloads.mentioning(message, address), None)

        async def post(message: Message, content: str, reference: Any) -> Sent:
            rings = mention or reference is not None
            sent = await self._channel(address).send(
                content,
                view=self._view(message),
                files=payloads.files(message, hidden=address.spoiler),
                allowed_mentions=payloads.mentions(address, rings=rings),
                nonce=nonce,
                reference=reference,
            )
            return Sent(sent.id)

        return self._route("send", self._limit(address), send)

    def reply(self, interaction: Interaction, *, spoiler: bool) -> Route:
        """To whoever acts, in private, where they act."""

        async def send(message: Message) -> Sent:
            sent = await interaction.followup.send(
                message.text,
                view=self._view(message),
                files=payloads.files(message, hidden=spoiler),
                ephemeral=True,
                wait=True,
            )
            return Sent(sent.id)

        return self._route("reply", interaction.filesize_limit, send)

    def _send_alone(self, address: Address, nonce: str) -> Route:
        async def send(message: Message) -> Sent:
            person = await self._client().create_dm(discord.Object(address.user))
            return Sent((await person.send(message.text, nonce=nonce)).id, chat=person.id)

        return self._route("send alone", 0, send)

    def send_privately(self, address: Address, nonce: str) -> Route:
        """Somebody who gets a direct message reads first why."""
        catalogue = self._texts.of(address.locale)
        reason = catalogue.say("discord.answer.sent_directly", channel=f"<#{address.channel}>")

        async def send(message: Message) -> Sent:
            person = await self._client().create_dm(discord.Object(address.user))
            sent = await person.send(
                f"{reason}\n{message.text}",
                view=self._view(message),
                files=payloads.files(message, hidden=address.is_covered(restricted=False)),
                allowed_mentions=payloads.mentions(address),
                nonce=nonce,
            )
            return Sent(sent.id, chat=person.id)

        return self._route("send privately", discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES, send)

    def log(self, address: Address, channel: int, nonce: str) -> Route:
        """Into a channel where it says whose it is and from where, and rings nobody."""

        async def send(message: Message) -> Sent:
            place = self._client().get_partial_messageable(channel, guild_id=address.guild)
            sent = await place.send(
                f"<@{address.user}> <#{address.channel}>\n{message.text}",
                view=self._view(message),
                files=payloads.files(message, hidden=address.is_covered(restricted=False)),
                allowed_mentions=discord.AllowedMentions.none(),
                nonce=nonce,
            )
            return Sent(sent.id)

        return self._route("log", self._limit(address), send)

    async def notify(self, user: int, text: str) -> None:
        """Say something to somebody directly; raises what `trouble_of` understands."""
        person = await self._client().create_dm(discord.Object(user))
        await person.send(text, suppress_embeds=True)

    async def remove_by_token(self, address: Address, message_id: int | None) -> None:
        """`None` is where the button was. Raises what `trouble_of` understands."""
        async with _gone_is_removed():
            await self._webhook(address).delete_message(message_id or ORIGINAL)

    async def remove(self, channel: int, message_id: int) -> None:
        """Raises what `trouble_of` understands."""
        place = self._client().get_partial_messageable(channel)
        async with _gone_is_removed():
            await place.get_partial_message(message_id).delete()

    def _route(self, name: str, limit: int, call: Call) -> Route:
        async def send(message: Message) -> Sending:
            client = self._client()
            if client.application is None or client.is_closed():  # out of reach so far, or the end
                return Later()
            try:
                return await call(message)
            except TROUBLE as error:
                return trouble_of(error)

        return Route(name, limit, send)

    def _view(self, message: Message) -> discord.ui.View:
        return controls(message.job_id, message.verbs, self._texts.of(message.locale))

    def _webhook(self, address: Address) -> discord.Webhook:
        token, client = address.token or "", self._client()
        webhook = discord.Webhook.partial(address.application, token, client=client)
        webhook.type = discord.WebhookType.application  # it may speak to who asked alone
        return webhook

    def _channel(self, address: Address) -> discord.PartialMessageable:
        return self._client().get_partial_messageable(address.channel, guild_id=address.guild)

    def _limit(self, address: Address) -> int:
        """What the server's boosts allow now; the bot has no subscription of its own."""
        guild = self._client().get_guild(address.guild) if address.guild is not None else None
        usual = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        return usual if guild is None else guild.filesize_limit


@asynccontextmanager
async def _gone_is_removed() -> AsyncGenerator[None]:
    """Somebody else was faster."""
    try:
        yield
    except discord.NotFound as error:
        if error.code not in (NO_CHANNEL, NO_MESSAGE):
            raise
