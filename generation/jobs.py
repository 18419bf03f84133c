"""The vocabulary of the queue: what was asked, by whom, and the row that remembers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NewType

from generation.directions.vocabulary import Effect, Motion
from generation.facts import Facts
from generation.media.joining.film import FilmStyle, timeline
from generation.notes import LENGTH, OF_SEVERAL, Note, duration

OF_ONE = {LENGTH, *OF_SEVERAL}
"""Notes of a scene that are none of its film's."""

FINISHING_STEPS = 3
"""Of the pass that makes a clip twice as large, whatever the clip itself took."""

ReplyAddress = NewType("ReplyAddress", str)
"""Where a platform sends the result: text that only this platform reads."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Somebody a limit can be counted for: `web:alice`, `discord:1234`."""

    platform: str
    user: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.user}"


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A picture that the clip shows at `frame` (0 is the first); `image` as in a request."""

    frame: int
    image: str


@dataclass(frozen=True, slots=True)
class InFull:
    """What a draft would be in full: its sides in pixels, its steps where they were asked for."""

    width: int
    height: int
    num_inference_steps: int | None = None


@dataclass(frozen=True, slots=True)
class Variation:
    """The clip with this `number`, 1 being the first, of `count` alike; `first` is that one's id,
    which the queue gives."""

    number: int
    count: int
    first: str = ""


@dataclass(frozen=True, slots=True)
class AnimationRequest:
    """A validated request: every value is one that the engine can be given as it stands.

    `image` and the other pictures are names of upright RGB PNGs in the workspace's `inputs/`;
    `width` and `height` are multiples of 32 in pixels; `num_frames` is 8k+1; `fps` is frames per
    second. `None` leaves the choice to the engine. `extends` is the name of an MP4 in `inputs/`
    that the clip begins with and goes on from: its frames count among `num_frames`; `upscales` of
    one that this is to be twice as large as. `loop` asks for a clip whose end leads into its
    beginning; a `boomerang` gets there by the same way back, and is a loop whether or not that is
    asked for. `enhance` lets the words be written anew for a
    model that reads them. `motion_strength` is from 0, hardly any motion, to 4; 2 is the usual.
    `model` is the one that was asked for by name
    where there are several. `remixed_from` is the id of the job whose picture was taken again.
    `film` is how the scenes of a film are put together: the rest of its request is the first one's.
    `draft` is there where this is a small quick clip that stands for another one.
    `variation` is there where several clips were asked for at once. `in_full`: `remixed_from` was
    a draft, for which this stands.
    """

    prompt: str
    image: str
    width: int
    height: int
    num_frames: int
    fps: int
    seed: int
    motion: Motion = Motion.AUTO
    effect: Effect = Effect.AUTO
    negative_prompt: str = ""
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    strength: float | None = None
    motion_strength: int | None = None
    notes: tuple[Note, ...] = ()
    end_image: str | None = None
    keyframes: tuple[Keyframe, ...] = ()
    extends: str | None = None
    loop: bool = False
    boomerang: bool = False
    enhance: bool = True
    model: str | None = None
    remixed_from: str | None = None
    upscales: str | None = None
    film: FilmStyle | None = None
    draft: InFull | None = None
    variation: Variation | None = None
    in_full: bool = False

    @property
    def seconds(self) -> float:
        return self.num_frames / self.fps

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every file in the workspace's `inputs/` that has to stay until the job has ended."""
        keyframes = (keyframe.image for keyframe in self.keyframes)
        optional = (self.end_image, self.extends, self.upscales)
        return (self.image, *keyframes, *(name for name in optional if name is not None))

    @property
    def cost(self) -> float:
        """Work in frame·pixel·steps: what an estimate is proportional to."""
        steps = FINISHING_STEPS if self.upscales else self.num_inference_steps or 1
        return float(self.num_frames * self.width * self.height * steps)


UNREADABLE = AnimationRequest("", "unreadable", 64, 64, 9, 24, seed=0)
"""Stands for a stored request that this version cannot read, so that its row can be told of."""


@dataclass(frozen=True, slots=True)
class NewScene:
    """A clip that is to be made for a film; `goes_on`: from the end of the scene before it.

    The picture of one that does is not there yet: its name is where the worker will put it.
    """

    request: AnimationRequest
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class EarlierScene:
    """A scene of an earlier film, as it was made or failed then."""

    job_id: str
    request: AnimationRequest


@dataclass(frozen=True, slots=True)
class FilmRequest:
    """Scenes in their order, and how they are put together."""

    scenes: tuple[NewScene | EarlierScene, ...]
    style: FilmStyle
    remixed_from: str | None = None

    @property
    def new(self) -> tuple[NewScene, ...]:
        return tuple(scene for scene in self.scenes if isinstance(scene, NewScene))

    @property
    def request(self) -> AnimationRequest:
        """What the film's own row says: of the first scene, with the length of them all."""
        requests = [scene.request for scene in self.scenes]
        first = requests[0]
        lengths = tuple(max(1, round(one.seconds * first.fps)) for one in requests)
        frames = timeline(lengths, self.style, first.fps).total
        told = [note for one in requests for note in one.notes if note.code not in OF_ONE]
        return replace(
            first,
            num_frames=frames,
            film=self.style,
            notes=(duration(frames, first.fps), *dict.fromkeys(told)),
            remixed_from=self.remixed_from,
        )


class JobKind(StrEnum):
    """A film's clip is joined from those of its scenes, which stand beside nobody's other jobs."""

    CLIP = "clip"
    SCENE = "scene"
    FILM = "film"


class JobStatus(StrEnum):
    """`queued → running → succeeded | failed | cancelled`; a lost one goes back to queued."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    """Whether a person still has to be handed the outcome; pulled ones (the web) need none."""

    NONE = "none"
    PENDING = "pending"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished MP4: `width` × `height` pixels, `frames` at `fps` a second, `size` bytes."""

    path: Path
    width: int
    height: int
    frames: int
    fps: int
    seed: int
    size: int


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the queue, as it was when it was read."""

    id: str
    requester: Requester
    status: JobStatus
    turn: int
    attempt: int
    crashes: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    engine: str
    request: AnimationRequest
    clip: Clip | None
    error_code: str | None
    error_reason: str | None
    error_facts: Facts
    notes: tuple[Note, ...]
    delivery: Delivery
    address: ReplyAddress | None
    message: str | None = None
    """The status message that tells of this job, as its platform names it."""
    favorite: bool = False
    file: str | None = None
    """The clip as its platform keeps it, once it was sent there."""
    announced: bool = False
    """A status message has begun to go out: whether it arrived is known by its number."""
    made_on: str | None = None
    """The engine that makes it or made it last, by its name."""
    far_id: str | None = None
    """The id that a server far away gave it."""
    kind: JobKind = JobKind.CLIP
    after: str | None = None
    """The scene that this one goes on from, and waits for."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The receipt for a request: `position` 1 is next; no `eta_seconds` until there is data."""

    job_id: str
    position: int | None
    eta_seconds: float | None
    repeated: bool = False
    """True where the same request key had been accepted before: nothing new was queued."""
