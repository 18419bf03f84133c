"""A draft that was rendered in full goes once the clip is there: it stood for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from generation.dispatch.views import View
from generation.errors import JobNotFound
from generation.jobs import Job
from generation.lineage import is_in_full


async def draft_of(job: Job, view: Callable[[str], Awaitable[View]]) -> Job | None:
    """The draft that this is in full, where the same person asked for both."""
    if job.request.remixed_from is None:
        return None
    try:
        earlier = (await view(job.request.remixed_from)).job
    except JobNotFound:
        return None
    same = earlier.requester == job.requester
    return earlier if same and is_in_full(job.request, earlier.request) else None
