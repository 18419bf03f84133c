"""`photoplay animate`: one picture, one clip, one progress bar."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.runtime import logs
from bot.runtime.engine_choice import choose, notice, started_by
from bot.submission.assembly import rules_of
from bot.submission.intake import Intake
from bot.submission.options import ExtraPictures, Options
from bot.submission.rules import PromptRules
from bot.submission.submit import prepared
from config.load import load
from config.sections import DefaultsSettings
from generation.engine import protocol as engine
from generation.engine.process import EngineProcess
from generation.engine.protocol import Animation, Outcome, Phase, WorkerLost
from generation.errors import EngineCrashed, GenerationFailed, InvalidImage
from generation.events import Cancelled, Failed
from generation.images.intake import PictureIntake
from generation.jobs import AnimationRequest, Clip
from generation.workspace import Workspace

_PHASES = {
    "load": "Loading the engine",
    "prepare": "Looking at the picture",
    "step": "Animating",
    "decode": "Decoding",
    "encode": "Writing the clip",
}


def animate(
    config: Path | None,
    overrides: Mapping[str, object],
    image: Path,
    options: Options,
    output: Path | None,
    end: Path | None,
    *,
    as_json: bool,
) -> None:
    """Raises `AnimationError` kinds and `ConfigError`."""
    settings = load(overrides, config=config)
    logs.configure(level=logging.WARNING)  # stdout is for the answer, a terminal for the bar
    for picture in (image, end):
        if picture is not None and not picture.is_file():
            raise InvalidImage(f"There is no file {picture}.")
    target = output if output is not None else _free_name(image)
    if not target.parent.is_dir():
        raise InvalidImage(f"There is no folder {target.parent} to write into.")
    began = time.monotonic()
    choice = choose(settings)
    if sentence := notice(choice):
        typer.echo(sentence, err=True)
    with tempfile.TemporaryDirectory(prefix="photoplay-") as folder:
        child = started_by(choice, settings)[0]
        extra = ExtraPictures(end=end)
        rules = rules_of(settings.moderation)
        made = _made(settings.defaults, rules, child, Path(folder), image, options, extra)
        clip, notes = asyncio.run(made)
        try:
            shutil.move(clip.path, target)
        except OSError as error:
            raise GenerationFailed(f"{target} cannot be written: {error.strerror}.") from None
    name = child.capabilities.engine
    _report(clip, target, notes, time.monotonic() - began, name, as_json=as_json)


async def _made(
    defaults: DefaultsSettings,
    rules: PromptRules,
    child: EngineProcess,
    folder: Path,
    image: Path,
    options: Options,
    extra: ExtraPictures,
) -> tuple[Clip, list[str]]:
    workspace = Workspace(folder, keep_inputs=0, keep_clips=0)
    workspace.create()
    intake = Intake(PictureIntake(), workspace, child, defaults)
    starting = asyncio.create_task(child.start())
    try:
        request = await prepared(intake, rules, image, options, extra)
        with _bar() as bar:
            bar.add_task(_PHASES["load"], total=None)
            await starting
            outcome, notes = await _outcome(child, _animation(workspace, request), bar)
    except WorkerLost:
        raise EngineCrashed("The engine broke down; `photoplay doctor` may know why.") from None
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await child.close()
        await intake.close()
    match outcome:
        case engine.Done(clip):
            return clip, [*request.notes, *notes]
        case Failed(_, message):
            raise GenerationFailed(message)
        case Cancelled():
            raise GenerationFailed("It was cancelled.")


async def _outcome(
    child: EngineProcess, animation: Animation, bar: Progress
) -> tuple[Outcome, list[str]]:
    task = bar.task_ids[0]
    notes: list[str] = []
    async with aclosing(child.animate(animation)) as reports:
        async for report in reports:
            match report:
                case engine.Done() | Failed() | Cancelled():
                    return report, notes
                case Phase(name):
                    bar.update(task, description=_PHASES[name])
                case engine.Step(index, total):
                    bar.update(task, completed=index, total=total)
                case engine.Note(text):
                    notes.append(text)
                case engine.Preview() | engine.Heartbeat():
                    pass
    raise WorkerLost("no outcome", guilty=False)


def _animation(workspace: Workspace, request: AnimationRequest) -> Animation:
    return Animation(
        job="once",
        attempt=1,
        request=request,
        image=workspace.input(request.image),
        clip=workspace.clip("once"),
        thumbnail=workspace.thumbnail("once"),
    )


def _bar() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _free_name(image: Path) -> Path:
    """A name beside you that is not taken: photo.mp4, photo-2.mp4, …"""
    name = Path(f"{image.stem}.mp4")
    number = 2
    while name.exists():
        name = Path(f"{image.stem}-{number}.mp4")
        number += 1
    return name


def _report(
    clip: Clip,
    target: Path,
    notes: list[str],
    elapsed: float,
    engine_name: str,
    *,
    as_json: bool,
) -> None:
    facts = {
        "path": str(target),
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "fps": clip.fps,
        "seconds": round(clip.frames / clip.fps, 3),
        "seed": clip.seed,
        "engine": engine_name,
        "bytes": clip.size,
        "elapsed": round(elapsed, 2),
    }
    if as_json:
        typer.echo(json.dumps(facts))
        return
    for note in notes:
        typer.echo(note)
    typer.secho(
        f"{target}: {clip.width}×{clip.height}, seed {clip.seed}, "
        f"{clip.size / 1e6:.1f} MB, made in {elapsed:.1f} s",
        fg="green",
    )
