"""What a message says, shows and lets people press, whichever route it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.chat.buttons import Verb
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

    def below(self, words: str) -> Message:
        """The same with these words above it, if there are any."""
        return replace(self, text=f"{words}\n{self.text}") if words else self


def is_beside(job: Job) -> bool:
    """Whether the message of another variation shows this one to whoever picks it."""
    variation = job.request.variation
    return variation is not None and variation.number > 1 and not job.request.in_full


class Messages:
    """`verbs` are a job's buttons; `formatting` is how the platform writes.

    `limit` is what a message with a video may say; `previews`: a status message can show one.
    """

    def __init__(
        self,
        verbs: Callable[[Job], frozenset[Verb]],
        texts: Texts,
        formatting: Callable[[Catalogue], Formatting],
        *,
        limit: int,
        previews: bool,
    ) -> None:
        self._verbs = verbs
        self._texts = texts
        self._formatting = formatting
        self._limit = limit
        self._previews = previews

    def status(
        self, job: Job, locale: str | None, event: Waiting | Running, *, resumed: bool
    ) -> Message:
        """The place in line or the progress, and a button to cancel."""
        catalogue = self._texts.of(locale)
        text = status(catalogue, self._formatting(catalogue), job, event, resumed=resumed)
        preview = event.preview if self._previews and isinstance(event, Running) else None
        shows = PreviewPicture(preview) if preview is not None else SamePicture()
        return Message(job.id, locale, text, self._verbs(job), shows)

    def ending(self, job: Job, locale: str | None, outcome: Outcome) -> Message:
        """What came of it, and what can be done next."""
        catalogue = self._texts.of(locale)
        text = ending(catalogue, self._formatting(catalogue), job, outcome, limit=self._limit)
        message = Message(job.id, locale, text, self._verbs(job))
        match outcome:
            case Succeeded(clip):
                return replace(message, shows=Video(clip.path))
            case Failed() | Cancelled():
                return message
