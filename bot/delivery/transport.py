"""A chat as the narrator sees it: show how a job stands, deliver what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from generation.events import Outcome, Running, Waiting
from generation.jobs import Job

PATIENCE = 15.0
"""Seconds until a platform is asked again after it failed on its own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The status message now says it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The status message, its chat or our right to edit it is gone: show nothing more of this."""


@dataclass(frozen=True, slots=True)
class Later:
    """The platform asks for patience or cannot be reached: nothing there for so many seconds.

    `unsure`: it may have taken the message all the same, and only its answer was lost.
    """

    seconds: float = PATIENCE
    unsure: bool = False


Showing = Shown | Gone | Later


@dataclass(frozen=True, slots=True)
class Delivered:
    """The person has the outcome; recorded so that nobody gets it twice."""


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Nobody can be reached any more; the clip is kept for `/videos`. `reason` is for the log."""

    reason: str


Delivering = Delivered | Later | Undeliverable


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a status message may be edited.

    `message` is the least number of seconds between two edits of one message; `edits` in any
    `window` of seconds is the most for all messages that share `place` (a channel, a chat).
    `wait`: seconds until the place has room for progress again, where a platform counts for itself.
    """

    place: str
    message: float
    edits: int
    window: float
    wait: float = 0.0


class Transport(Protocol):
    """One platform's connection to people. No method raises for what a platform may answer."""

    @property
    def platform(self) -> str:
        """As in `Requester.platform`."""

    def pace(self, job: Job) -> Pace: ...

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        """Whether both read the same to a person, so that an edit would show nothing new."""

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        """Bring the status message up to date; `resumed`: the program was restarted meanwhile."""

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        """Send the clip, or say why there is none; called again after `Later`."""

    async def recorded(self, job: Job) -> None:
        """It is written down that somebody has it: say what may be lost, and must not come twice.

        Raises nothing.
        """
