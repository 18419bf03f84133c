"""The scenes of a storyboard, made one after the other; one that fails stops no other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog
from rich.progress import Progress

from bot.cli.bars import show_report
from bot.cli.board import Board, BoardScene, in_scene
from bot.cli.clip_maker import ClipMaker, Made
from bot.cli.foreign_text import plain
from bot.language.catalogue import Catalogue
from bot.language.reasons import refusal
from generation.engine.protocol import Report
from generation.errors import AnimationError, OperatorError
from generation.jobs import Clip
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
        waiting = catalogue.say("cli.state.waiting")
        self._tasks = [bars.add_task(f"{name}: {waiting}", total=None) for name in self._names]

    async def all(self) -> list[SceneMade | SceneFailed]:
        """Raises `OperatorError` before any is made where one asks for what the engine has not."""
        for number, scene in enumerate(self._board.scenes):
            self._check(number, scene)
        scenes: list[SceneMade | SceneFailed] = []
        before: Clip | None = None
        for number, scene in enumerate(self._board.scenes):
            made = await self._tried(number, scene, before)
            scenes.append(made)
            if isinstance(made, SceneMade):
                before = made.clip
        return scenes

    def _check(self, number: int, scene: BoardScene) -> None:
        try:
            self._maker.check(
                scene.options, end=scene.end is not None, keyframes=len(scene.keyframes)
            )
        except AnimationError as error:
            said = in_scene(self._catalogue, number + 1, refusal(self._catalogue, error))
            raise OperatorError(f"{plain(str(self._board.path))}: {said}") from None

    async def _tried(
        self, number: int, scene: BoardScene, before: Clip | None
    ) -> SceneMade | SceneFailed:
        try:
            made = await self._made(number, scene, before)
        except AnimationError as error:
            if self._verbose:
                log.exception("scene_failed", scene=number + 1)
            self._show(number, "failed")
            return SceneFailed(error.code, refusal(self._catalogue, error))
        self._show(number, "done")
        return SceneMade(made.clip, made.notes)

    async def _made(self, number: int, scene: BoardScene, before: Clip | None) -> Made:
        """Raises `AnimationError` kinds."""
        picture = scene.picture
        if picture is None:
            picture = await self._end_of(before)

        def told(report: Report) -> None:
            task, name = self._tasks[number], self._names[number]
            show_report(self._bars, task, name, report, self._catalogue)

        return await self._maker.make(picture, scene.options, scene.extra(), told)

    async def _end_of(self, before: Clip | None) -> Path:
        """A picture of how the nearest scene before that was made ends, beside its clip."""
        if before is None:
            raise OperatorError(self._catalogue.say("cli.film.nothing_before"))
        picture = before.path.with_suffix(".png")
        picture.write_bytes(await asyncio.to_thread(last_frame, before.path))
        return picture

    def _show(self, number: int, state: str) -> None:
        said = f"{self._names[number]}: {self._catalogue.say(f'cli.state.{state}')}"
        self._bars.update(self._tasks[number], description=said)


def _name(number: int, scene: BoardScene) -> str:
    words = plain(" ".join(scene.options.prompt.split()))
    short = words if len(words) <= NAME else f"{words[: NAME - 1]}…"
    return f"{number} {short}".strip()
