"""Whatever goes wrong while somebody is answered becomes one private sentence to them."""

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

Asked = discord.Interaction[Any]
"""What a person did: a command, a button, a form."""


class Unheard(Exception):
    """Nobody hears an answer: it is too `late`, or somebody else has given one already."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("late" if late else "answered")
        self.late = late


class Replies:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def catalogue(self, asked: Asked) -> Catalogue:
        """The sentences in the language of the person who asked."""
        return self._texts.of(asked.locale.value)

    @asynccontextmanager
    async def to(self, asked: Asked) -> AsyncGenerator[None]:
        """Say what went wrong within, in private; a placeholder everybody sees goes away."""

        async def say(sentence: str) -> None:
            await self._refuse(asked, sentence)

        async with errors_said_to(self.catalogue(asked), say, trouble=TROUBLE):
            try:
                yield
            except Unheard:
                log.warning("interaction_unheard", interaction=asked.id)

    async def _refuse(self, asked: Asked, sentence: str) -> None:
        try:
            await _say(asked, sentence)
        except TROUBLE as error:
            log.warning("refusal_not_taken", reason=str(error))


async def _say(asked: Asked, sentence: str) -> None:
    if not asked.response.is_done():
        await asked.response.send_message(sentence, ephemeral=True)
        return
    if asked.response.type is not discord.InteractionResponseType.deferred_channel_message:
        await asked.followup.send(sentence, ephemeral=True)
        return
    # The first follow-up fills the placeholder and is as public as that, and with the placeholder
    # deleted there may be none (discord-api-docs #2866, #2739, #3087): so it is filled first.
    original = await asked.edit_original_response(content=PLACEHOLDER)
    if original.flags.ephemeral:
        await asked.edit_original_response(content=sentence)
        return
    await asked.followup.send(sentence, ephemeral=True)
    await asked.delete_original_response()


async def acknowledge(asked: Asked, *, private: bool = False, update: bool = False) -> None:
    """The first answer, before anything else is awaited; raises `Unheard`.

    `update`: nothing new appears, the message with the button is what will change.
    """
    try:
        await asked.response.defer(ephemeral=private, thinking=not update)
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED):
            raise Unheard(late=error.code == UNKNOWN_INTERACTION) from error
        raise
