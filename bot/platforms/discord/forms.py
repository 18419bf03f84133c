"""The forms that ask for options: their look, and what came back, today or after a restart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import discord
from discord import ui

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.discord.pictures import Source
from bot.submission.intake import MAX_PROMPT
from bot.submission.options import Options
from generation.adapter import Adapter
from generation.directions.vocabulary import Effect, Motion

PICTURES = 25
"""Options a choice may have."""

FORM = re.compile(
    r"v1\|form\|(edit\|(?P<job>video_[a-z2-7]{18})|picture\|(?P<number>\d{1,20}))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class EditForm:
    """How a clip should be instead."""

    job_id: str

    @property
    def custom_id(self) -> str:
        return f"v1|form|edit|{self.job_id}"


@dataclass(frozen=True, slots=True)
class PictureForm:
    """What should happen to a picture; `number` is the interaction that was answered with it."""

    number: int

    @property
    def custom_id(self) -> str:
        return f"v1|form|picture|{self.number}"


@dataclass(frozen=True, slots=True)
class Offered:
    """The pictures a form lets choose from, and the message they are from."""

    sources: tuple[Source, ...]
    source: int | None = None


OFFERED: Adapter[Offered] = Adapter(Offered)

Kind = TypeVar("Kind", Motion, Effect)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form came back with; a field that was left alone is not there."""

    form: EditForm | PictureForm
    fields: Mapping[str, str]

    @property
    def pictures(self) -> list[int]:
        """The numbers of those that were chosen, of which each becomes a clip."""
        return [int(one) for one in self.fields.get("picture", "0").split(",")]

    def options(self, begin: Options, catalogue: Catalogue) -> Options:
        """`begin` with what was changed; raises `UserError`."""
        options = replace(
            begin,
            prompt=self.fields.get("prompt", ""),
            motion=_kind(Motion, self.fields.get("motion"), begin.motion, catalogue),
            effect=_kind(Effect, self.fields.get("effect"), begin.effect, catalogue),
        )
        length = self.fields.get("seconds", "").strip()
        if length == _length(begin):
            return options
        seconds = number_of(length, catalogue) if length else None
        return replace(options, seconds=seconds, num_frames=None)


def filled(data: Mapping[str, Any]) -> Filled | None:
    """`None` for a form of another version."""
    form = form_of(str(data.get("custom_id")))
    if form is None:
        return None
    return Filled(form, dict(_fields(data.get("components", ()))))


def form_of(custom_id: str) -> EditForm | PictureForm | None:
    found = FORM.fullmatch(custom_id)
    if found is None:
        return None
    return EditForm(found["job"]) if found["job"] else PictureForm(int(found["number"]))


def options_form(
    form: EditForm | PictureForm,
    catalogue: Catalogue,
    begin: Mapping[str, str],
    offered: Collection[StrEnum],
    sources: Sequence[Source] = (),
) -> ui.Modal:
    """It begins with what stands in its fields; with one picture there is no choice of pictures.

    `offered` are motions and effects to choose from.
    """
    modal = ui.Modal(
        title=catalogue.say("discord.form.title"), timeout=None, custom_id=form.custom_id
    )
    items: dict[str, ui.Item[Any]] = {}
    if len(sources) > 1:
        items["picture"] = _pictures(sources, begin.get("picture", "0").split(","))
    items["prompt"] = _prompt(catalogue, begin.get("prompt"))
    for name, every in (("motion", Motion), ("effect", Effect)):
        kinds = [one for one in every if one in offered]
        if len(kinds) > 1:
            items[name] = _choices(catalogue, name, kinds, begin.get(name))
    items["seconds"] = ui.TextInput(
        custom_id="seconds", default=begin.get("seconds") or None, required=False, max_length=6
    )
    for name, item in items.items():
        modal.add_item(ui.Label(text=catalogue.say(f"discord.form.{name}"), component=item))
    modal.stop()  # nobody waits for it: whatever it came back with is read from the interaction
    return modal


def fields_of(options: Options) -> dict[str, str]:
    """What a form says of these options."""
    motion, effect = options.motion.value, options.effect.value
    length = _length(options)
    return {"prompt": options.prompt, "motion": motion, "effect": effect, "seconds": length}


def _fields(nodes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        inner = [*node.get("components", ()), *([node["component"]] if "component" in node else ())]
        yield from _fields(inner)
        if "value" in node:
            yield node["custom_id"], str(node["value"] or "")
        elif node.get("values"):
            yield node["custom_id"], ",".join(map(str, node["values"]))


def _kind(kinds: type[Kind], value: str | None, begin: Kind, catalogue: Catalogue) -> Kind:
    if value is None:
        return begin
    try:
        return kinds(value)
    except ValueError:
        raise UserError(catalogue.say("discord.answer.outdated")) from None


def number_of(text: str, catalogue: Catalogue) -> float:
    """Raises `UserError`; a comma is how half of the world writes a point."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise UserError(catalogue.say("discord.form.not_a_number")) from None


def _length(options: Options) -> str:
    """In seconds, as the form begins with it; empty where it was left to us."""
    if options.num_frames is None or options.fps is None:
        return ""
    return f"{options.num_frames / options.fps:.1f}"


def _prompt(catalogue: Catalogue, begin: str | None) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id="prompt",
        style=discord.TextStyle.paragraph,
        default=begin or None,
        placeholder=catalogue.say("discord.form.example"),
        required=False,
        max_length=MAX_PROMPT,
    )


def _choices(
    catalogue: Catalogue, name: str, kinds: Sequence[StrEnum], chosen: str | None
) -> ui.Select[Any]:
    choices = [
        discord.SelectOption(
            label=catalogue.say(f"directions.{name}.{one}"), value=one.value, default=one == chosen
        )
        for one in kinds
    ]
    return ui.Select(custom_id=name, options=choices, required=False, min_values=0)


def _pictures(sources: Sequence[Source], chosen: Collection[str]) -> ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=f"{number + 1}. {source.name}"[:100],
            value=str(number),
            default=str(number) in chosen,
        )
        for number, source in enumerate(sources[:PICTURES])
    ]
    return ui.Select(
        custom_id="picture",
        options=options,
        required=False,
        min_values=0,
        max_values=len(options),
    )
