"""Which form somebody is asked with, and what becomes of what they wrote into it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.chat.buttons import Verb
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.platforms.discord.address import PLATFORM
from bot.platforms.discord.choices import offered
from bot.platforms.discord.clip_requests import PictureRequest
from bot.platforms.discord.forms import (
    OFFERED,
    EditForm,
    Filled,
    Offered,
    PictureForm,
    fields_of,
    filled,
    form_of,
    options_form,
)
from bot.platforms.discord.kept_forms import KeptForm, KeptForms
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.storyboard import StoryboardCommand
from bot.platforms.discord.storyboard_form import is_storyboard
from bot.platforms.discord.submit import InteractionSubmission
from bot.submission.options import Options
from generation.engine.protocol import Capabilities
from generation.store.message_references import ChatMessage, MessageReferences

NOTHING_OFFERED = Offered(())


class FormHandlers:
    """Remembers nothing: what a form is about stands in its id, or on the disk under its id."""

    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: InteractionSubmission,
        replies: Replies,
        references: MessageReferences,
        capabilities: Callable[[], Capabilities],
        storyboard: StoryboardCommand,
        kept: KeptForms,
    ) -> None:
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self._references = references
        self._capabilities = capabilities
        self._storyboard = storyboard
        self._kept = kept

    async def edit(self, interaction: Interaction, job_id: str) -> None:
        """The form has to be the first response; it begins with the options of last time."""
        async with self._replies.to(interaction):
            begin = fields_of(await self._chat_commands.prefill(job_id))
            await self._ask(interaction, EditForm(job_id), begin)

    async def reopen(self, interaction: Interaction, number: int) -> None:
        """The form that the interaction of this number came back from, as it was filled in."""
        async with self._replies.to(interaction):
            kept = await self._kept.of(number)
            if kept is None:
                raise self._outdated(interaction)
            match form_of(kept.custom_id):
                case EditForm(job_id) as form:
                    begin = fields_of(await self._chat_commands.prefill(job_id))
                    await self._ask(interaction, form, begin | dict(kept.fields))
                case PictureForm():
                    await self.ask(interaction, kept.sources, kept.source, typed=kept.fields)
                case None:  # a film's
                    await self._storyboard.reopen(interaction, kept, number)

    async def ask(
        self,
        interaction: Interaction,
        sources: Sequence[Source],
        source: int | None,
        *,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """What should happen to one of these pictures; raises `Unwritable`."""
        about = OFFERED.dump_json(Offered(tuple(sources), source)).decode()
        where, user = _row(interaction, interaction.id), str(interaction.user.id)
        begin = fields_of(Options()) | dict(typed or {})
        await asyncio.gather(  # the form is the first response, and waits for no disk
            self._ask(interaction, PictureForm(interaction.id), begin, sources),
            self._references.remember(where, about, user=user),
        )

    async def submitted(self, interaction: Interaction) -> None:
        data: Mapping[str, Any] = interaction.data or {}
        async with self._replies.to(interaction):
            if is_storyboard(data):
                await self._storyboard.submitted(interaction, data)
                return
            came = filled(data)
            if came is None:
                raise self._outdated(interaction)
            match came.form:
                case EditForm(job_id):
                    begin = await self._chat_commands.prefill(job_id)
                    self._keep(interaction, came)
                    changes = came.options(begin, self._replies.catalogue(interaction))
                    await self._submission.again(interaction, job_id, Verb.EDIT, changes=changes)
                case PictureForm(number):
                    await self._animate(interaction, came, number)

    async def _animate(self, interaction: Interaction, came: Filled, number: int) -> None:
        about = await self._references.about(_row(interaction, number))
        if about is None:
            raise self._outdated(interaction)
        offered_then = OFFERED.validate_json(about)
        self._keep(interaction, came, offered_then)
        options = came.options(Options(), self._replies.catalogue(interaction))
        first, *further = (offered_then.sources[one] for one in came.pictures)
        request = PictureRequest(first, options, further=tuple(further))
        await self._submission.animate(interaction, request, offered_then.source)

    async def _ask(
        self,
        interaction: Interaction,
        form: EditForm | PictureForm,
        begin: Mapping[str, str],
        sources: Sequence[Source] = (),
    ) -> None:
        catalogue, kinds = self._replies.catalogue(interaction), offered(self._capabilities())
        modal = options_form(form, catalogue, begin, kinds, sources)
        await interaction.response.send_modal(modal)

    def _keep(
        self, interaction: Interaction, came: Filled, about: Offered = NOTHING_OFFERED
    ) -> None:
        """Whatever refuses it lets them go on from what they typed."""
        form = KeptForm(came.form.custom_id, came.fields, about.sources, about.source)
        label = self._replies.catalogue(interaction).say("discord.form.again")
        self._kept.keep(interaction, form, label)

    def _outdated(self, interaction: Interaction) -> UserError:
        return UserError(self._replies.catalogue(interaction).say("discord.answer.outdated"))


def _row(interaction: Interaction, number: int) -> ChatMessage:
    return ChatMessage(PLATFORM, interaction.channel_id or 0, number)
