"""Right click on anything: a message's picture, a clip of ours or a person's avatar."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import discord
from discord.app_commands import ContextMenu

from bot.language.catalogue import Catalogue
from bot.platforms.discord import permissions, pictures
from bot.platforms.discord.components import job_of
from bot.platforms.discord.form_handlers import FormHandlers
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.translation import phrase


class Menus:
    def __init__(self, replies: Replies, forms: FormHandlers) -> None:
        self._forms = forms
        self._replies = replies

    def all(self, english: Catalogue) -> list[ContextMenu]:
        """As they are registered with Discord."""

        async def message(interaction: discord.Interaction, message: discord.Message) -> None:
            job_id = job_of(message) if message.author == interaction.client.user else None
            if job_id is not None:
                await self._forms.edit(interaction, job_id)
            else:
                found = lambda words: pictures.fitting(message, words)  # noqa: E731
                await self._form(interaction, found, message.id)

        async def avatar(interaction: discord.Interaction, person: discord.User) -> None:
            await self._form(interaction, lambda _: [pictures.of_person(person)], None)

        return [
            ContextMenu(name=phrase(english, "discord.menu.message"), callback=message),
            ContextMenu(name=phrase(english, "discord.menu.avatar"), callback=avatar),
        ]

    async def _form(
        self,
        interaction: Interaction,
        found: Callable[[Catalogue], Sequence[Source]],
        source: int | None,
    ) -> None:
        """Ask for the prompt first, but not for a picture that is none or does not fit."""
        async with self._replies.to(interaction):
            catalogue = self._replies.catalogue(interaction)
            permissions.check(interaction, catalogue)
            await self._forms.ask(interaction, found(catalogue), source)
