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
    filled,
    options_form,
)
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.storyboard import StoryboardCommand
from bot.platforms.discord.storyboard_form import is_storyboard
from bot.platforms.discord.submit import InteractionSubmission
from bot.submission.options import Options
from generation.engine.protocol import Capabilities
from generation.store.message_references import ChatMessage, MessageReferences


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
    ) -> None:
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self._references = references
        self._capabilities = capabilities
        self._storyboard = storyboard

    async def edit(self, interaction: Interaction, job_id: str) -> None:
        """The form has to be the first response; it begins with the options of last time."""
        async with self._replies.to(interaction):
            begin = await self._chat_commands.prefill(job_id)
            await self._ask(interaction, EditForm(job_id), begin)

    async def ask(
        self, interaction: Interaction, sources: Sequence[Source], source: int | None
    ) -> None:
        """What should happen to one of these pictures; raises `Unwritable`."""
        about = OFFERED.dump_json(Offered(tuple(sources), source)).decode()
        where, user = _row(interaction, interaction.id), str(interaction.user.id)
        await asyncio.gather(  # the form is the first response, and waits for no disk
            self._ask(interaction, PictureForm(interaction.id), Options(), sources),
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
                    changes = came.options(begin, self._replies.catalogue(interaction))
                    await self._submission.again(interaction, job_id, Verb.EDIT, changes=changes)
                case PictureForm(number):
                    await self._animate(interaction, came, number)

    async def _animate(self, interaction: Interaction, came: Filled, number: int) -> None:
        about = await self._references.about(_row(interaction, number))
        if about is None:
            raise self._outdated(interaction)
        offered_then = OFFERED.validate_json(about)
        options = came.options(Options(), self._replies.catalogue(interaction))
        first, *further = (offered_then.sources[one] for one in came.pictures)
        request = PictureRequest(first, options, further=tuple(further))
        await self._submission.animate(interaction, request, offered_then.source)

    async def _ask(
        self,
        interaction: Interaction,
        form: EditForm | PictureForm,
        begin: Options,
        sources: Sequence[Source] = (),
    ) -> None:
        catalogue, kinds = self._replies.catalogue(interaction), offered(self._capabilities())
        modal = options_form(form, catalogue, begin, kinds, sources)
        await interaction.response.send_modal(modal)

    def _outdated(self, interaction: Interaction) -> UserError:
        return UserError(self._replies.catalogue(interaction).say("discord.answer.outdated"))


def _row(interaction: Interaction, number: int) -> ChatMessage:
    return ChatMessage(PLATFORM, interaction.channel_id or 0, number)
