"""The scenes of a storyboard, made one after the other; one that fails stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from rich.progress import Progress

from bot.cli.bars import show_report
from bot.cli.board import Board, BoardScene
from bot.cli.clip_maker import ClipMaker, Made
from bot.cli.foreign_text import plain
from bot.language.catalogue import Catalogue
from bot.language.reasons import in_scene, refusal
from generation.engine.protocol import Report
from generation.errors import AnimationError, OperatorError
from generation.jobs import AnimationRequest, Clip
from generation.media.stills import last_frame
from generation.notes import Note

log = structlog.get_logger(__name__)

NAME = 32
"""Characters of a scene's words beside its bar."""


@dataclass(frozen=True, slots=True)
class SceneMade:
    clip: Clip
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class SceneFailed:
    code: str
    message: str


class SceneMaker:
    """A bar for each scene from the beginning."""

    def __init__(
        self,
        maker: ClipMaker,
        board: Board,
        bars: Progress,
        catalogue: Catalogue,
        *,
        verbose: bool,
    ) -> None:
        self._maker = maker
        self._board = board
        self._bars = bars
        self._catalogue = catalogue
        self._verbose = verbose
        self._names = [_name(number, scene) for number, scene in enumerate(board.scenes, 1)]
        self._tasks = [bars.add_task(said, total=None) for said in map(self._said, self._names)]

    async def all(self) -> list[SceneMade | SceneFailed]:
        """Raises `OperatorError` before any is made where one cannot be: for what its engine
        has not, and for a file that shows no picture."""
        for number, scene in enumerate(self._board.scenes):
            with self._said_of(number):
                self._check(scene)
        requests = [await self._request(number) for number in range(len(self._board.scenes))]
        scenes: list[SceneMade | SceneFailed] = []
        before: Clip | None = None
        for number, request in enumerate(requests):
            made = await self._tried(number, request, before)
            scenes.append(made)
            if isinstance(made, SceneMade):
                before = made.clip
        return scenes

    def _check(self, scene: BoardScene) -> None:
        self._maker.check(scene.options, end=scene.end is not None, keyframes=len(scene.keyframes))

    async def _request(self, number: int) -> AnimationRequest | None:
        """Of a scene with a picture, which is looked at; the others have theirs to come."""
        scene = self._board.scenes[number]
        if scene.picture is None:
            return None
        with self._said_of(number):
            return await self._maker.request(scene.picture, scene.options, scene.extra())

    @contextmanager
    def _said_of(self, number: int) -> Iterator[None]:
        try:
            yield
        except AnimationError as error:
            said = in_scene(self._catalogue, number + 1, refusal(self._catalogue, error))
            raise OperatorError(f"{plain(str(self._board.path))}: {said}") from None

    async def _tried(
        self, number: int, request: AnimationRequest | None, before: Clip | None
    ) -> SceneMade | SceneFailed:
        try:
            made = await self._made(number, request, before)
        except AnimationError as error:
            if self._verbose:
                log.exception("scene_failed", scene=number + 1)
            self._show(number, "failed")
            return SceneFailed(error.code, refusal(self._catalogue, error))
        self._show(number, "done")
        return SceneMade(made.clip, made.notes)

    async def _made(
        self, number: int, request: AnimationRequest | None, before: Clip | None
    ) -> Made:
        """Raises `AnimationError` kinds."""
        if request is None:
            scene = self._board.scenes[number]
            picture = self._nearest(number) if before is None else await _end_of(before)
            request = await self._maker.request(picture, scene.options, scene.extra())

        def told(report: Report) -> None:
            task, name = self._tasks[number], self._names[number]
            show_report(self._bars, task, name, report, self._catalogue)

        return await self._maker.made(request, told)

    def _nearest(self, number: int) -> Path:
        """The picture that stands on the board before a scene; the first one has one."""
        return next(filter(None, (one.picture for one in self._board.scenes[number::-1])))

    def _show(self, number: int, state: str) -> None:
        said = self._said(self._names[number], state)
        self._bars.update(self._tasks[number], description=said)

    def _said(self, name: str, state: str = "waiting") -> str:
        said = self._catalogue.say(f"cli.state.{state}")
        return self._catalogue.say("options.pair", name=name, said=said)


async def _end_of(clip: Clip) -> Path:
    """A picture of how it ends, beside it."""
    picture = clip.path.with_suffix(".png")
    picture.write_bytes(await asyncio.to_thread(last_frame, clip.path))
    return picture


def _name(number: int, scene: BoardScene) -> str:
    words = plain(" ".join(scene.options.prompt.split()))
    short = words if len(words) <= NAME else f"{words[: NAME - 1]}…"
    return f"{number} {short}".strip()
