"""The forms that ask for options: for a picture picked by right click, and to change a clip's."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, Replies
from bot.submission.intake import MAX_PROMPT
from bot.submission.options import Options
from generation.directions.vocabulary import Effect, Motion

LIFE = 24 * 3600.0
"""Seconds for which a form that somebody has open is remembered."""

PICTURES = 25
"""Options a choice may have."""

Filled = Callable[[Interaction, int, Options], Awaitable[None]]
"""Called once with which picture (0 is the first) and what options the form came back."""


class Forms:
    """Makes the forms of one run of the program: those of an earlier one nobody remembers."""

    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._run = f"v1|form|{secrets.token_hex(4)}|"

    def options(
        self, catalogue: Catalogue, filled: Filled, begin: Options, sources: Sequence[Source] = ()
    ) -> OptionsForm:
        custom_id = self._run + secrets.token_hex(8)
        return OptionsForm(
            catalogue, self._replies, filled, begin=begin, sources=sources, custom_id=custom_id
        )

    def made(self, custom_id: str) -> bool:
        return custom_id.startswith(self._run)


class OptionsForm(ui.Modal):
    """`sources` are the pictures to choose from; with one or none there is nothing to choose."""

    def __init__(
        self,
        catalogue: Catalogue,
        replies: Replies,
        filled: Filled,
        *,
        begin: Options,
        sources: Sequence[Source],
        custom_id: str,
    ) -> None:
        title = catalogue.say("discord.form.title")
        super().__init__(title=title, timeout=LIFE, custom_id=custom_id)
        self._catalogue = catalogue
        self._replies = replies
        self._filled = filled
        self._begin = begin
        self._picture = _pictures(sources)
        self._prompt: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph,
            default=begin.prompt or None,
            placeholder=catalogue.say("discord.form.example"),
            required=False,
            max_length=MAX_PROMPT,
        )
        self._motion = _choices(catalogue, "motion", Motion, begin.motion)
        self._effect = _choices(catalogue, "effect", Effect, begin.effect)
        self._length = _length(begin)
        self._seconds: ui.TextInput[Any] = ui.TextInput(
            default=self._length or None,
            required=False,
            max_length=6,
        )
        for name, item in self._items(sources).items():
            self.add_item(ui.Label(text=catalogue.say(f"discord.form.{name}"), component=item))

    def _items(self, sources: Sequence[Source]) -> dict[str, ui.Item[Any]]:
        picture = {"picture": self._picture} if len(sources) > 1 else {}
        return {
            **picture,
            "prompt": self._prompt,
            "motion": self._motion,
            "effect": self._effect,
            "seconds": self._seconds,
        }

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        async with self._replies.to(interaction):
            chosen = int(self._picture.values[0]) if self._picture.values else 0
            await self._filled(interaction, chosen, self._options())

    def _options(self) -> Options:
        begin = self._begin
        length = self._seconds.value.strip()
        options = replace(
            begin,
            prompt=self._prompt.value,
            motion=Motion(_first(self._motion, begin.motion)),
            effect=Effect(_first(self._effect, begin.effect)),
        )
        if length == self._length:
            return options
        seconds = self._number(length) if length else None
        return replace(options, seconds=seconds, num_frames=None)

    def _number(self, text: str) -> float:
        """Raises `UserError`; a comma is how half of the world writes a point."""
        try:
            return float(text.replace(",", "."))
        except ValueError:
            raise UserError(self._catalogue.say("discord.form.not_a_number")) from None


def _length(options: Options) -> str:
    """In seconds, as the form begins with it; empty where it was left to us."""
    if options.num_frames is None or options.fps is None:
        return ""
    return f"{options.num_frames / options.fps:.1f}"


def _first(select: ui.Select[Any], default: str) -> str:
    return select.values[0] if select.values else default


def _choices(
    catalogue: Catalogue, name: str, kinds: type[StrEnum], chosen: StrEnum
) -> ui.Select[Any]:
    choices = [
        discord.SelectOption(
            label=catalogue.say(f"directions.{name}.{one}"), value=one.value, default=one is chosen
        )
        for one in kinds
    ]
    return ui.Select(options=choices, required=False, min_values=0)


def _pictures(sources: Sequence[Source]) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=f"{number + 1}. {source.name}"[:100], value=str(number), default=number == 0
        )
        for number, source in enumerate(sources[:PICTURES])
    ]
    return ui.Select(options=options, required=False, min_values=0)
