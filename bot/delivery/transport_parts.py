"""What every chat's transport is made of, whichever platform it is for."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.delivery.clip_log import LogOf
from bot.delivery.messages import Messages
from bot.delivery.sending import Sender
from generation.dispatch.views import View
from generation.events import Running, Waiting
from generation.store.clip_messages import ClipMessages
from generation.store.delivery import Deliveries

REMEMBERED = 1000
"""Status messages; the oldest are those of jobs that were deleted meanwhile."""


@dataclass(frozen=True, slots=True)
class StatusShown:
    """What a status message says, since which epoch second, and what was `told` above it."""

    event: Waiting | Running
    since: float
    told: str = ""


class StatusesShown:
    """The newest of each job."""

    def __init__(self) -> None:
        self._shown: dict[str, StatusShown] = {}

    def get(self, job_id: str) -> StatusShown | None:
        return self._shown.get(job_id)

    def put(self, job_id: str, shown: StatusShown) -> None:
        self._shown.pop(job_id, None)
        self._shown[job_id] = shown
        while len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    def drop(self, job_id: str) -> None:
        self._shown.pop(job_id, None)


@dataclass(frozen=True, slots=True)
class TransportParts:
    """`view` finds a job, `follow` makes the narrator keep its status message current."""

    view: Callable[[str], Awaitable[View]]
    follow: Callable[[str], None]
    deliveries: Deliveries
    clip_messages: ClipMessages
    messages: Messages
    sender: Sender
    log_of: LogOf
    clock: Callable[[], float] = time.time
