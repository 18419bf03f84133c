"""Right click on anything: a message's picture or a person's avatar."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord.app_commands import ContextMenu

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord import permissions, pictures
from bot.platforms.discord.forms import Forms
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.submit import InteractionSubmission, PictureRequest
from bot.platforms.discord.translation import phrase
from bot.submission.options import Options
from generation.images.limits import MAX_BYTES


class Menus:
    def __init__(self, submission: InteractionSubmission, replies: Replies, forms: Forms) -> None:
        self._submission = submission
        self._forms = forms
        self._replies = replies

    def all(self, english: Catalogue) -> list[ContextMenu]:
        """As they are registered with Discord."""

        async def message(interaction: discord.Interaction, message: discord.Message) -> None:
            await self._form(interaction, pictures.of_message(message), message.id)

        async def avatar(interaction: discord.Interaction, person: discord.User) -> None:
            await self._form(interaction, [pictures.of_person(person)], None)

        return [
            ContextMenu(name=phrase(english, "discord.menu.message"), callback=message),
            ContextMenu(name=phrase(english, "discord.menu.avatar"), callback=avatar),
        ]

    async def _form(
        self, interaction: Interaction, sources: Sequence[Source], source: int | None
    ) -> None:
        """Ask for the prompt first, but not for a picture that is none or too large."""
        fitting = [one for one in sources if one.size <= MAX_BYTES]

        async def filled(submitted: Interaction, picture: int, options: Options) -> None:
            request = PictureRequest(fitting[picture], options, source=source)
            await self._submission.animate(submitted, request)

        async with self._replies.to(interaction):
            catalogue = self._replies.catalogue(interaction)
            permissions.check(interaction, catalogue)
            if not sources:
                raise UserError(catalogue.say("discord.answer.no_picture"))
            pictures.check_size(min(one.size for one in sources), catalogue)
            form = self._forms.options(catalogue, filled, Options(), fitting)
            await interaction.response.send_modal(form)
