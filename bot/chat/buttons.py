"""What a button says to us when it is pressed, on every platform and after every restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.submission.digests import Remake
from generation.errors import UnsupportedOption


class Verb(StrEnum):
    """`delete` asks, `erase` and `keep` are what can be answered.

    `mark`, `unmark` and `show` are for a clip that only its owner sees; `notify` is for who waits
    where others write too; `scene` makes the scene again that a film goes on without. `pick1` and
    so on show another variation in the place of this one.
    """

    CANCEL = "cancel"
    REROLL = "reroll"
    EDIT = "edit"
    EXTEND = "extend"
    LOOP = "loop"
    BOOMERANG = "boomerang"
    MORE = "more"
    LESS = "less"
    UPSCALE = "upscale"
    FULL = "full"
    SCENE = "scene"
    RECIPE = "recipe"
    DELETE = "delete"
    ERASE = "erase"
    KEEP = "keep"
    MARK = "mark"
    UNMARK = "unmark"
    SHOW = "show"
    NOTIFY = "notify"
    PICK_1 = "pick1"
    PICK_2 = "pick2"
    PICK_3 = "pick3"
    PICK_4 = "pick4"


SURE = frozenset({Verb.ERASE, Verb.KEEP})
"""What stands under a clip while somebody is asked whether it shall go."""

PICKS = (Verb.PICK_1, Verb.PICK_2, Verb.PICK_3, Verb.PICK_4)
"""Of the variations, in their order."""


@dataclass(frozen=True, slots=True)
class Pressed:
    verb: Verb
    job_id: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """A button of another version, or none of ours: it is answered with a sentence."""


BUTTON = re.compile(rf"v1\|(?P<verb>{'|'.join(Verb)})\|(?P<id>video_[a-z2-7]{{18}})", re.ASCII)


def button(verb: Verb, job_id: str) -> str:
    """`v1|verb|id`: at most 40 bytes, where Telegram takes 64 and Discord 100."""
    return f"v1|{verb}|{job_id}"


def parse_button(text: str) -> Pressed | Outdated:
    found = BUTTON.fullmatch(text)
    if found is None:
        return Outdated()
    return Pressed(Verb(found["verb"]), found["id"])


def remake_of(verb: Verb) -> Remake:
    """What a button makes of its clip; raises `UnsupportedOption` for one that makes nothing."""
    match verb:
        case Verb.REROLL | Verb.EDIT:
            return Remake.REMIX
        case Verb.MORE:
            return Remake.MORE_MOTION
        case Verb.LESS:
            return Remake.LESS_MOTION
        case Verb.EXTEND | Verb.LOOP | Verb.BOOMERANG | Verb.UPSCALE | Verb.FULL | Verb.SCENE:
            return Remake(verb.value)
        case (
            Verb.CANCEL
            | Verb.RECIPE
            | Verb.DELETE
            | Verb.ERASE
            | Verb.KEEP
            | Verb.MARK
            | Verb.UNMARK
            | Verb.SHOW
            | Verb.NOTIFY
            | Verb.PICK_1
            | Verb.PICK_2
            | Verb.PICK_3
            | Verb.PICK_4
        ):
            raise UnsupportedOption("no_new_clip", "verb")
