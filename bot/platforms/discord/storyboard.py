"""`/storyboard`: pictures and a scene a line become one film; without pictures a form asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import discord
from discord.app_commands import Choice, Command, Range

from bot.language.catalogue import Catalogue
from bot.platforms.discord import pictures
from bot.platforms.discord.choices import lengths
from bot.platforms.discord.clip_requests import StoryboardRequest
from bot.platforms.discord.dressing import Dressing, dressed
from bot.platforms.discord.kept_forms import KeptForm, KeptForms
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.storyboard_form import (
    MOST_TEXT,
    STORYBOARD,
    KeptPictures,
    came_with,
    goes_on_from,
    storyboard_form,
    typed_into,
    uploaded_into,
)
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.translation import phrase
from bot.submission.options import Options
from bot.submission.scenes import MOST_SCENES
from bot.submission.storyboard import laid_out, lines_of, timed
from generation.engine.protocol import Capabilities
from generation.media.joining.film import FilmStyle, Transition

IMAGES = tuple(f"image{number}" for number in range(1, MOST_SCENES + 1))
"""In the order of their scenes: where one is left out the scene goes on from the one before."""

OPTIONS: Mapping[str, Any] = {
    "scenes": Range[str, 0, MOST_TEXT],
    **dict.fromkeys(IMAGES, discord.Attachment),
    "seconds": Range[float, 0.1, 3600.0],
    "transition": str,
}
"""In their order, with what each takes."""


class StoryboardCommand:
    """`capabilities` are those of the engine that serves now."""

    def __init__(
        self,
        submission: InteractionSubmission,
        replies: Replies,
        capabilities: Callable[[], Capabilities],
        kept: KeptForms,
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._capabilities = capabilities
        self._kept = kept

    def command(self, english: Catalogue) -> Command[Any, ..., None]:
        named = ("scenes", "seconds", "transition")
        told = {name: phrase(english, f"discord.storyboard.{name}.says") for name in named}
        choices = [
            Choice(name=phrase(english, f"discord.transition.{one}"), value=one.value)
            for one in Transition
        ]
        dressing = Dressing(
            kinds=OPTIONS,
            called={
                "scenes": phrase(english, "discord.storyboard.scenes.name"),
                "seconds": phrase(english, "discord.option.seconds.name"),
                "transition": phrase(english, "discord.storyboard.transition.name"),
            },
            told=told | dict.fromkeys(IMAGES, phrase(english, "discord.storyboard.image.says")),
            choices={"transition": choices},
        )
        command = dressed("storyboard", english, dressing, self._given)
        command.autocomplete("seconds")(self._lengths)
        return command

    async def _lengths(self, interaction: discord.Interaction, typed: Any) -> list[Choice[float]]:
        catalogue = self._replies.catalogue(interaction)
        return lengths(str(typed), self._capabilities().defaults.fps, catalogue)

    async def _given(self, interaction: Interaction, given: dict[str, Any]) -> None:
        async with self._replies.to(interaction):
            catalogue = self._replies.catalogue(interaction)
            files = [given.get(name) for name in IMAGES]
            if not any(files):
                await interaction.response.send_modal(storyboard_form(catalogue, _said(given)))
                return
            for file in filter(None, files):
                pictures.check(file, catalogue)
            while files[-1] is None:
                files.pop()
            shown = [None if file is None else pictures.of_attachment(file) for file in files]
            rest = Options(seconds=given.get("seconds"))
            style = _style(given.get("transition"))
            await self._make(interaction, given.get("scenes") or "", shown, rest, style)

    async def submitted(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """The form as it came back."""
        async with self._replies.to(interaction):
            catalogue, typed = self._replies.catalogue(interaction), typed_into(data)
            shown = await self._pictures_of(goes_on_from(data))
            self._keep(interaction, typed, shown)
            shown = uploaded_into(data, catalogue) or shown
            self._keep(interaction, typed, shown)
            came = came_with(typed, catalogue)
            rest, style = Options(seconds=came.seconds), _style(came.transition)
            await self._make(interaction, came.scenes, list(shown), rest, style)

    async def reopen(self, interaction: Interaction, form: KeptForm, number: int) -> None:
        """The form that came with the interaction of this number."""
        kept = KeptPictures(number, len(form.sources)) if form.sources else None
        catalogue = self._replies.catalogue(interaction)
        await interaction.response.send_modal(storyboard_form(catalogue, form.fields, kept))

    async def _pictures_of(self, number: int | None) -> tuple[Source, ...]:
        form = None if number is None else await self._kept.of(number)
        return () if form is None else form.sources

    def _keep(
        self, interaction: Interaction, typed: Mapping[str, str], shown: tuple[Source, ...]
    ) -> None:
        """Whatever refuses it lets them go on from what they typed, with the pictures they gave."""
        label = self._replies.catalogue(interaction).say("discord.form.again")
        self._kept.keep(interaction, KeptForm(STORYBOARD, typed, shown), label)

    async def _make(
        self,
        interaction: Interaction,
        text: str,
        shown: list[Source | None],
        rest: Options,
        style: FilmStyle,
    ) -> None:
        lines = [timed(replace(rest, prompt=line)) for line in lines_of(text)]
        scenes = tuple(laid_out(lines, shown, rest))
        await self._submission.film(interaction, StoryboardRequest(scenes, style))


def _said(given: Mapping[str, Any]) -> dict[str, str]:
    """What the command said already of what the form asks."""
    named = {name: given.get(name) for name in ("scenes", "seconds", "transition")}
    return {
        name: f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in named.items()
        if value is not None
    }


def _style(transition: str | None) -> FilmStyle:
    return FilmStyle() if transition is None else FilmStyle(Transition(transition))
