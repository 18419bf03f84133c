"""Delete asks once, and works for as long as there is a message: also when its job is forgotten."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

import discord

from bot.chat.buttons import SURE, Verb
from bot.chat.commands import ChatCommands
from bot.platforms.discord.components import controls
from bot.platforms.discord.gallery import shown_verbs
from bot.platforms.discord.people import People, asked_for
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.transport import DiscordTransport
from generation.errors import JobNotFound


class Deletions:
    def __init__(
        self,
        chat_commands: ChatCommands,
        replies: Replies,
        people: People,
        transport: DiscordTransport,
    ) -> None:
        self._chat_commands = chat_commands
        self._replies = replies
        self._people = people
        self._transport = transport

    async def ask(self, interaction: Interaction, job_id: str) -> None:
        """In place of the clip's own buttons, and why in private."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            await self._verbs(interaction, job_id)
            catalogue = self._replies.catalogue(interaction)
            await interaction.edit_original_response(view=controls(job_id, SURE, catalogue))
            question = catalogue.say("chat.asking.sure_to_delete")
            await interaction.followup.send(question, ephemeral=True)

    async def keep(self, interaction: Interaction, job_id: str) -> None:
        """The clip's own buttons again."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            verbs = await self._verbs(interaction, job_id)
            view = controls(job_id, verbs, self._replies.catalogue(interaction))
            await interaction.edit_original_response(view=view)

    async def delete(self, interaction: Interaction, job_id: str) -> None:
        """The clip and every message that shows it; this one by the interaction's token."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            await self._verbs(interaction, job_id)
            sentence = self._replies.catalogue(interaction).say("chat.asking.deleted")
            with suppress(JobNotFound):  # nothing but the message is left
                job = await self._chat_commands.job(job_id)
                person = self._people.of(interaction, job=job)
                sentence = await self._chat_commands.delete(
                    person, job_id, self._transport.take_back
                )
            with suppress(discord.HTTPException):  # it may be gone already
                await interaction.delete_original_response()
            await interaction.followup.send(sentence, ephemeral=True)

    async def _verbs(self, interaction: Interaction, job_id: str) -> Collection[Verb]:
        """What can be done with a clip that is theirs to delete.

        Raises `NotAllowed`, and `JobNotFound` where Discord does not say either whose it was.
        """
        try:
            job = await self._chat_commands.job(job_id)
        except JobNotFound:
            if not asked_for(interaction):
                raise
            return {Verb.DELETE}
        await self._chat_commands.ask_to_delete(self._people.of(interaction, job=job), job_id)
        verbs = self._chat_commands.verbs(job)
        message = interaction.message
        alone = message is not None and message.flags.ephemeral
        return shown_verbs(job, verbs) if alone else verbs
