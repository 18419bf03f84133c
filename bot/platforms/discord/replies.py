"""Replies to an interaction; whatever goes wrong on the way becomes one private sentence."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import structlog

from bot.chat.errors import errors_said_to
from bot.language.catalogue import Catalogue, Texts
from bot.platforms.discord.choices import FIELDS
from bot.platforms.discord.edits import Edits
from generation.store.database import Unwritable

log = structlog.get_logger(__name__)

UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060

NAMES = {field: f"discord.option.{name}.name" for name, field in FIELDS.items()}
"""Where the catalogue has what people see an option called."""

PRIVATE = "private"
"""Where an interaction says whether nobody else sees what it is answered with."""

OURS = "answer"
"""Where an interaction says which message it was answered with, once that is known."""

AGAIN = "again"
"""Where an interaction has the button that a refusal of it comes with, if it is of a form."""

PLACEHOLDER = "…"

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Everything that the library raises where Discord is the reason."""

Interaction = discord.Interaction[Any]
"""What a person does: a command, a button, a form."""


Again = dict[str, Any]
"""The button of a refusal, by the name under which the library takes it; empty where none is."""


class NotAcknowledged(Exception):
    """Discord takes no reply any more: it is too `late`, or another program has sent one."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("late" if late else "acknowledged by another program")
        self.late = late


class Replies:
    """Options have the names here that Discord shows."""

    def __init__(self, texts: Texts, edits: Edits) -> None:
        self._texts = texts
        self._edits = edits
        self._catalogues: dict[str, Catalogue] = {}

    def catalogue(self, interaction: Interaction) -> Catalogue:
        """The sentences in the language of the person who acts."""
        return self.of(interaction.locale.value)

    def of(self, locale: str | None) -> Catalogue:
        """The sentences in a language as Discord names it."""
        plain = self._texts.of(locale)
        if plain.locale not in self._catalogues:
            self._catalogues[plain.locale] = plain.calling(NAMES)
        return self._catalogues[plain.locale]

    @asynccontextmanager
    async def to(self, interaction: Interaction) -> AsyncGenerator[None]:
        """Say what went wrong within, in private; a placeholder everybody sees goes away."""

        async def say(sentence: str) -> None:
            await self._refuse(interaction, sentence)

        async with errors_said_to(self.catalogue(interaction), say, trouble=TROUBLE):
            try:
                yield
            except NotAcknowledged as error:
                log.warning("not_acknowledged", interaction=interaction.id, reason=str(error))
                if error.late:
                    await say(self.catalogue(interaction).say("chat.asking.broke"))
            except RuntimeError as error:  # aiohttp's, where its session was closed meanwhile
                if not interaction.client.is_closed():
                    raise
                log.warning("cut_off_by_the_end", interaction=interaction.id, reason=str(error))

    async def edit(self, interaction: Interaction, **changes: Any) -> discord.InteractionMessage:
        """What an interaction was answered with, or where its button was, in its turn."""
        return await edited(interaction, self._edits, **changes)

    async def _refuse(self, interaction: Interaction, sentence: str) -> None:
        again = await _again(interaction)
        try:
            await self._say(interaction, sentence, again)
        except TROUBLE as error:
            log.warning("refusal_not_sent", reason=str(error))
            if isinstance(error, discord.HTTPException) and error.code == UNKNOWN_INTERACTION:
                await self._refuse_late(interaction, sentence, again)

    async def _say(self, interaction: Interaction, sentence: str, again: Again) -> None:
        if not interaction.response.is_done():
            await interaction.response.send_message(sentence, ephemeral=True, **again)
            return
        deferred = discord.InteractionResponseType.deferred_channel_message
        if interaction.response.type is not deferred:
            await interaction.followup.send(sentence, ephemeral=True, **again)
            return
        if interaction.extras.get(PRIVATE):
            await self.edit(interaction, content=sentence, **again)
            return
        # The first follow-up fills the placeholder and is as public as that, and with it deleted
        # there may be none (discord-api-docs #2866, #2739, #3087): so it is filled first.
        await self.edit(interaction, content=PLACEHOLDER)
        await interaction.followup.send(sentence, ephemeral=True, **again)
        await interaction.delete_original_response()

    async def _refuse_late(self, interaction: Interaction, sentence: str, again: Again) -> None:
        """Discord takes no reply any more: then directly, or where they asked."""
        try:
            await interaction.user.send(sentence, **again)
            return
        except TROUBLE as error:
            log.info("not_sent_directly", reason=str(error))
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        allowed = discord.AllowedMentions(everyone=False, roles=False, users=[interaction.user])
        try:
            await channel.send(f"{interaction.user.mention} {sentence}", allowed_mentions=allowed)
        except TROUBLE as error:
            log.warning("refusal_not_sent_late", reason=str(error))


async def _again(interaction: Interaction) -> Again:
    offer = interaction.extras.get(AGAIN)
    if offer is None:
        return {}
    try:
        return {"view": await offer()}
    except Unwritable as error:
        log.warning("form_not_kept", reason=str(error))
        return {}


async def edited(
    interaction: Interaction, edits: Edits, **changes: Any
) -> discord.InteractionMessage:
    """As often as a message may be edited, whoever else edits it."""
    pressed, kind = interaction.message, interaction.response.type
    if pressed is not None and kind is discord.InteractionResponseType.deferred_message_update:
        await edits.turn(pressed.id)
        return await interaction.edit_original_response(**changes)
    ours = interaction.extras.get(OURS)
    if ours is not None:
        await edits.turn(ours)
    message = await interaction.edit_original_response(**changes)
    if ours is None:
        interaction.extras[OURS] = message.id
        await edits.made(message.id)
    return message


async def acknowledge(
    interaction: Interaction, *, private: bool = False, update: bool = False
) -> None:
    """The first response, before anything else is awaited; raises `NotAcknowledged`.

    `update`: nothing new appears, the message with the button is what will change.
    """
    try:
        interaction.extras[PRIVATE] = private
        said = await interaction.response.defer(ephemeral=private, thinking=not update)
        if said is not None and said.message_id is not None and not update:
            interaction.extras[OURS] = said.message_id
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED):
            raise NotAcknowledged(late=error.code == UNKNOWN_INTERACTION) from error
        raise
