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

log = structlog.get_logger(__name__)

UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060

PLACEHOLDER = "…"

TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Everything that the library raises where Discord is the reason."""

Interaction = discord.Interaction[Any]
"""What a person does: a command, a button, a form."""


class NotAcknowledged(Exception):
    """Discord takes no reply any more: it is too `late`, or another program has sent one."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("late" if late else "acknowledged by another program")
        self.late = late


class Replies:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def catalogue(self, interaction: Interaction) -> Catalogue:
        """The sentences in the language of the person who acts."""
        return self._texts.of(interaction.locale.value)

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
            except RuntimeError as error:  # aiohttp's, where its session was closed meanwhile
                if not interaction.client.is_closed():
                    raise
                log.warning("cut_off_by_the_end", interaction=interaction.id, reason=str(error))

    async def _refuse(self, interaction: Interaction, sentence: str) -> None:
        try:
            await _say(interaction, sentence)
        except TROUBLE as error:
            log.warning("refusal_not_sent", reason=str(error))


async def _say(interaction: Interaction, sentence: str) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, ephemeral=True)
        return
    if interaction.response.type is not discord.InteractionResponseType.deferred_channel_message:
        await interaction.followup.send(sentence, ephemeral=True)
        return
    # The first follow-up fills the placeholder and is as public as that, and with the placeholder
    # deleted there may be none (discord-api-docs #2866, #2739, #3087): so it is filled first.
    original = await interaction.edit_original_response(content=PLACEHOLDER)
    if original.flags.ephemeral:
        await interaction.edit_original_response(content=sentence)
        return
    await interaction.followup.send(sentence, ephemeral=True)
    await interaction.delete_original_response()


async def acknowledge(
    interaction: Interaction, *, private: bool = False, update: bool = False
) -> None:
    """The first response, before anything else is awaited; raises `NotAcknowledged`.

    `update`: nothing new appears, the message with the button is what will change.
    """
    try:
        await interaction.response.defer(ephemeral=private, thinking=not update)
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED):
            raise NotAcknowledged(late=error.code == UNKNOWN_INTERACTION) from error
        raise
