"""The panel under a bare picture: what is chosen stands on its buttons, the first one begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.language.catalogue import Catalogue
from generation.directions.vocabulary import Effect, Motion


class ClipShape(StrEnum):
    PICTURE = "picture"
    WIDE = "wide"
    TALL = "tall"
    SQUARE = "square"


ASPECTS = {ClipShape.WIDE: (16, 9), ClipShape.TALL: (9, 16), ClipShape.SQUARE: (1, 1)}

USUAL = "auto"
LENGTHS = (USUAL, "2", "4", "6", "10")
"""Seconds, or as long as clips are where nobody says anything."""


@dataclass(frozen=True, slots=True)
class PanelChoice:
    """`zoom-in.rain.4.wide` as it stands in a button and in the database."""

    motion: Motion = Motion.AUTO
    effect: Effect = Effect.AUTO
    seconds: str = USUAL
    shape: ClipShape = ClipShape.PICTURE

    def __str__(self) -> str:
        return f"{self.motion}.{self.effect}.{self.seconds}.{self.shape}"

    @classmethod
    def read(cls, text: str) -> PanelChoice | None:
        """`None` for one of another version."""
        parts = text.split(".")
        if len(parts) != 4 or parts[2] not in LENGTHS:
            return None
        try:
            return cls(Motion(parts[0]), Effect(parts[1]), parts[2], ClipShape(parts[3]))
        except ValueError:
            return None


class PanelView(StrEnum):
    """Everything that can be chosen, or the values of one option."""

    ALL = "all"
    MOTION = "motion"
    EFFECT = "effect"
    SECONDS = "seconds"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class PanelTurned:
    """Somebody wants to see this of the panel, with this chosen."""

    view: PanelView
    choice: PanelChoice


@dataclass(frozen=True, slots=True)
class PanelBegun:
    """Somebody wants a clip."""

    choice: PanelChoice


PANEL = re.compile(r"v1\|panel\|(?P<view>[a-z]{1,9})\|(?P<choice>[a-z0-9.-]{1,44})", re.ASCII)
BEGIN = re.compile(r"v1\|begin\|(?P<choice>[a-z0-9.-]{1,44})", re.ASCII)
WISH = re.compile(r"v1\|wish\|(?P<option>[a-z]{1,9})\|(?P<value>[a-z0-9-]{0,20})", re.ASCII)
"""What a button said whose tap began at once, as they were before there were panels."""


def parse_panel(data: str) -> PanelTurned | PanelBegun | None:
    if found := BEGIN.fullmatch(data):
        choice = PanelChoice.read(found["choice"])
        return PanelBegun(choice) if choice is not None else None
    if found := PANEL.fullmatch(data):
        choice = PanelChoice.read(found["choice"])
        known = found["view"] in list(PanelView)
        return PanelTurned(PanelView(found["view"]), choice) if choice and known else None
    if found := WISH.fullmatch(data):
        return _of_wish(found["option"], found["value"])
    return None


def _of_wish(option: str, value: str) -> PanelTurned | PanelBegun | None:
    if option == "any":
        return PanelBegun(PanelChoice())
    if option == "size":
        option = PanelView.SHAPE
        value = value and _shape_of(value)
    if option not in list(PanelView):
        return None
    if not value:
        return PanelTurned(PanelView(option), PanelChoice())
    parts = {"motion": USUAL, "effect": USUAL, "seconds": USUAL, "shape": ClipShape.PICTURE}
    choice = PanelChoice.read(".".join((parts | {option: value}).values()))
    return PanelBegun(choice) if choice is not None else None


def _shape_of(size: str) -> str:
    width, _, height = size.partition("x")
    if width == height:
        return ClipShape.SQUARE
    return ClipShape.WIDE if len(width) > len(height) or width > height else ClipShape.TALL


def panel(view: PanelView, choice: PanelChoice, catalogue: Catalogue) -> InlineKeyboardMarkup:
    """One tap begins, whatever is shown."""
    begin = Button(catalogue.say("telegram.wish.begin"), callback_data=f"v1|begin|{choice}")
    if view is PanelView.ALL:
        options = [_option(one, choice, catalogue) for one in PanelView if one is not PanelView.ALL]
        return InlineKeyboardMarkup([[begin], *_rows(options)])
    values = [_value(view, value, choice, catalogue) for value in _values(view)]
    back = Button(catalogue.say("telegram.wish.back"), callback_data=_data(PanelView.ALL, choice))
    return InlineKeyboardMarkup([[begin], *_rows(values), [back]])


def _option(view: PanelView, choice: PanelChoice, catalogue: Catalogue) -> Button:
    said = _said(view, str(getattr(choice, view)), catalogue)
    label = catalogue.say(f"telegram.wish.{view}", value=said)
    return Button(label, callback_data=_data(view, choice))


def _value(view: PanelView, value: str, choice: PanelChoice, catalogue: Catalogue) -> Button:
    mark = "✓ " if value == str(getattr(choice, view)) else ""
    other = _with(choice, view, value)
    label = f"{mark}{_said(view, value, catalogue)}"
    return Button(label, callback_data=_data(PanelView.ALL, other))


def _values(view: PanelView) -> Sequence[str]:
    match view:
        case PanelView.MOTION:
            return list(Motion)
        case PanelView.EFFECT:
            return list(Effect)
        case PanelView.SECONDS:
            return LENGTHS
        case PanelView.SHAPE:
            return list(ClipShape)
        case PanelView.ALL:
            return ()


def _with(choice: PanelChoice, view: PanelView, value: str) -> PanelChoice:
    match view:
        case PanelView.MOTION:
            return replace(choice, motion=Motion(value))
        case PanelView.EFFECT:
            return replace(choice, effect=Effect(value))
        case PanelView.SECONDS:
            return replace(choice, seconds=value)
        case PanelView.SHAPE:
            return replace(choice, shape=ClipShape(value))
        case PanelView.ALL:
            return choice


def _said(view: PanelView, value: str, catalogue: Catalogue) -> str:
    match view:
        case PanelView.MOTION | PanelView.EFFECT:
            return catalogue.say(f"directions.{view}.{value}")
        case PanelView.SHAPE:
            return catalogue.say(f"telegram.shape.{value}")
        case PanelView.SECONDS | PanelView.ALL:
            if value == USUAL:
                return catalogue.say("telegram.wish.usual")
            return catalogue.say("chat.label.seconds", seconds=int(value))


def _data(view: PanelView, choice: PanelChoice) -> str:
    return f"v1|panel|{view}|{choice}"


def _rows(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
