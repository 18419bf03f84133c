"""Right click on anything: a message's picture or a person's avatar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord.app_commands import ContextMenu

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord import permissions, pictures
from bot.platforms.discord.forms import Forms
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Asked, Replies
from bot.platforms.discord.submit import InteractionSubmission, Wanted
from bot.platforms.discord.translation import phrase
from bot.submission.options import Options
from generation.images.limits import MAX_BYTES


class Menus:
    def __init__(self, asking: InteractionSubmission, answers: Replies, forms: Forms) -> None:
        self._asking = asking
        self._forms = forms
        self._answers = answers

    def all(self, english: Catalogue) -> list[ContextMenu]:
        """As they are registered with Discord."""

        async def message(asked: discord.Interaction, message: discord.Message) -> None:
            await self._form(asked, pictures.of_message(message), message.id)

        async def avatar(asked: discord.Interaction, person: discord.User) -> None:
            await self._form(asked, [pictures.of_person(person)], None)

        return [
            ContextMenu(name=phrase(english, "discord.menu.message"), callback=message),
            ContextMenu(name=phrase(english, "discord.menu.avatar"), callback=avatar),
        ]

    async def _form(self, asked: Asked, sources: Sequence[Source], source: int | None) -> None:
        """Ask for the words first, but not for a picture that is none."""

        async def filled(answer: discord.Interaction[Any], picture: int, words: Options) -> None:
            await self._asking.ask(answer, Wanted(sources[picture], words, source=source))

        async with self._answers.to(asked):
            catalogue = self._answers.catalogue(asked)
            permissions.check(asked, catalogue)
            if not sources:
                raise UserError(catalogue.say("discord.answer.no_picture"))
            if all(one.size > MAX_BYTES for one in sources):
                size, most = f"{sources[0].size / 1e6:.1f}", MAX_BYTES // 10**6
                raise UserError(catalogue.say("chat.picture.too_large", size=size, most=most))
            form = self._forms.wish(catalogue, filled, Options(), sources)
            await asked.response.send_modal(form)
