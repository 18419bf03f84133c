"""The slash commands that only ask or tidy up: line, limits, earlier clips, one's own data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord.app_commands import Command

from bot.chat.commands import ChatCommands
from bot.language.catalogue import Catalogue
from bot.language.wording import Formatting, brief
from bot.platforms.discord.components import OPTION, choice
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Asked, Replies, acknowledge
from bot.platforms.discord.translation import phrase
from bot.submission.person import Person
from generation.dispatch.service import View
from generation.jobs import JobStatus

SHOWN = 25
"""Options a choice may have."""

Answer = Callable[[Person], Awaitable[str]]


class Commands:
    def __init__(
        self, desk: ChatCommands, answers: Replies, people: People, voice: Formatting
    ) -> None:
        self._desk = desk
        self._answers = answers
        self._people = people
        self._voice = voice

    def all(self, english: Catalogue) -> list[Command[Any, ..., None]]:
        """As they are registered with Discord."""
        callbacks = {
            "queue": self.queue,
            "cancel": self.cancel,
            "quota": self.quota,
            "videos": self.videos,
            "help": self.help,
            "forget": self.forget,
        }
        return [
            Command(
                name=name,
                description=phrase(english, f"discord.command.{name}"),
                callback=callback,
            )
            for name, callback in callbacks.items()
        ]

    async def queue(self, asked: discord.Interaction) -> None:
        await self._privately(asked, lambda person: self._desk.queue(person, self._voice))

    async def cancel(self, asked: discord.Interaction) -> None:
        await self._privately(asked, self._desk.cancel)

    async def quota(self, asked: discord.Interaction) -> None:
        await self._privately(asked, lambda person: self._desk.quota(person, self._voice))

    async def forget(self, asked: discord.Interaction) -> None:
        await self._privately(asked, self._desk.forget)

    async def help(self, asked: discord.Interaction) -> None:
        async def guide(person: Person) -> str:
            return self._desk.help(person)

        await self._privately(asked, guide)

    async def videos(self, asked: discord.Interaction) -> None:
        """A list to choose from, so that a clip nobody could be handed is not lost."""
        async with self._answers.to(asked):
            await acknowledge(asked, private=True)
            views = await self._desk.videos(self._people.of(asked), limit=SHOWN)
            catalogue = self._answers.catalogue(asked)
            made = [view for view in views if view.job.status is JobStatus.SUCCEEDED]
            if not made:
                await asked.edit_original_response(content=catalogue.say("chat.videos.none"))
                return
            options = [self._option(view, catalogue) for view in made]
            menu = choice(catalogue.say("chat.videos.choose"), options)
            says = catalogue.say("chat.videos.yours", count=len(made))
            await asked.edit_original_response(content=says, view=menu)

    def _option(self, view: View, catalogue: Catalogue) -> discord.SelectOption:
        plain = Formatting(lambda text: text, self._voice.moment)
        label = brief(view.job.request.prompt, plain, catalogue)[:OPTION]
        made = f"{view.job.created_at:%Y-%m-%d %H:%M} UTC · {view.job.request.seconds:.1f} s"
        return discord.SelectOption(label=label, value=view.job.id, description=made)

    async def _privately(self, asked: Asked, answer: Answer) -> None:
        async with self._answers.to(asked):
            await acknowledge(asked, private=True)
            said = await answer(self._people.of(asked))
            await asked.edit_original_response(content=said)
