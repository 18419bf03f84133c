"""A chat as the narrator sees it: show how a job stands, hand over what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from generation.events import Outcome, Running, Waiting
from generation.jobs import Job


@dataclass(frozen=True, slots=True)
class Shown:
    """The status message now says it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The status message, its chat or our right to edit it is gone: show nothing more of this."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """The platform asks for patience: nothing in this chat for so many seconds."""

    seconds: float


Showing = Shown | Gone | NotNow


@dataclass(frozen=True, slots=True)
class Delivered:
    """The person has the outcome; recorded so that nobody is handed it twice."""


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Nobody can be reached any more; the clip is kept for `/videos`. `reason` is for the log."""

    reason: str


Delivering = Delivered | NotNow | Undeliverable


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a status message may be edited.

    `message` is the least number of seconds between two edits of one message; `edits` in any
    `window` of seconds is the most for all messages that share `place` (a channel, a chat).
    """

    place: str
    message: float
    edits: int
    window: float


class Transport(Protocol):
    """One platform's way to people. No method raises for what a platform is known to answer."""

    @property
    def platform(self) -> str:
        """As in `Requester.platform`."""

    def pace(self, job: Job) -> Pace: ...

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        """Whether both read the same to a person, so that an edit would tell nothing new."""

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        """Bring the status message up to date; `resumed`: the program was restarted meanwhile."""

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        """Hand over the clip, or say why there is none; called again after `NotNow`."""
