"""The look of `/videos`: a picture beside each clip, a choice of them, the pages beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import discord
from discord import ui

from bot.chat.clip_list import ClipPage, ListedClip
from bot.language.catalogue import Catalogue
from bot.platforms.discord.components import OPTION, PAGE, ClipChoice
from bot.platforms.discord.formatting import escape, moment


class PageButton(ui.DynamicItem[ui.Button[ui.View]], template=PAGE):
    """Another page, or another selection, in place."""

    def __init__(self, which: str, first: int, label: str = "") -> None:
        self.marked, self.first = which == "marked", first
        custom_id = f"v1|page|{which}|{first}"
        super().__init__(ui.Button(label=label or which, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["which"], int(match["first"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        gallery = interaction.client.button_handlers.gallery
        await gallery.turn(interaction, marked=self.marked, first=self.first)


def layout(
    page: ClipPage, catalogue: Catalogue, pictures: Mapping[str, discord.File], covered: set[str]
) -> ui.LayoutView:
    """`pictures` are by the clips' ids, as far as there are any; `covered` are the spoilers."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(catalogue.say("chat.videos.yours", count=page.count)))
    for clip in page.clips:
        text: ui.TextDisplay[Any] = ui.TextDisplay(_line(clip, catalogue))
        picture = pictures.get(clip.job_id)
        if picture is None:
            view.add_item(text)
            continue
        shown: ui.Thumbnail[Any] = ui.Thumbnail(picture, spoiler=clip.job_id in covered)
        view.add_item(ui.Section(text, accessory=shown))
    options = [_option(clip, catalogue) for clip in page.clips]
    view.add_item(ui.ActionRow(ClipChoice(catalogue.say("chat.videos.choose"), options)))
    pages = _pages(page, catalogue)
    if pages:
        view.add_item(ui.ActionRow(*pages))
    return view


def _line(clip: ListedClip, catalogue: Catalogue) -> str:
    length = catalogue.say("chat.label.seconds", seconds=clip.seconds)
    return f"{escape(clip.prompt)}\n-# {length} · {moment(clip.made_at)}"


def _option(clip: ListedClip, catalogue: Catalogue) -> discord.SelectOption:
    length = catalogue.say("chat.label.seconds", seconds=clip.seconds)
    made = f"{clip.made_at:%Y-%m-%d %H:%M} UTC · {length}"
    return discord.SelectOption(label=clip.prompt[:OPTION], value=clip.job_id, description=made)


def _pages(page: ClipPage, catalogue: Catalogue) -> list[PageButton]:
    which = "marked" if page.marked else "all"
    buttons = [
        PageButton(which, first, catalogue.say(f"chat.videos.{name}"))
        for name, first in (("newer", page.newer), ("older", page.older))
        if first is not None
    ]
    if page.marked:
        return [*buttons, PageButton("all", 0, catalogue.say("chat.videos.all"))]
    if page.any_marked:
        return [*buttons, PageButton("marked", 0, catalogue.say("chat.videos.marked"))]
    return buttons
