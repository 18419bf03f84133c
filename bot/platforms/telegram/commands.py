"""The commands that only ask or tidy up: line, limits, clips, one's own data; the operator's."""

from __future__ import annotations

import telegram

from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.language.wording import brief
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.keyboards import videos
from bot.platforms.telegram.replies import Replies
from bot.submission.person import Person
from generation.jobs import JobStatus

SHOWN = 10
"""Clips in one list: each is a button of its own line."""

COMMANDS = ("animate", "queue", "cancel", "quota", "videos", "help", "forget")
"""As they stand in the menu."""


class Commands:
    def __init__(self, desk: ChatCommands, answers: Replies) -> None:
        self._desk = desk
        self._answers = answers

    async def obey(self, message: telegram.Message, person: Person, name: str, rest: str) -> bool:
        """Answer a command; False for one that is none of ours."""
        if name == "videos":
            await self._videos(message, person)
            return True
        says = await self._said(person, name, rest)
        if says is None:
            return False
        await self._answers.say(message, says)
        return True

    async def _said(self, person: Person, name: str, rest: str) -> str | None:
        catalogue = self._answers.catalogue(person.locale)
        speech = telegram_formatting(catalogue)
        match name:
            case "start" | "help":
                return f"{self._desk.help(person)}\n{catalogue.say('telegram.help')}"
            case "queue":
                return await self._desk.queue(person, speech)
            case "cancel":
                return await self._desk.cancel(person)
            case "quota":
                return await self._desk.quota(person, speech)
            case "forget":
                return await self._desk.forget(person)
            case "admin":
                command, _, argument = rest.partition(" ")
                return await self._desk.admin(person, command, argument)
            case _:
                return None

    async def _videos(self, message: telegram.Message, person: Person) -> None:
        """A list to choose from, so that a clip nobody could be handed is not lost."""
        catalogue = self._answers.catalogue(person.locale)
        speech = telegram_formatting(catalogue)
        views = await self._desk.videos(person, limit=3 * SHOWN)
        made = [view.job for view in views if view.job.status is JobStatus.SUCCEEDED][:SHOWN]
        if not made:
            raise UserError(catalogue.say("chat.videos.none"))
        labels = [(job.id, brief(job.request.prompt, speech, catalogue)) for job in made]
        says = catalogue.say("chat.videos.yours", count=len(made))
        await self._answers.say(message, says, videos(labels))
