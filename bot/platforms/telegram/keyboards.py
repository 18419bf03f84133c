"""The buttons under a message: their look here, what they do in `button_handlers`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.chat.buttons import Verb, button
from bot.chat.clip_list import ListedClip
from bot.language.catalogue import Catalogue
from generation.directions.vocabulary import Effect, Motion

ROWS = (
    (Verb.CANCEL,),
    (Verb.REROLL, Verb.EDIT),
    (Verb.EXTEND, Verb.LOOP),
    (Verb.RECIPE, Verb.DELETE),
    (Verb.ERASE, Verb.KEEP),
)
SUGGESTED = (Motion.ZOOM_IN, Motion.PAN_RIGHT, Motion.ORBIT_LEFT, Motion.HANDHELD)
WEATHER = (Effect.RAIN, Effect.SNOW, Effect.SUNSET, Effect.NIGHT)
LENGTHS = (2, 4, 6, 10)
SIZES = ("704x480", "480x704", "512x512", "1024x576")
PANELS = ("motion", "effect", "seconds", "size")
FORGET = "v1|forget"
"""What an answer to `/forget` says: `v1|forget|yes|55`, with whose it is to give."""

PAGE = "v1|videos"
"""What turns the list of earlier clips: `v1|videos|10` begins after ten."""

SUGGESTION = "v1|wish"
"""What a suggestion says: `v1|wish|motion|zoom-in`; without a value it opens the choice."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """`value` is empty where only the choice is to be opened."""

    option: str
    value: str


def parse_suggestion(data: str) -> Suggested | None:
    prefix, _, rest = data.rpartition(SUGGESTION + "|")
    option, _, value = rest.partition("|")
    if prefix or not data.startswith(SUGGESTION) or option not in (*PANELS, "any"):
        return None
    return Suggested(option, value)


def controls(job_id: str, verbs: Collection[Verb], catalogue: Catalogue) -> InlineKeyboardMarkup:
    """Buttons for these verbs, always in the same order."""
    rows = [
        [
            Button(catalogue.say(f"chat.button.{verb}"), callback_data=button(verb, job_id))
            for verb in row
            if verb in verbs
        ]
        for row in ROWS
    ]
    return InlineKeyboardMarkup([row for row in rows if row])


def sure_to_forget(user: str, catalogue: Catalogue) -> InlineKeyboardMarkup:
    """Whether everything about a user shall go."""
    return InlineKeyboardMarkup(
        [
            [
                Button(
                    catalogue.say(f"chat.button.{verb}"), callback_data=f"{FORGET}|{answer}|{user}"
                )
                for verb, answer in ((Verb.ERASE, "yes"), (Verb.KEEP, "no"))
            ]
        ]
    )


def suggestions(catalogue: Catalogue) -> InlineKeyboardMarkup:
    """What can be made of a picture by one tap, and what by two."""
    go = Button(catalogue.say("telegram.wish.any"), callback_data=f"{SUGGESTION}|any|")
    motions = [_choice(catalogue, "motion", one) for one in SUGGESTED]
    effects = [_choice(catalogue, "effect", one) for one in WEATHER]
    more = [
        Button(catalogue.say(f"telegram.wish.{option}"), callback_data=f"{SUGGESTION}|{option}|")
        for option in PANELS
    ]
    return InlineKeyboardMarkup([[go], motions[:2], motions[2:], effects, more[:2], more[2:]])


def choices(catalogue: Catalogue, option: str) -> InlineKeyboardMarkup:
    """Every value of one option; a tap on one begins."""
    match option:
        case "motion":
            buttons = [_choice(catalogue, option, one) for one in Motion if one is not Motion.AUTO]
        case "effect":
            buttons = [_choice(catalogue, option, one) for one in Effect if one is not Effect.AUTO]
        case "seconds":
            buttons = [
                _labelled(catalogue.say("chat.label.seconds", seconds=one), option, str(one))
                for one in LENGTHS
            ]
        case _:
            buttons = [_labelled(catalogue.written(one, "pixels"), option, one) for one in SIZES]
    return InlineKeyboardMarkup(_rows(buttons, 2))


def videos(
    clips: Sequence[ListedClip], catalogue: Catalogue, *, newer: int | None, older: int | None
) -> InlineKeyboardMarkup:
    """A button for each earlier clip, and for the parts of the list beside this one."""
    rows = [[Button(clip.prompt, callback_data=f"v1|video|{clip.job_id}")] for clip in clips]
    pages = [
        Button(catalogue.say(f"telegram.videos.{name}"), callback_data=f"{PAGE}|{first}")
        for name, first in (("newer", newer), ("older", older))
        if first is not None
    ]
    return InlineKeyboardMarkup([*rows, pages] if pages else rows)


def _choice(catalogue: Catalogue, option: str, value: Motion | Effect) -> Button:
    return _labelled(catalogue.say(f"directions.{option}.{value}"), option, value)


def _labelled(label: str, option: str, value: str) -> Button:
    return Button(label, callback_data=f"{SUGGESTION}|{option}|{value}")


def _rows(buttons: Sequence[Button], width: int) -> list[Sequence[Button]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]
