"""Clips without a queue or a server: one engine, one decoder, one picture after the other."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import structlog

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed
from bot.runtime.engine_choice import FAR, Served
from bot.runtime.prompt_choice import prompt_help, with_prompts
from bot.submission.doubling import check_doubled, check_doubles, doubled
from bot.submission.intake import Intake
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options
from bot.submission.prepared import prepared
from bot.submission.rules import rules_of
from config.settings import Settings
from generation.dispatch.offering import Offering
from generation.engine import protocol as engine
from generation.engine.protocol import Animation, Outcome, Report, WorkerLost
from generation.errors import GenerationFailed, OperatorError
from generation.events import Cancelled, Failed
from generation.images.intake import PictureIntake
from generation.jobs import AnimationRequest, Clip
from generation.notes import Note
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

RAISED = re.compile(r"(?:[a-z_]\w*\.)*[A-Z]\w*: ")
"""How Python prints what was raised, after the traceback."""

CRASHES = 3
"""Engines that may break down on a picture, as in the queue: the fault may be the machine's."""

OTHER_PIPE = 0.1
"""Seconds: what the engine says of a failure does not come the way the failure comes."""

Told = Callable[[Report], None]


class NotMade(OperatorError):
    """`code` is that of the failure; the sentence ends with the cause, as the engine told it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Made:
    clip: Clip
    notes: tuple[Note, ...]


class ClipMaker:
    """Starts `child` at once and again where it died; a context that leaves no process behind."""

    def __init__(
        self, settings: Settings, child: Served, workspace: Workspace, catalogue: Catalogue
    ) -> None:
        self._catalogue = catalogue
        self._child = child
        self._rules = rules_of(settings.moderation)
        prompts = prompt_help(settings.prompts, self._rules.allow)
        [self._engine] = with_prompts([child], prompts)
        self._workspace = workspace
        self._intake = Intake(
            PictureIntake(), self._workspace, Offering([child]), settings.defaults
        )
        self._starting: asyncio.Task[None] | None = None
        self._count = 0
        self._token = secrets.token_hex(6)  # a server far away knows clips by their names

    async def __aenter__(self) -> ClipMaker:
        self._workspace.create()
        self._starting = asyncio.create_task(self._child.start())
        if self._child.capabilities.engine == FAR.engine:  # what it can is not known before
            await asyncio.wait([self._starting])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._engine.close()
        await self._intake.close()

    def check(self, options: Options, *, end: bool, keyframes: int) -> None:
        """Raises `Rejected` kinds, as far as no picture has a say in it."""
        self._intake.plan(options, end=end, keyframes=keyframes)
        self._rules.check(options.prompt)

    async def make(
        self,
        picture: Path,
        options: Options,
        extra: ExtraPictures = NO_EXTRA_PICTURES,
        told: Told = lambda report: None,
    ) -> Made:
        """The clip lies in the workspace; raises `Rejected` kinds and `NotMade`."""
        return await self.made(await self.request(picture, options, extra), told)

    async def request(
        self, picture: Path, options: Options, extra: ExtraPictures = NO_EXTRA_PICTURES
    ) -> AnimationRequest:
        """What `made` makes, its pictures in the workspace; raises `Rejected` kinds."""
        return await prepared(self._intake, self._rules, picture, options, extra)

    async def double(self, clip: Clip, picture: bytes, options: Options, told: Told) -> Made:
        """Of a clip that lies in the workspace, as this picture begins it; raises as `make`."""
        check_doubles(self._intake.capabilities)
        check_doubled(clip)
        self._rules.check(options.prompt)
        request = await doubled(self._intake, self._workspace, clip, picture, options)
        return await self.made(request, told)

    async def made(self, request: AnimationRequest, told: Told) -> Made:
        """The clip lies in the workspace; raises `NotMade`."""
        outcome, notes = await self._ended(request, told)
        match outcome:
            case engine.Done(clip):
                return Made(clip, (*request.notes, *notes))
            case Failed(code):
                await asyncio.sleep(OTHER_PIPE)
                sentence = failed(self._catalogue, outcome)
                raise NotMade(code, _with_cause(sentence, self._child.said))
            case Cancelled():
                raise GenerationFailed("cancelled")

    async def _ended(
        self, request: AnimationRequest, told: Told
    ) -> tuple[Outcome, tuple[Note, ...]]:
        """How it ended; whatever broke down on the way was started afresh. Raises `NotMade`."""
        self._count += 1
        attempt = 0
        while True:
            attempt += 1
            await self._ready()
            try:
                return await self._outcome(self._animation(request, attempt), told)
            except WorkerLost as error:
                if attempt == CRASHES:
                    raise self._broken(error) from None
                log.warning("engine_lost", reason=str(error), attempt=attempt)

    async def _ready(self) -> None:
        """Raises `NotMade`: an engine that does not start does not start the next time either."""
        starting, self._starting = self._starting, None
        try:
            if starting is not None:
                await starting
            elif not self._child.ready:
                await self._child.start()
        except WorkerLost as error:
            raise self._broken(error) from None

    def _broken(self, error: WorkerLost) -> NotMade:
        return NotMade("engine_crashed", self._catalogue.say("cli.broken", reason=str(error)))

    async def _outcome(self, animation: Animation, told: Told) -> tuple[Outcome, tuple[Note, ...]]:
        notes: list[Note] = []
        async with aclosing(self._engine.animate(animation)) as reports:
            async for report in reports:
                match report:
                    case engine.Done() | Failed() | Cancelled():
                        return report, tuple(notes)
                    case Note():
                        notes.append(report)
                    case engine.Accepted() | engine.OnCard():
                        continue
                    case engine.Phase() | engine.Step() | engine.Preview() | engine.Heartbeat():
                        told(report)
        raise WorkerLost("no outcome", guilty=False)

    def _animation(self, request: AnimationRequest, attempt: int) -> Animation:
        job = f"clip-{self._token}-{self._count}"
        clip, thumbnail = self._workspace.clip(job), self._workspace.thumbnail(job)
        image = self._workspace.input(request.image)
        return Animation(job, attempt, request, image=image, clip=clip, thumbnail=thumbnail)


def _with_cause(message: str, said: tuple[str, ...]) -> str:
    """`message`, and the last that the engine raised with what it noted there."""
    raised = [number for number, line in enumerate(said) if RAISED.match(line)]
    if not raised:
        return message
    noted = said[raised[-1] + 1 :] or said[raised[-1] :]
    return f"{message} ({' '.join(noted)})"
