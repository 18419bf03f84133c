"""`photoplay animate`: one picture, one clip, one progress bar."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.language.catalogue import Catalogue, load_texts
from bot.language.reasons import failed, noted
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
from generation.errors import EngineCrashed, GenerationFailed, InvalidImage, OperatorError
from generation.events import Cancelled, Failed
from generation.images.intake import PictureIntake
from generation.jobs import AnimationRequest, Clip
from generation.notes import Note
from generation.workspace import Workspace


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
    catalogue = load_texts().of_environment(os.environ)
    logs.configure(level=logging.WARNING)  # stdout is for the answer, a terminal for the bar
    for picture in (image, end):
        if picture is not None and not picture.is_file():
            raise InvalidImage("no_file", path=str(picture))
    target = output if output is not None else _free_name(image)
    if not target.parent.is_dir():
        raise InvalidImage("no_folder", path=str(target.parent))
    began = time.monotonic()
    choice = choose(settings)
    if sentence := notice(choice):
        typer.echo(sentence, err=True)
    with tempfile.TemporaryDirectory(prefix="photoplay-") as folder:
        child = started_by(choice, settings)[0]
        asked = _Asked(image, options, ExtraPictures(end=end))
        rules = rules_of(settings.moderation)
        made = _made(settings.defaults, rules, child, Path(folder), asked, catalogue)
        clip, notes = asyncio.run(made)
        try:
            shutil.move(clip.path, target)
        except OSError:
            raise GenerationFailed("no_place", path=str(target)) from None
    name = child.capabilities.engine
    elapsed = time.monotonic() - began
    if as_json:
        typer.echo(json.dumps(_facts(clip, target, elapsed, name)))
    else:
        _report(clip, target, notes, elapsed, catalogue)


@dataclass(frozen=True, slots=True)
class _Asked:
    image: Path
    options: Options
    extra: ExtraPictures


async def _made(
    defaults: DefaultsSettings,
    rules: PromptRules,
    child: EngineProcess,
    folder: Path,
    asked: _Asked,
    catalogue: Catalogue,
) -> tuple[Clip, list[Note]]:
    workspace = Workspace(folder, keep_inputs=0, keep_clips=0)
    workspace.create()
    intake = Intake(PictureIntake(), workspace, child, defaults)
    starting = asyncio.create_task(child.start())
    try:
        request = await prepared(intake, rules, asked.image, asked.options, asked.extra)
        with _bar() as bar:
            bar.add_task(catalogue.say("cli.phase.load"), total=None)
            await starting
            outcome, notes = await _outcome(child, _animation(workspace, request), bar, catalogue)
    except WorkerLost:
        raise EngineCrashed("once") from None
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await child.close()
        await intake.close()
    match outcome:
        case engine.Done(clip):
            return clip, [*request.notes, *notes]
        case Failed():
            raise OperatorError(failed(catalogue, outcome))
        case Cancelled():
            raise GenerationFailed("cancelled")


async def _outcome(
    child: EngineProcess, animation: Animation, bar: Progress, catalogue: Catalogue
) -> tuple[Outcome, list[Note]]:
    task = bar.task_ids[0]
    notes: list[Note] = []
    async with aclosing(child.animate(animation)) as reports:
        async for report in reports:
            match report:
                case engine.Done() | Failed() | Cancelled():
                    return report, notes
                case Phase(name):
                    bar.update(task, description=catalogue.say(f"cli.phase.{name}"))
                case engine.Step(index, total):
                    bar.update(task, completed=index, total=total)
                case Note():
                    notes.append(report)
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


def _facts(clip: Clip, target: Path, elapsed: float, engine_name: str) -> dict[str, object]:
    return {
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


def _report(
    clip: Clip, target: Path, notes: list[Note], elapsed: float, catalogue: Catalogue
) -> None:
    for note in noted(catalogue, notes):
        typer.echo(note)
    typer.secho(
        catalogue.say(
            "cli.made",
            path=str(target),
            width=clip.width,
            height=clip.height,
            seed=clip.seed,
            megabytes=clip.size / 1e6,
            elapsed=elapsed,
        ),
        fg="green",
    )
