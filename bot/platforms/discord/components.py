"""The buttons and lists under a message: their look here, what they do in `button_handlers`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.chat.buttons import BUTTON, PICKS, Pressed, Verb, button
from bot.language.catalogue import Catalogue

ORDER = (
    Verb.CANCEL,
    Verb.NOTIFY,
    Verb.FULL,
    Verb.SCENE,
    *PICKS,
    Verb.REROLL,
    Verb.EDIT,
    Verb.EXTEND,
    Verb.LOOP,
    Verb.BOOMERANG,
    Verb.MORE,
    Verb.LESS,
    Verb.UPSCALE,
    Verb.RECIPE,
    Verb.MARK,
    Verb.UNMARK,
    Verb.SHOW,
    Verb.DELETE,
    Verb.ERASE,
    Verb.KEEP,
)
LOOK = {
    Verb.FULL: discord.ButtonStyle.success,
    Verb.SCENE: discord.ButtonStyle.primary,
    Verb.REROLL: discord.ButtonStyle.primary,
    Verb.DELETE: discord.ButtonStyle.danger,
    Verb.ERASE: discord.ButtonStyle.danger,
}
"""Of the verbs that are not plain."""

CHOICE = "v1|videos"
"""What a choice of an earlier clip says; its value is the clip's id."""

OPTION = 100
"""Characters of a choice's label."""

FORGET = re.compile(r"v1\|forget\|(?P<answer>yes|no)", re.ASCII)
"""The answer to `/forget`, in a message that only whoever asked sees."""

PAGE = re.compile(r"v1\|page\|(?P<which>all|marked)\|(?P<first>[0-9]{1,6})", re.ASCII)
"""What turns a page of earlier clips: which are meant, and how many are before."""

SURE = re.compile(
    r"v1\|(?P<answer>erase|keep)\|(?P<job>video_[a-z2-7]{18})\|(?P<message>[0-9]{1,20})", re.ASCII
)
"""The answer to Delete, in a message that only whoever pressed sees; `message` shows the clip."""

AGAIN = re.compile(r"v1\|again\|(?P<number>[0-9]{1,20})", re.ASCII)
"""Beside a refusal: the form that was refused shall open as it was."""

KNOWN = "|".join(
    one.replace("?P<answer>", "?:")
    for one in (
        BUTTON.pattern,
        re.escape(CHOICE),
        FORGET.pattern,
        PAGE.pattern,
        SURE.pattern,
        AGAIN.pattern,
    )
)
OTHERS = re.compile(rf"(?!(?:{KNOWN})$)[\s\S]*", re.ASCII)


class ClipButton(ui.DynamicItem[ui.Button[ui.View]], template=BUTTON):
    """One verb for one clip; made anew from what it says each time somebody presses it."""

    def __init__(self, pressed: Pressed, label: str = "") -> None:
        self.pressed = pressed
        super().__init__(
            ui.Button(
                label=label or pressed.verb,
                style=LOOK.get(pressed.verb, discord.ButtonStyle.secondary),
                custom_id=button(pressed.verb, pressed.job_id),
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Pressed(Verb(match["verb"]), match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.button_handlers.press(interaction, self.pressed)


class ClipChoice(ui.DynamicItem[ui.Select[ui.View]], template=re.escape(CHOICE)):
    """An earlier clip to be shown again."""

    def __init__(self, placeholder: str = "", options: Sequence[discord.SelectOption] = ()) -> None:
        super().__init__(
            ui.Select(custom_id=CHOICE, placeholder=placeholder, options=list(options))
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.button_handlers.gallery.choose(interaction, self.item.values[0])


class ForgetButton(ui.DynamicItem[ui.Button[ui.View]], template=FORGET):
    """Whether everything about somebody shall go."""

    def __init__(self, answer: str, label: str = "") -> None:
        self.answer = answer
        look = discord.ButtonStyle.danger if answer == "yes" else discord.ButtonStyle.secondary
        super().__init__(
            ui.Button(label=label or answer, style=look, custom_id=f"v1|forget|{answer}")
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["answer"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.button_handlers.forget(interaction, sure=self.answer == "yes")


@dataclass(frozen=True, slots=True)
class Sure:
    """Whether a clip shall go, and the message that was pressed in."""

    sure: bool
    job_id: str
    message: int

    @property
    def custom_id(self) -> str:
        return f"v1|{'erase' if self.sure else 'keep'}|{self.job_id}|{self.message}"


class SureButton(ui.DynamicItem[ui.Button[ui.View]], template=SURE):
    """Whether a clip shall go."""

    def __init__(self, answer: Sure, label: str = "") -> None:
        self.answer = answer
        look = discord.ButtonStyle.danger if answer.sure else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label or "?", style=look, custom_id=answer.custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Sure(match["answer"] == "erase", match["job"], int(match["message"])))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.button_handlers.deletions.answered(interaction, self.answer)


class AgainButton(ui.DynamicItem[ui.Button[ui.View]], template=AGAIN):
    """The form that the interaction of this number came back from, with what was typed into it."""

    def __init__(self, number: int, label: str = "") -> None:
        self.number = number
        look = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label or "…", style=look, custom_id=f"v1|again|{number}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.button_handlers.forms.reopen(interaction, self.number)


class OldButton(ui.DynamicItem[ui.Button[ui.View]], template=OTHERS):
    """Whatever else is pressed: a button of another version gets an answer too."""

    def __init__(self, custom_id: str) -> None:
        super().__init__(ui.Button(custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match.string)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.button_handlers.outdated(interaction)


def job_of(message: discord.Message) -> str | None:
    """The clip that a message of ours is about, by its buttons."""
    for row in message.components:
        for child in row.children if isinstance(row, discord.ActionRow) else ():
            found = BUTTON.fullmatch(child.custom_id or "")
            if found is not None:
                return found["id"]
    return None


def controls(job_id: str, verbs: Collection[Verb], catalogue: Catalogue) -> ui.View:
    """Buttons for these verbs, always in the same order."""
    view = ui.View(timeout=None)
    for verb in ORDER:
        if verb in verbs:
            label = catalogue.say(f"chat.button.{verb}")
            view.add_item(ClipButton(Pressed(verb, job_id), label))
    return view


def sure_to_delete(job_id: str, message: int, catalogue: Catalogue) -> ui.View:
    view = ui.View(timeout=None)
    for sure, verb in ((True, Verb.ERASE), (False, Verb.KEEP)):
        answer = Sure(sure, job_id, message)
        view.add_item(SureButton(answer, catalogue.say(f"chat.button.{verb}")))
    return view


def edit_again(number: int, label: str) -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(AgainButton(number, label))
    return view


def sure_to_forget(catalogue: Catalogue) -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(ForgetButton("yes", catalogue.say("chat.button.erase")))
    view.add_item(ForgetButton("no", catalogue.say("chat.button.keep")))
    return view
