"""The engine seen from above: what it can do, what it is given, what it reports, how it ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from generation.directions.vocabulary import Effect, Motion
from generation.engine.cards import CardState
from generation.events import Cancelled, Failed, PhaseName
from generation.jobs import AnimationRequest, Clip
from generation.notes import Note

if TYPE_CHECKING:
    import asyncio  # half of it is for servers: a child would start later


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where nobody says otherwise; `None` where the engine has no such choice."""

    fps: int = 24
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    negative_prompt: str = ""


OPTIONS = frozenset(
    {
        "negative_prompt",
        "num_inference_steps",
        "guidance_scale",
        "strength",
        "motion_strength",
        "end_image",
        "keyframes",
        "extends",
        "upscales",
        "loop",
        "boomerang",
    }
)
"""The request's optional fields which not every engine has."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine supports; anything else is refused before it is queued.

    `options` are those of `OPTIONS` that have an effect.
    """

    engine: str
    model: str
    motions: frozenset[Motion]
    effects: frozenset[Effect]
    options: frozenset[str]
    defaults: Defaults = Defaults()
    reads_prompts: bool = False
    """Whether a model reads the words, which can be written for it; a camera only looks in them."""
    prompt_tokens: int | None = None
    """How many tokens of a prompt it reads, where that is known."""


@dataclass(frozen=True, slots=True)
class Animation:
    """One attempt at one job: read `image`, leave an MP4 at `clip` and a JPEG at `thumbnail`.

    The request's other pictures lie beside `image`. `prompt`: what the model is told where that was
    written for it; `None`: the person's words. `far_id`: what an earlier attempt was `Accepted` as
    by this engine.
    """

    job: str
    attempt: int
    request: AnimationRequest
    image: Path
    clip: Path
    thumbnail: Path
    prompt: str | None = None
    far_id: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A server far away makes it under this id, also where nobody listens any more."""

    far_id: str


@dataclass(frozen=True, slots=True)
class OnCard:
    """Which of its cards makes it, where an engine has several."""

    card: str


@dataclass(frozen=True, slots=True)
class Phase:
    name: PhaseName


@dataclass(frozen=True, slots=True)
class Step:
    index: int
    total: int


@dataclass(frozen=True, slots=True)
class Preview:
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The child is alive; carries nothing and is shown to nobody."""


@dataclass(frozen=True, slots=True)
class Done:
    clip: Clip


@dataclass(frozen=True, slots=True)
class Crashed:
    """Something that worked for the engine was killed: the engine goes on, the job starts again.

    `guilty` as in `WorkerLost`.
    """

    reason: str
    guilty: bool = True


Progress = Accepted | OnCard | Phase | Step | Preview | Note | Heartbeat
Outcome = Done | Failed | Cancelled
Report = Progress | Outcome


class WorkerLost(Exception):
    """The job ended without an outcome: it may or may not have run, so it is queued again.

    `guilty` tells whether this job may have killed the engine: the counter of crashes looks at it.
    `device` tells that the hardware is at fault, which the next job would meet as well.
    """

    def __init__(self, reason: str, *, guilty: bool, device: bool = False) -> None:
        super().__init__(reason)
        self.guilty = guilty
        self.device = device


class StartCutOff(WorkerLost):
    """It was killed, or had no time, before it was ready: the machine may do better by itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, guilty=False)


class ServerAway(StartCutOff):
    """It is another machine's to be there again: it is asked on and on, which costs nothing.

    `back` returns as soon as it is worth asking, where that can be known earlier.
    """

    def __init__(self, reason: str, back: Callable[[], Coroutine[Any, Any, None]] | None = None):
        super().__init__(reason)
        self.back = back


class Engine(Protocol):
    """Makes clips: at most `capacity` render at once (encoding ones do not count).

    `changed` is set whenever `ready`, `capacity` or `capabilities` may be others than before.
    """

    @property
    def name(self) -> str:
        """Which one of several: its device or its server; no two have the same."""

    @property
    def changed(self) -> asyncio.Event: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def capacity(self) -> int: ...

    @property
    def cards(self) -> Sequence[CardState]:
        """Where it makes clips, if it has cards to choose from."""

    @property
    def ready(self) -> bool:
        """True while a warm pipeline waits for work or works."""

    async def start(self) -> None:
        """Return once the engine is ready; raise `WorkerLost` if it dies on the way."""

    def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        """Yield progress, then exactly one outcome, last; raise `WorkerLost` without one.

        Closing the generator early cancels the job within one step.
        """

    def drain(self, card: str, *, drained: bool) -> None:
        """Give one of `cards` no more work, or work again."""

    def leave(self) -> None:
        """We are about to end: what is closed early from now on may go on where it is made."""

    async def close(self) -> None:
        """End every process of this engine; afterwards none is left."""
