"""Somebody's earlier clips, page by page, and the one they choose from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.buttons import Verb
from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.language.wording import Formatting, brief
from bot.submission.person import Person
from generation.dispatch.views import View
from generation.errors import JobNotFound
from generation.events import Finished, Succeeded
from generation.jobs import Job

STAR = "★ "


@dataclass(frozen=True, slots=True)
class ListedClip:
    """`seconds` is how long it plays; `prompt` begins with a star where they have marked it."""

    job_id: str
    prompt: str
    made_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class ClipPage:
    """Some of `count` clips; `newer` and `older` are where the pages beside this one begin.

    `marked`: only those that have a mark. `any_marked`: some have.
    """

    jobs: tuple[Job, ...]
    clips: tuple[ListedClip, ...]
    count: int
    first: int
    newer: int | None
    older: int | None
    marked: bool
    any_marked: bool


@dataclass(frozen=True, slots=True)
class PageWanted:
    """`length` clips from the one on before which there are `first`."""

    first: int
    length: int
    marked: bool = False


def page_of(
    made: Sequence[Job], wanted: PageWanted, catalogue: Catalogue, formatting: Formatting
) -> ClipPage:
    """The nearest page there is: some clips may be gone meanwhile.

    Raises `UserError` where there are none at all.
    """
    if not made:
        raise UserError(catalogue.say("chat.videos.none"))
    favorites = [job for job in made if job.favorite]
    marked = wanted.marked and bool(favorites)
    jobs = favorites if marked else list(made)
    length = wanted.length
    first = min(wanted.first, len(jobs) - 1) // length * length
    page = tuple(jobs[first : first + length])
    return ClipPage(
        jobs=page,
        clips=tuple(_listed(job, catalogue, formatting) for job in page),
        count=len(jobs),
        first=first,
        newer=first - length if first else None,
        older=first + length if first + length < len(jobs) else None,
        marked=marked,
        any_marked=bool(favorites),
    )


def mark_of(job: Job) -> Verb:
    """What somebody can do about the mark on a clip of theirs."""
    return Verb.UNMARK if job.favorite else Verb.MARK


def _listed(job: Job, catalogue: Catalogue, formatting: Formatting) -> ListedClip:
    prompt = brief(job.request.prompt, formatting, catalogue)
    shown = f"{STAR}{prompt}" if job.favorite else prompt
    return ListedClip(job.id, shown, job.created_at, job.request.seconds)


def chosen(view: View, person: Person) -> Succeeded:
    """The clip that somebody wants to see again; raises `JobNotFound` for anything but theirs."""
    if view.job.requester != person.requester or not isinstance(view.event, Finished):
        raise JobNotFound("unknown")
    if not isinstance(view.event.outcome, Succeeded):
        raise JobNotFound("unknown")
    return view.event.outcome
