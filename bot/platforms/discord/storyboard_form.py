"""The form that asks for a film: its look, and what came back, today or after a restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord import pictures
from bot.platforms.discord.forms import number_of
from bot.platforms.discord.pictures import Source
from bot.submission.films import MOST_SCENES
from generation.media.joining.film import Transition

STORYBOARD = "v1|form|storyboard"

MOST_TEXT = 4000
"""Characters that Discord takes in one field."""


@dataclass(frozen=True, slots=True)
class CameWith:
    """`pictures` are those of the first scenes, in their order."""

    pictures: tuple[Source, ...]
    scenes: str
    seconds: float | None
    transition: str | None


def storyboard_form(catalogue: Catalogue, scenes: str | None, seconds: float | None) -> ui.Modal:
    """It begins with what was already said in the command."""
    modal = ui.Modal(title=catalogue.say("discord.form.film"), timeout=None, custom_id=STORYBOARD)
    items: dict[str, ui.Item[Any]] = {
        "film_pictures": ui.FileUpload(
            custom_id="pictures", min_values=1, max_values=MOST_SCENES, required=True
        ),
        "film_scenes": ui.TextInput(
            custom_id="scenes",
            style=discord.TextStyle.paragraph,
            default=scenes or None,
            placeholder=catalogue.say("discord.storyboard.placeholder"),
            required=False,
            max_length=MOST_TEXT,
        ),
        "film_seconds": ui.TextInput(
            custom_id="seconds",
            default=None if seconds is None else f"{seconds:g}",
            required=False,
            max_length=6,
        ),
        "film_transition": _transitions(catalogue),
    }
    for name, item in items.items():
        modal.add_item(ui.Label(text=catalogue.say(f"discord.form.{name}"), component=item))
    modal.stop()  # nobody waits for it: whatever it came back with is read from the interaction
    return modal


def is_storyboard(data: Mapping[str, Any]) -> bool:
    return data.get("custom_id") == STORYBOARD


def came_with(data: Mapping[str, Any], catalogue: Catalogue) -> CameWith:
    """Raises `UserError`, `InvalidImage`."""
    fields = {node["custom_id"]: node for node in _fields(data.get("components", ()))}
    files = data.get("resolved", {}).get("attachments", {})
    uploaded = [files[number] for number in fields.get("pictures", {}).get("values", ())]
    seconds = str(fields.get("seconds", {}).get("value") or "").strip()
    chosen = fields.get("transition", {}).get("values") or [None]
    if chosen[0] not in (None, *Transition):
        raise UserError(catalogue.say("discord.answer.outdated"))
    return CameWith(
        tuple(pictures.of_upload(file, catalogue) for file in uploaded),
        str(fields.get("scenes", {}).get("value") or ""),
        number_of(seconds, catalogue) if seconds else None,
        chosen[0],
    )


def _fields(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for node in nodes:
        if "custom_id" in node:
            yield node
        if "component" in node:
            yield from _fields([node["component"]])
        yield from _fields(node.get("components", ()))


def _transitions(catalogue: Catalogue) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=catalogue.say(f"discord.transition.{one}"),
            value=one.value,
            default=one is Transition.CUT,
        )
        for one in Transition
    ]
    return ui.Select(custom_id="transition", options=options, required=False, min_values=0)
