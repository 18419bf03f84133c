"""Somebody's earlier clips as a list, and the one they choose from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.language.wording import Formatting, brief
from bot.submission.person import Person
from generation.dispatch.service import View
from generation.errors import JobNotFound
from generation.events import Finished, Succeeded
from generation.jobs import Job


@dataclass(frozen=True, slots=True)
class ListedClip:
    """`seconds` is how long it plays."""

    job_id: str
    prompt: str
    made_at: datetime
    seconds: float


def listed(jobs: Sequence[Job], catalogue: Catalogue, formatting: Formatting) -> list[ListedClip]:
    """Somebody's clips; raises `UserError` where there are none."""
    if not jobs:
        raise UserError(catalogue.say("chat.videos.none"))
    return [
        ListedClip(
            job.id,
            brief(job.request.prompt, formatting, catalogue),
            job.created_at,
            job.request.seconds,
        )
        for job in jobs
    ]


def chosen(view: View, person: Person) -> Succeeded:
    """The clip that somebody wants to see again; raises `JobNotFound` for anything but theirs."""
    if view.job.requester != person.requester or not isinstance(view.event, Finished):
        raise JobNotFound("unknown")
    if not isinstance(view.event.outcome, Succeeded):
        raise JobNotFound("unknown")
    return view.event.outcome
