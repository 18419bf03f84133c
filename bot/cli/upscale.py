"""`photoplay upscale`: a clip twice as large, by a model that can, without any server."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from bot.cli.bars import bars_on_stderr
from bot.cli.clip_facts import clip_facts
from bot.cli.clip_maker import ClipMaker, Made
from bot.cli.ending import until_told_to_end
from bot.cli.foreign_text import plain
from bot.cli.output import Stdout, Target, make_folder, place, target_of
from bot.cli.recipe import read
from bot.cli.terminal import terminal_catalogue
from bot.language.catalogue import Catalogue
from bot.runtime import logs
from bot.runtime.engine_choice import choose, notice, started_by
from bot.submission.intake import MAX_PROMPT
from bot.submission.options import Options
from config.load import load
from config.settings import Settings
from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Phase, Report, Step
from generation.errors import GenerationFailed, InvalidImage, OperatorError, UnsupportedOption
from generation.jobs import Clip
from generation.media.stills import first_frame
from generation.workspace import Workspace

GIVEN = "given"
"""What the clip is called in the workspace."""


@dataclass(frozen=True, slots=True)
class Doubling:
    clip: Path
    output: str | None = None
    as_json: bool = False
    verbose: bool = False


def upscale(config: Path | None, overrides: Mapping[str, object], order: Doubling) -> None:
    """Raises `AnimationError` kinds and `ConfigError`."""
    settings = load(overrides, config=config)
    logs.configure(level=logging.INFO if order.verbose else logging.WARNING)
    catalogue = terminal_catalogue()
    recipe = read(order.clip)
    if "scenes" in recipe:
        raise UnsupportedOption("of_a_film", "video")
    target = target_of(order.output, (order.clip,), 1, catalogue)
    if order.as_json and target == Stdout():
        raise OperatorError(catalogue.say("cli.output.both"))
    make_folder(target, catalogue)
    asyncio.run(until_told_to_end(_upscaled(settings, order, recipe, target, catalogue)))


async def _upscaled(
    settings: Settings,
    order: Doubling,
    recipe: Mapping[str, Any],
    target: Target,
    catalogue: Catalogue,
) -> None:
    began = time.monotonic()
    choice = choose(settings, single=True)
    if sentence := notice(choice):
        typer.echo(sentence, err=True)
    with tempfile.TemporaryDirectory(prefix="photoplay-") as folder:
        workspace = Workspace(Path(folder), keep_inputs=0, keep_clips=0)
        child = started_by(choice, settings, workspace)[0]
        async with ClipMaker(settings, child, workspace, catalogue) as maker:
            clip = _copied(order.clip, recipe, workspace)
            made = await _doubled(maker, clip, recipe, catalogue)
        path = place(made.clip.path, target, order.clip, catalogue)
    elapsed = time.monotonic() - began
    if order.as_json:
        typer.echo(json.dumps(clip_facts(made.clip, path, elapsed, child.capabilities.engine)))
        return
    sentence = catalogue.say(
        "cli.made",
        path=plain(path),
        width=made.clip.width,
        height=made.clip.height,
        seed=made.clip.seed,
        size=made.clip.size,
        elapsed=elapsed,
    )
    typer.secho(sentence, fg="green", err=target == Stdout())


def _copied(path: Path, recipe: Mapping[str, Any], workspace: Workspace) -> Clip:
    """Whoever changes the file meanwhile changes nothing here."""
    here = workspace.clip(GIVEN)
    shutil.copyfile(path, here)
    shape = (recipe["width"], recipe["height"], recipe["frames"], recipe["fps"])
    return Clip(here, *shape, seed=recipe["seed"], size=here.stat().st_size)


async def _doubled(
    maker: ClipMaker, clip: Clip, recipe: Mapping[str, Any], catalogue: Catalogue
) -> Made:
    try:
        picture = await asyncio.to_thread(first_frame, clip.path)
    except GenerationFailed:
        raise InvalidImage("not_a_clip", path=str(clip.path.name)) from None
    with bars_on_stderr() as shown:
        task = shown.add_task(catalogue.say("cli.phase.load"), total=None)

        def told(report: Report) -> None:
            match report:
                case Phase(name):
                    shown.update(task, description=catalogue.say(f"cli.phase.{name}"))
                case Step(index, total):
                    shown.update(task, completed=index, total=total)
                case _:
                    pass

        return await maker.double(clip, picture, _options(recipe), told)


def _options(recipe: Mapping[str, Any]) -> Options:
    """What the model is told again; names that only a later version knows are left to the words."""
    motions, effects = {str(one) for one in Motion}, {str(one) for one in Effect}
    motion, effect = str(recipe["motion"]), str(recipe["effect"])
    return Options(
        prompt=str(recipe["prompt"])[:MAX_PROMPT],
        motion=Motion(motion) if motion in motions else Motion.AUTO,
        effect=Effect(effect) if effect in effects else Effect.AUTO,
    )
