"""A command whose options are known only when the program runs, dressed for Discord's menus."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, Command, locale_str

from bot.language.catalogue import Catalogue
from bot.platforms.discord.translation import phrase

Given = Callable[[discord.Interaction, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Dressing:
    """`kinds` are the options in their order with what each takes; `called` and `told` name and
    explain them; one of `needed` has to be given."""

    kinds: Mapping[str, Any]
    called: Mapping[str, locale_str]
    told: Mapping[str, locale_str]
    choices: Mapping[str, list[Choice[Any]]]
    needed: frozenset[str] = field(default_factory=frozenset)

    @property
    def signature(self) -> inspect.Signature:
        """What the library reads a command's options from."""
        positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
        own = inspect.Parameter("interaction", positional, annotation=discord.Interaction)
        parameters = [
            inspect.Parameter(name, positional, annotation=kind)
            if name in self.needed
            else inspect.Parameter(name, positional, annotation=kind | None, default=None)
            for name, kind in self.kinds.items()
        ]
        return inspect.Signature([own, *parameters])


def dressed(
    name: str, english: Catalogue, dressing: Dressing, given: Given
) -> Command[Any, ..., None]:
    """`given` gets what somebody has chosen, by the names of the options."""

    async def callback(interaction: discord.Interaction, **chosen: Any) -> None:
        await given(interaction, chosen)

    callback.__signature__ = dressing.signature  # type: ignore[attr-defined]
    for dress in (
        app_commands.rename(**dressing.called),
        app_commands.describe(**dressing.told),
        app_commands.choices(**dressing.choices),
    ):
        callback = dress(callback)
    description = phrase(english, f"discord.command.{name}")
    return Command(name=name, description=description, callback=callback)
