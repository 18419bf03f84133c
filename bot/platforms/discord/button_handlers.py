"""What happens when a button is pressed, today or in years: whatever it needs is in its id."""

from __future__ import annotations

from bot.chat.buttons import Pressed, Verb
from bot.chat.commands import ChatCommands
from bot.language.wording import outdated
from bot.platforms.discord.components import controls
from bot.platforms.discord.deletions import Deletions
from bot.platforms.discord.form_handlers import FormHandlers
from bot.platforms.discord.formatting import discord_formatting
from bot.platforms.discord.gallery import Gallery
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, Replies, acknowledge
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.transport import DiscordTransport
from bot.submission.person import Person
from generation.errors import NotAllowed


class ButtonHandlers:
    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: InteractionSubmission,
        replies: Replies,
        forms: FormHandlers,
        people: People,
        transport: DiscordTransport,
        gallery: Gallery,
    ) -> None:
        self.gallery = gallery
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self.forms = forms
        self._people = people
        self._transport = transport
        self.deletions = Deletions(chat_commands, replies, people, transport)

    async def press(self, interaction: Interaction, pressed: Pressed) -> None:
        match pressed.verb:
            case Verb.CANCEL:
                await self._cancel(interaction, pressed.job_id)
            case Verb.DELETE | Verb.ERASE:  # what an older version has asked is asked again
                await self.deletions.ask(interaction, pressed.job_id)
            case Verb.KEEP:
                await self.deletions.keep(interaction, pressed.job_id)
            case Verb.MARK | Verb.UNMARK:
                favorite = pressed.verb is Verb.MARK
                await self.gallery.mark(interaction, pressed.job_id, favorite=favorite)
            case Verb.NOTIFY:
                await self._notify(interaction, pressed.job_id)
            case Verb.SHOW:
                await self.gallery.show(interaction, pressed.job_id)
            case Verb.PICK_1 | Verb.PICK_2 | Verb.PICK_3 | Verb.PICK_4:
                await self.gallery.pick(interaction, pressed)
            case Verb.RECIPE:
                await self._recipe(interaction, pressed.job_id)
            case Verb.EDIT:
                await self.forms.edit(interaction, pressed.job_id)
            case Verb.REROLL | Verb.EXTEND | Verb.LOOP | Verb.BOOMERANG | Verb.UPSCALE | Verb.FULL:
                await self._submission.again(interaction, pressed.job_id, pressed.verb)
            case Verb.MORE | Verb.LESS | Verb.SCENE:
                await self._submission.again(interaction, pressed.job_id, pressed.verb)

    async def outdated(self, interaction: Interaction) -> None:
        async with self._replies.to(interaction):
            sentence = outdated(self._replies.catalogue(interaction))
            await interaction.response.send_message(sentence, ephemeral=True)

    async def _cancel(self, interaction: Interaction, job_id: str) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            person = await self._person(interaction, job_id)
            sentence = await self._chat_commands.cancel(person, job_id)
            await self._replies.edit(interaction, content=sentence)

    async def forget(self, interaction: Interaction, *, sure: bool) -> None:
        """The answer to `/forget`: the question nobody else sees becomes what came of it."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            person = self._people.of(interaction)
            if not sure:
                await interaction.delete_original_response()
                return
            said = await self._chat_commands.forget(person, self._transport.take_back)
            await self._replies.edit(interaction, content=said, view=None)

    async def _notify(self, interaction: Interaction, job_id: str) -> None:
        """Whoever asked for the clip wants to be told directly; the button has done its work."""
        async with self._replies.to(interaction):
            await acknowledge(interaction, update=True)
            job = await self._chat_commands.job(job_id)
            catalogue = self._replies.catalogue(interaction)
            if job.requester != self._people.of(interaction).requester:
                raise NotAllowed("not_yours")
            await self._transport.notify(job)
            verbs = self._chat_commands.verbs(job)
            await self._replies.edit(interaction, view=controls(job_id, verbs, catalogue))
            noted = catalogue.say("discord.notify.noted")
            await interaction.followup.send(noted, ephemeral=True)

    async def _recipe(self, interaction: Interaction, job_id: str) -> None:
        async with self._replies.to(interaction):
            await acknowledge(interaction, private=True)
            catalogue = self._replies.catalogue(interaction)
            sentence = await self._chat_commands.recipe(job_id, catalogue, discord_formatting())
            await self._replies.edit(interaction, content=sentence)

    async def _person(self, interaction: Interaction, job_id: str) -> Person:
        return self._people.of(interaction, job=await self._chat_commands.job(job_id))
