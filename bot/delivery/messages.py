"""What a message says, shows and lets people press, before it is known which way it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.chat.buttons import Verb
from bot.chat.commands import ChatCommands
from bot.language.catalogue import Catalogue, Texts
from bot.language.wording import Formatting, ending, status
from generation.events import Cancelled, Failed, Outcome, Running, Succeeded, Waiting
from generation.jobs import Job


@dataclass(frozen=True, slots=True)
class NoPicture:
    """The message shows none; one that was there goes away."""


@dataclass(frozen=True, slots=True)
class SamePicture:
    """Whatever the message shows stays."""


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """A JPEG of what the model has in mind."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Video:
    """The MP4 at `path`."""

    path: Path


Shows = NoPicture | SamePicture | PreviewPicture | Video


@dataclass(frozen=True, slots=True)
class Message:
    """`verbs` are its buttons, about the job `job_id` and in the language `locale`."""

    job_id: str
    locale: str | None
    text: str
    verbs: frozenset[Verb]
    shows: Shows = NoPicture()


class Messages:
    """`voice` is how the platform writes, `limit` what a message with a film may say."""

    def __init__(
        self,
        desk: ChatCommands,
        texts: Texts,
        voice: Callable[[Catalogue], Formatting],
        *,
        limit: int,
    ) -> None:
        self._desk = desk
        self._texts = texts
        self._voice = voice
        self._limit = limit

    def status(
        self, job: Job, locale: str | None, event: Waiting | Running, *, resumed: bool
    ) -> Message:
        """The place in line or the progress, and a way out."""
        catalogue = self._texts.of(locale)
        text = status(catalogue, self._voice(catalogue), job, event, resumed=resumed)
        preview = event.preview if isinstance(event, Running) else None
        shows = PreviewPicture(preview) if preview is not None else SamePicture()
        return Message(job.id, locale, text, self._desk.verbs(job), shows)

    def ending(self, job: Job, locale: str | None, outcome: Outcome) -> Message:
        """What the person is told at the end, and what they can do next."""
        catalogue = self._texts.of(locale)
        text = ending(catalogue, self._voice(catalogue), job, outcome, limit=self._limit)
        letter = Message(job.id, locale, text, self._desk.verbs(job))
        match outcome:
            case Succeeded(clip):
                return Message(job.id, locale, text, letter.verbs, Video(clip.path))
            case Failed() | Cancelled():
                return letter
