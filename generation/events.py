"""What somebody who watches a job is told: `Waiting`, `Running`, then exactly one `Finished`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from generation.facts import Facts
from generation.jobs import Clip
from generation.notes import Note


class PhaseName(StrEnum):
    """`encode` frees the engine for the next job."""

    LOAD = "load"
    PREPARE = "prepare"
    STEP = "step"
    DECODE = "decode"
    ENCODE = "encode"


class Hold(StrEnum):
    """Why the queue is not simply open."""

    PAUSED = "paused"
    FAILING = "failing"
    EMPTYING = "emptying"


@dataclass(frozen=True, slots=True)
class Waiting:
    """In the queue: `position` 1 is next of `length` that wait.

    `eta_seconds` until the clip is there and `starts_in` seconds until it begins to be made:
    both absent without data, and while nothing is started. `held`: why that is, where the operator
    has paused the queue or it has paused itself; also that it takes no more.
    """

    position: int
    eta_seconds: float | None
    length: int = 0
    starts_in: float | None = None
    held: Hold | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """Being made; `step` of `steps` is 0 of 0 until the engine counts.

    `preview` is a JPEG of what the model has in mind, where the engine gives one. Of a film, scene
    number `scene` of `scenes` is being made, and a hundred steps are one scene.
    """

    phase: PhaseName
    step: int
    steps: int
    eta_seconds: float | None
    preview: bytes | None = None
    scene: int = 0
    scenes: int = 0


@dataclass(frozen=True, slots=True)
class Succeeded:
    clip: Clip
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """`code` is the kind of failure, `reason` the finer word, as in `generation.errors`."""

    code: str
    reason: str
    facts: Facts = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Cancelled:
    pass


Outcome = Succeeded | Failed | Cancelled


@dataclass(frozen=True, slots=True)
class Finished:
    outcome: Outcome


JobEvent = Waiting | Running | Finished


@dataclass(frozen=True, slots=True)
class JobDeleted:
    """An ended job is nobody's any more: taken back, forgotten, or past its time."""


@dataclass(frozen=True, slots=True)
class JobMarked:
    """Whether it is one of its requester's favorites has changed."""

    favorite: bool


Afterwards = JobMarked | JobDeleted
"""What still happens to a job that has ended: told to those who watch all jobs of somebody."""
