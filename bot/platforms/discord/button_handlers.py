"""What happens when a button is pressed, today or in years: whatever it needs is in its id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, assert_never

import discord

from bot.chat.buttons import Pressed, Verb
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError
from bot.language.wording import Formatting, ending, outdated
from bot.platforms.discord.forms import Forms
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Asked, Replies, acknowledge
from bot.platforms.discord.submit import InteractionSubmission
from bot.submission.options import Options
from bot.submission.person import Person
from generation.errors import Expired, GenerationFailed, JobNotFound
from generation.events import Finished, Succeeded
from generation.jobs import Job


class ButtonHandlers:
    """`smaller` makes a copy of a clip in at most so many bytes."""

    def __init__(
        self,
        desk: ChatCommands,
        asking: InteractionSubmission,
        answers: Replies,
        forms: Forms,
        people: People,
        voice: Formatting,
        smaller: Callable[[Job, int], Awaitable[Any]],
    ) -> None:
        self._desk = desk
        self._asking = asking
        self._answers = answers
        self._forms = forms
        self._people = people
        self._voice = voice
        self._smaller = smaller

    async def press(self, asked: Asked, pressed: Pressed) -> None:
        match pressed.verb:
            case Verb.CANCEL:
                await self._cancel(asked, pressed.job_id)
            case Verb.DELETE:
                await self._delete(asked, pressed.job_id)
            case Verb.RECIPE:
                await self._recipe(asked, pressed.job_id)
            case Verb.EDIT:
                await self._edit(asked, pressed.job_id)
            case Verb.REROLL | Verb.EXTEND | Verb.LOOP:
                await self._asking.again(asked, pressed.job_id, pressed.verb)
            case _:
                assert_never(pressed.verb)

    async def chosen(self, asked: Asked, job_id: str) -> None:
        """Show somebody one of their own earlier clips, in private."""
        async with self._answers.to(asked):
            await acknowledge(asked, private=True)
            view = await self._desk.view(job_id)
            if view.job.requester != self._people.of(asked).requester:
                raise JobNotFound("unknown")
            catalogue = self._answers.catalogue(asked)
            if not isinstance(view.event, Finished) or not isinstance(
                view.event.outcome, Succeeded
            ):
                raise JobNotFound("unknown")
            clip = view.event.outcome.clip
            if not clip.path.exists():
                raise Expired("file")
            path = clip.path
            try:
                if clip.path.stat().st_size > asked.filesize_limit:
                    path = await self._smaller(view.job, asked.filesize_limit)
            except GenerationFailed:
                raise UserError(catalogue.say("chat.result.too_large")) from None
            says = ending(catalogue, self._voice, view.job, view.event.outcome)
            file = discord.File(path, "photoplay.mp4")
            await asked.followup.send(says, file=file, ephemeral=True)

    async def outdated(self, asked: Asked) -> None:
        async with self._answers.to(asked):
            says = outdated(self._answers.catalogue(asked))
            await asked.response.send_message(says, ephemeral=True)

    async def _cancel(self, asked: Asked, job_id: str) -> None:
        async with self._answers.to(asked):
            await acknowledge(asked, private=True)
            person = await self._person(asked, job_id)
            says = await self._desk.cancel(person, job_id)
            await asked.edit_original_response(content=says)

    async def _delete(self, asked: Asked, job_id: str) -> None:
        """The clip and the message that shows it: with the interaction's token both are ours."""
        async with self._answers.to(asked):
            await acknowledge(asked, update=True)
            person = await self._person(asked, job_id)
            says = await self._desk.delete(person, job_id)
            with suppress(discord.HTTPException):  # somebody else may have deleted it meanwhile
                await asked.delete_original_response()
            await asked.followup.send(says, ephemeral=True)

    async def _recipe(self, asked: Asked, job_id: str) -> None:
        async with self._answers.to(asked):
            await acknowledge(asked, private=True)
            catalogue = self._answers.catalogue(asked)
            says = await self._desk.recipe(job_id, catalogue, self._voice)
            await asked.edit_original_response(content=says)

    async def _edit(self, asked: Asked, job_id: str) -> None:
        """The form has to be the first answer; it begins with what was asked for last time."""

        async def filled(answer: discord.Interaction[Any], _: int, words: Options) -> None:
            await self._asking.again(answer, job_id, Verb.EDIT, changes=words)

        async with self._answers.to(asked):
            begin = await self._desk.prefill(job_id)
            catalogue = self._answers.catalogue(asked)
            form = self._forms.wish(catalogue, filled, begin)
            await asked.response.send_modal(form)

    async def _person(self, asked: Asked, job_id: str) -> Person:
        return self._people.of(asked, job=await self._desk.job(job_id))
