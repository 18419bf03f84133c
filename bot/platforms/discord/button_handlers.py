"""What happens when a button is pressed, today or in years: whatever it needs is in its id."""

from __future__ import annotations

from contextlib import suppress

import discord

from bot.chat.buttons import SURE, Pressed, Verb
from bot.chat.clip_list import chosen
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.delivery.sending import Sent
from bot.language.wording import outdated
from bot.platforms.discord.components import controls
from bot.platforms.discord.form_handlers import FormHandlers
from bot.platforms.discord.formatting import discord_formatting
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.transport import DiscordTransport
from bot.submission.person import Person


class ButtonHandlers:
    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: InteractionSubmission,
        replies: Replies,
        forms: FormHandlers,
        people: People,
        routes: Routes,
        transport: DiscordTransport,
    ) -> None:
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self._forms = forms
        self._people = people
        self._routes = routes
        self._transport = transport

    async def press(self, interaction: Interaction, pressed: Pressed) -> None:
        match pressed.verb:
            case Verb.CANCEL:
                await self._cancel(interaction, pressed.job_id)
            case Verb.DELETE:
                await self._ask_to_delete(interaction, pressed.job_id)
            case Verb.ERASE:
                await self._delete(interaction, pressed.job_id)
            case Verb.KEEP:
                await self._keep(interaction, pressed.job_id)
            case Verb.RECIPE:
                await self._recipe(interaction, pressed.job_id)
            case Verb.EDIT:
                await self._forms.edit(interaction, pressed.job_id)
            case Verb.REROLL | Verb.EXTEND | Verb.LOOP:
                await self._submission.again(interaction, pressed.job_id, pressed.verb)

    async def chosen(self, interaction: Interaction, job_id: str) -> None:
        """Show somebody one of their own earlier clips, in private."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            view = await self._chat_commands.view(job_id)
            outcome = chosen(view, self._people.of(interaction))
            route, locale = self._routes.reply(interaction), interaction.locale.value
            sending = await self._transport.again(view.job, locale, outcome, route)
            if not isinstance(sending, Sent):
                raise UserError(self._replies.catalogue(interaction).say("chat.asking.broke"))

    async def outdated(self, interaction: Interaction) -> None:
        async with self._replies.to(interaction):
            sentence = outdated(self._replies.catalogue(interaction))
            await interaction.response.send_message(sentence, ephemeral=True)

    async def _cancel(self, interaction: Interaction, job_id: str) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            person = await self._person(interaction, job_id)
            sentence = await self._chat_commands.cancel(person, job_id)
            await interaction.edit_original_response(content=sentence)

    async def _ask_to_delete(self, interaction: Interaction, job_id: str) -> None:
        """In place of the clip's own buttons, and why in private."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person = await self._person(interaction, job_id)
            question = await self._chat_commands.ask_to_delete(person, job_id)
            sure = controls(job_id, SURE, self._replies.catalogue(interaction))
            await interaction.edit_original_response(view=sure)
            await interaction.followup.send(question, ephemeral=True)

    async def _keep(self, interaction: Interaction, job_id: str) -> None:
        """The clip's own buttons again."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person = await self._person(interaction, job_id)
            await self._chat_commands.ask_to_delete(person, job_id)
            verbs = self._chat_commands.verbs(await self._chat_commands.job(job_id))
            view = controls(job_id, verbs, self._replies.catalogue(interaction))
            await interaction.edit_original_response(view=view)

    async def forget(self, interaction: Interaction, *, sure: bool) -> None:
        """The answer to `/forget`: the question nobody else sees becomes what came of it."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person = self._people.of(interaction)
            if not sure:
                await interaction.delete_original_response()
                return
            said = await self._chat_commands.forget(person, self._transport.take_back)
            await interaction.edit_original_response(content=said, view=None)

    async def _delete(self, interaction: Interaction, job_id: str) -> None:
        """The clip and the message that shows it: with the interaction's token both are ours."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person = await self._person(interaction, job_id)
            sentence = await self._chat_commands.delete(person, job_id)
            with suppress(discord.HTTPException):  # somebody else may have deleted it meanwhile
                await interaction.delete_original_response()
            await interaction.followup.send(sentence, ephemeral=True)

    async def _recipe(self, interaction: Interaction, job_id: str) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            catalogue = self._replies.catalogue(interaction)
            sentence = await self._chat_commands.recipe(job_id, catalogue, discord_formatting())
            await interaction.edit_original_response(content=sentence)

    async def _person(self, interaction: Interaction, job_id: str) -> Person:
        return self._people.of(interaction, job=await self._chat_commands.job(job_id))
