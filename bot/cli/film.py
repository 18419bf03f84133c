"""`photoplay film`: a storyboard becomes a film, a scene after the other, and no server."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
import typer

from bot.cli.bars import bars_on_stderr
from bot.cli.board import Board, read_board
from bot.cli.clip_facts import clip_facts
from bot.cli.clip_maker import ClipMaker
from bot.cli.ending import until_told_to_end
from bot.cli.foreign_text import plain
from bot.cli.output import Stdout, Target, make_folder, place, target_of
from bot.cli.scenes import SceneFailed, SceneMade, SceneMaker
from bot.cli.terminal import terminal_catalogue
from bot.language.catalogue import Catalogue
from bot.language.reasons import in_scene, noted
from bot.runtime import logs
from bot.runtime.engine_choice import choose, engine_environment, notice, started_by
from config.load import load
from config.settings import Settings
from generation.errors import AnimationError, OperatorError
from generation.jobs import Clip
from generation.media.joining.child import FilmOrder, join_in_child
from generation.media.joining.film import FilmScene
from generation.media.provenance import Signer
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

Scenes = Sequence[SceneMade | SceneFailed]


@dataclass(frozen=True, slots=True)
class BoardOrder:
    """What the command line asks for."""

    board: Path
    output: str | None = None
    as_json: bool = False
    verbose: bool = False


def film(config: Path | None, overrides: Mapping[str, object], order: BoardOrder) -> bool:
    """False where a scene failed; the film is made without it.

    Raises `AnimationError` kinds, where no scene could be made too, and `ConfigError`.
    """
    settings = load(overrides, config=config)
    logs.configure(level=logging.INFO if order.verbose else logging.WARNING)
    catalogue = terminal_catalogue()
    board = read_board(order.board, catalogue)
    target = target_of(order.output, (board.path, *board.pictures), 1, catalogue)
    if order.as_json and target == Stdout():
        raise OperatorError(catalogue.say("cli.output.both"))
    make_folder(target, catalogue)
    work = _Filming(settings, order, board, target, catalogue)
    return asyncio.run(until_told_to_end(work.filmed()))


class _Filming:
    def __init__(
        self,
        settings: Settings,
        order: BoardOrder,
        board: Board,
        target: Target,
        catalogue: Catalogue,
    ) -> None:
        self._settings = settings
        self._order = order
        self._board = board
        self._target = target
        self._catalogue = catalogue

    async def filmed(self) -> bool:
        began = time.monotonic()
        choice = choose(self._settings, single=True)
        if sentence := notice(choice):
            typer.echo(sentence, err=True)
        with tempfile.TemporaryDirectory(prefix="photoplay-") as folder:
            workspace = Workspace(Path(folder), keep_inputs=0, keep_clips=0)
            child = started_by(choice, self._settings, workspace)[0]
            with bars_on_stderr() as bars:
                async with ClipMaker(self._settings, child, workspace, self._catalogue) as maker:
                    making = SceneMaker(
                        maker, self._board, bars, self._catalogue, verbose=self._order.verbose
                    )
                    scenes = await making.all()
                clip = await self._joined(scenes, workspace.clip("film"), choice.signer)
            path = place(clip.path, self._target, self._board.path, self._catalogue)
        engine = child.capabilities.engine
        self._report(clip, path, time.monotonic() - began, scenes, engine)
        return not any(isinstance(scene, SceneFailed) for scene in scenes)

    async def _joined(self, scenes: Scenes, target: Path, signer: Signer | None) -> Clip:
        """Raises `OperatorError` where no scene was made."""
        made = tuple(
            FilmScene(scene.clip.path, self._board.scenes[number].options.prompt or str(number + 1))
            for number, scene in enumerate(scenes)
            if isinstance(scene, SceneMade)
        )
        if not made:
            self._say_failures(scenes)
            raise OperatorError(self._catalogue.say("cli.film.none"))
        style = self._board.style
        order = FilmOrder(scenes=made, target=target, style=style, recipe={}, signer=signer)
        try:
            return await join_in_child(order, engine_environment(os.environ))
        except AnimationError:
            if self._order.verbose:
                log.exception("film_not_joined")
            raise

    def _report(self, clip: Clip, path: str, elapsed: float, scenes: Scenes, engine: str) -> None:
        if self._order.as_json:
            facts = clip_facts(clip, path, elapsed, engine)
            told = [_scene_facts(number, scene) for number, scene in enumerate(scenes, 1)]
            typer.echo(json.dumps({**facts, "scenes": told}, ensure_ascii=False))
            return
        aside = self._target == Stdout()  # the standard output is the film's
        self._say_notes(scenes, aside=aside)
        self._say_failures(scenes)
        sentence = self._catalogue.say(
            "cli.film.made",
            path=plain(path),
            made=sum(isinstance(scene, SceneMade) for scene in scenes),
            asked=len(scenes),
            seconds=clip.frames / clip.fps,
            width=clip.width,
            height=clip.height,
            size=clip.size,
            elapsed=elapsed,
        )
        typer.secho(sentence, fg="green", err=aside)

    def _say_notes(self, scenes: Scenes, *, aside: bool) -> None:
        for number, scene in enumerate(scenes, 1):
            if isinstance(scene, SceneMade):
                for note in noted(self._catalogue, scene.notes):
                    typer.echo(in_scene(self._catalogue, number, note), err=aside)

    def _say_failures(self, scenes: Scenes) -> None:
        for number, scene in enumerate(scenes, 1):
            if isinstance(scene, SceneFailed):
                said = in_scene(self._catalogue, number, scene.message)
                typer.secho(f"photoplay: {said}", err=True, fg="red")


def _scene_facts(number: int, scene: SceneMade | SceneFailed) -> dict[str, object]:
    match scene:
        case SceneMade(clip):
            seconds = round(clip.frames / clip.fps, 3)
            return {"number": number, "seconds": seconds, "seed": clip.seed}
        case SceneFailed(code, message):
            return {"number": number, "error": {"code": code, "message": message}}
