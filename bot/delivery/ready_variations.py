"""Variations that can be picked now: whoever waits for them is told once, by the last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.delivery.messages import is_beside
from generation.dispatch.views import View
from generation.events import Finished, Succeeded
from generation.jobs import Delivery, Job

SOON = 10.0
"""Seconds after the first within which nobody has to be told."""


async def ready_with(job: Job, view: Callable[[str], Awaitable[View]]) -> tuple[str, ...]:
    """Those beside the first, where this is the last of all to end."""
    if not is_beside(job):
        return ()
    together = [await view(one) for one in (await view(job.id)).variations]
    last = max((one.job for one in together), key=lambda one: (_ended(one), _number(one)))
    if last.id != job.id or not all(isinstance(one.event, Finished) for one in together):
        return ()
    first = together[0].job
    is_shown = _number(first) == 1 and first.delivery is Delivery.DELIVERED
    if not is_shown or _ended(last) - _ended(first) <= SOON:
        return ()
    return tuple(f"#{_number(one.job)}" for one in together[1:] if _is_made(one))


def _is_made(one: View) -> bool:
    return isinstance(one.event, Finished) and isinstance(one.event.outcome, Succeeded)


def _ended(job: Job) -> float:
    return 0.0 if job.finished_at is None else job.finished_at.timestamp()


def _number(job: Job) -> int:
    return job.request.variation.number if job.request.variation is not None else 0
