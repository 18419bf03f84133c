"""Delete asks once, and works for as long as there is a message: also when its job is forgotten."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress

from bot.chat.commands import ChatCommands
from bot.platforms.discord.address import Address
from bot.platforms.discord.components import Sure, controls, sure_to_delete
from bot.platforms.discord.gallery import shown_verbs
from bot.platforms.discord.people import People, asked_for
from bot.platforms.discord.replies import TROUBLE, Interaction, Replies, acknowledge
from bot.platforms.discord.submit import address_of
from bot.platforms.discord.transport import DiscordTransport
from generation.errors import JobNotFound
from generation.jobs import Job

REMEMBERED = 1000
"""Messages of which somebody was asked whether they shall go."""


class Deletions:
    """Remembers for a while by which interaction a message of its own can be removed."""

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
        self._asked: OrderedDict[int, Address] = OrderedDict()

    async def ask(self, interaction: Interaction, job_id: str) -> None:
        """In private: for everybody else the clip keeps its buttons."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            await self._check(interaction, job_id)
            message = interaction.message.id if interaction.message is not None else 0
            self._asked[message] = address_of(interaction)
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
            catalogue = self._replies.catalogue(interaction)
            view = sure_to_delete(job_id, message, catalogue)
            question = catalogue.say("chat.asking.sure_to_delete")
            await interaction.followup.send(question, view=view, ephemeral=True)

    async def answered(self, interaction: Interaction, answer: Sure) -> None:
        """The question that nobody else sees becomes what came of it."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            if not answer.sure:
                await interaction.delete_original_response()
                return
            sentence = await self._deleted(interaction, answer)
            await self._replies.edit(interaction, content=sentence, view=None)

    async def keep(self, interaction: Interaction, job_id: str) -> None:
        """The clip's own buttons again, where an older version has asked in their place."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            job = await self._check(interaction, job_id)
            if job is None:
                return
            verbs, message = self._chat_commands.verbs(job), interaction.message
            if message is not None and message.flags.ephemeral:
                verbs = shown_verbs(job, verbs)
            view = controls(job_id, verbs, self._replies.catalogue(interaction))
            await self._replies.edit(interaction, view=view)

    async def _deleted(self, interaction: Interaction, answer: Sure) -> str:
        """The clip and every message that shows it are gone, or what stays is said."""
        catalogue = self._replies.catalogue(interaction)
        try:
            job = await self._chat_commands.job(answer.job_id)
        except JobNotFound:  # nothing but the message is left
            if await self._taken_away(interaction, answer.message):
                return catalogue.say("chat.asking.deleted")
            return catalogue.say("chat.forget.staying", count=1)
        person = self._people.of(interaction, job=job)
        take_back = self._transport.take_back
        sentence = await self._chat_commands.delete(person, answer.job_id, take_back)
        await self._taken_away(interaction, answer.message)
        return sentence

    async def _taken_away(self, interaction: Interaction, message: int) -> bool:
        """By the interaction that asked, as far as it is known, or as the bot itself."""
        asked = self._asked.pop(message, None)
        if asked is not None:
            with suppress(*TROUBLE):
                await self._transport.remove_pressed(asked)
                return True
        here = address_of(interaction).without_token()
        try:
            await self._transport.remove(here, message)
        except TROUBLE:
            return False
        return True

    async def _check(self, interaction: Interaction, job_id: str) -> Job | None:
        """The clip that is theirs to delete; `None` where nothing but a message is left of it.

        Raises `NotAllowed`, and `JobNotFound` where Discord does not say either whose it was.
        """
        try:
            job = await self._chat_commands.job(job_id)
        except JobNotFound:
            if not asked_for(interaction):
                raise
            return None
        await self._chat_commands.ask_to_delete(self._people.of(interaction, job=job), job_id)
        return job
