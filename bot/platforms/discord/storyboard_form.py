"""The form that asks for a film: its look, and what came back, today or after a restart."""

from __future__ import annotations

import re
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
from bot.submission.scenes import MOST_SCENES
from generation.media.joining.film import Transition

STORYBOARD = "v1|form|storyboard"
AGAIN = re.compile(rf"{re.escape(STORYBOARD)}(\|(?P<number>\d{{1,20}}))?", re.ASCII)
"""With the number of the interaction whose pictures it goes on from."""

MOST_TEXT = 4000
"""Characters that Discord takes in one field."""


@dataclass(frozen=True, slots=True)
class CameWith:
    """What was typed, and what it says."""

    scenes: str
    seconds: float | None
    transition: str | None


@dataclass(frozen=True, slots=True)
class KeptPictures:
    """Those that came with the interaction of this number: a form cannot begin with files."""

    number: int
    count: int


def storyboard_form(
    catalogue: Catalogue, begin: Mapping[str, str], kept: KeptPictures | None = None
) -> ui.Modal:
    """It begins with what was already said: in the command, or in a form that was refused."""
    custom_id = STORYBOARD if kept is None else f"{STORYBOARD}|{kept.number}"
    modal = ui.Modal(title=catalogue.say("discord.form.film"), timeout=None, custom_id=custom_id)
    items: dict[str, ui.Item[Any]] = {
        "film_pictures": _upload(required=kept is None),
        "film_scenes": ui.TextInput(
            custom_id="scenes",
            style=discord.TextStyle.paragraph,
            default=begin.get("scenes") or None,
            placeholder=catalogue.say("discord.storyboard.placeholder"),
            required=False,
            max_length=MOST_TEXT,
        ),
        "film_seconds": ui.TextInput(
            custom_id="seconds",
            default=begin.get("seconds") or None,
            required=False,
            max_length=6,
        ),
        "film_transition": _transitions(catalogue, begin.get("transition")),
    }
    said = {name: catalogue.say(f"discord.form.{name}") for name in items}
    if kept is not None:
        said["film_pictures"] = catalogue.say("discord.form.film_kept", count=kept.count)
    for name, item in items.items():
        modal.add_item(ui.Label(text=said[name], component=item))
    modal.stop()  # nobody waits for it: whatever it came back with is read from the interaction
    return modal


def is_storyboard(data: Mapping[str, Any]) -> bool:
    return AGAIN.fullmatch(str(data.get("custom_id"))) is not None


def goes_on_from(data: Mapping[str, Any]) -> int | None:
    """The interaction whose pictures count where no other ones came."""
    found = AGAIN.fullmatch(str(data.get("custom_id")))
    return int(found["number"]) if found and found["number"] else None


def typed_into(data: Mapping[str, Any]) -> dict[str, str]:
    """Everything but the pictures, as it was left."""
    nodes = {node["custom_id"]: node for node in _fields(data.get("components", ()))}
    typed = {name: str(nodes.get(name, {}).get("value") or "") for name in ("scenes", "seconds")}
    chosen = nodes.get("transition", {}).get("values") or ()
    return typed | ({"transition": str(chosen[0])} if chosen else {})


def uploaded_into(data: Mapping[str, Any], catalogue: Catalogue) -> tuple[Source, ...]:
    """The pictures of the first scenes, in their order; raises `UserError`, `InvalidImage`."""
    nodes = {node["custom_id"]: node for node in _fields(data.get("components", ()))}
    files = data.get("resolved", {}).get("attachments", {})
    uploaded = [files[number] for number in nodes.get("pictures", {}).get("values", ())]
    return tuple(pictures.of_upload(file, catalogue) for file in uploaded)


def came_with(typed: Mapping[str, str], catalogue: Catalogue) -> CameWith:
    """Raises `UserError`."""
    seconds, transition = typed["seconds"].strip(), typed.get("transition")
    if transition not in (None, *Transition):
        raise UserError(catalogue.say("discord.answer.outdated"))
    return CameWith(typed["scenes"], number_of(seconds, catalogue) if seconds else None, transition)


def _fields(nodes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for node in nodes:
        if "custom_id" in node:
            yield node
        if "component" in node:
            yield from _fields([node["component"]])
        yield from _fields(node.get("components", ()))


def _upload(*, required: bool) -> ui.FileUpload[Any]:
    return ui.FileUpload(
        custom_id="pictures", min_values=int(required), max_values=MOST_SCENES, required=required
    )


def _transitions(catalogue: Catalogue, chosen: str | None) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=catalogue.say(f"discord.transition.{one}"),
            value=one.value,
            default=one == (chosen or Transition.CUT),
        )
        for one in Transition
    ]
    return ui.Select(custom_id="transition", options=options, required=False, min_values=0)
