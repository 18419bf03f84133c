"""What a message says, shows and lets people press, before it is known which way it goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from discord import ui

from bot.desk import Desk
from bot.platforms.discord.address import Address
from bot.platforms.discord.controls import controls
from bot.texts import Texts
from bot.wording import MESSAGE, Voice, ending, status
from generation.events import Cancelled, Failed, Outcome, Running, Succeeded, Waiting
from generation.jobs import Job

ROOM = 300
"""Characters left for what a way adds: a mention, why it comes directly, that it is too large."""


@dataclass(frozen=True, slots=True)
class NoPicture:
    """The message shows none; one that was there goes away."""


@dataclass(frozen=True, slots=True)
class SamePicture:
    """Whatever the message shows stays."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A JPEG of what the model has in mind."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Video:
    """The MP4 at `path`; `hidden` behind a spoiler where it was not made for this place."""

    path: Path
    hidden: bool = False


Shows = NoPicture | SamePicture | Preview | Video


@dataclass(frozen=True, slots=True)
class Letter:
    """`mentions` is the one person whom the message may ring for."""

    text: str
    view: ui.View
    shows: Shows = NoPicture()
    mentions: int | None = None


class Letters:
    def __init__(self, desk: Desk, texts: Texts, voice: Voice) -> None:
        self._desk = desk
        self._texts = texts
        self._voice = voice

    def status(
        self, job: Job, address: Address, event: Waiting | Running, *, resumed: bool, now: float
    ) -> Letter:
        """The place in line or the progress, and a way out; `now` in epoch seconds."""
        catalogue = self._texts.of(address.locale)
        text = status(catalogue, self._voice, job, event, resumed=resumed)
        if outlives(address, event, now):
            text = f"{text}\n{catalogue.say('discord.waiting.sent_directly')}"
        preview = event.preview if isinstance(event, Running) else None
        shows = Preview(preview) if preview is not None else SamePicture()
        return Letter(text, controls(job.id, self._desk.verbs(job), catalogue), shows)

    def ending(self, job: Job, address: Address, outcome: Outcome) -> Letter:
        """What the person is told at the end, and what they can do next."""
        catalogue = self._texts.of(address.locale)
        text = ending(catalogue, self._voice, job, outcome, limit=MESSAGE - ROOM)
        view = controls(job.id, self._desk.verbs(job), catalogue)
        match outcome:
            case Succeeded(clip):
                return Letter(text, view, Video(clip.path))
            case Failed() | Cancelled():
                return Letter(text, view)
            case _:
                assert_never(outcome)

    def sentence(self, address: Address, key: str) -> str:
        return self._texts.of(address.locale).say(key, channel=f"<#{address.channel}>")


def outlives(address: Address, event: Waiting | Running, now: float) -> bool:
    """Whether the clip will be there only when we may no longer write where it was asked for."""
    if address.member or event.eta_seconds is None:
        return False
    return event.eta_seconds > address.open_for(now)
