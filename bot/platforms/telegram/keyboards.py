"""The buttons under a message: their look here, what they do in `button_handlers`."""

from __future__ import annotations

from collections.abc import Collection

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.chat.buttons import PICKS, Verb, button
from bot.chat.clip_list import ClipPage
from bot.language.catalogue import Catalogue

ROWS = (
    (Verb.CANCEL,),
    (Verb.FULL,),
    (Verb.SCENE,),
    PICKS,
    (Verb.REROLL, Verb.EDIT),
    (Verb.EXTEND, Verb.UPSCALE),
    (Verb.LOOP, Verb.BOOMERANG),
    (Verb.MORE, Verb.LESS),
    (Verb.MARK, Verb.UNMARK),
    (Verb.RECIPE, Verb.DELETE),
    (Verb.ERASE, Verb.KEEP),
)
FORGET = "v1|forget"
"""What an answer to `/forget` says: `v1|forget|yes|55`, with whose it is to give."""

PAGE = "v1|videos"
"""What turns the list of earlier clips: `v1|videos|55|10` is that of 55, and begins after ten."""


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


def videos(page: ClipPage, owner: str, catalogue: Catalogue) -> InlineKeyboardMarkup:
    """A button for each earlier clip, and for the parts of the list beside this one."""
    rows = [[Button(clip.prompt, callback_data=f"v1|video|{clip.job_id}")] for clip in page.clips]
    pages = [
        Button(catalogue.say(f"chat.videos.{name}"), callback_data=f"{PAGE}|{owner}|{first}")
        for name, first in (("newer", page.newer), ("older", page.older))
        if first is not None
    ]
    return InlineKeyboardMarkup([*rows, pages] if pages else rows)
