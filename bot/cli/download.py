"""`photoplay download`: the model's weights, after their licence and size were seen."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from bot.runtime.engine_choice import look
from bot.runtime.extras import how_to_add
from config.engine_sections import EngineSettings
from config.load import load
from generation.errors import Misconfigured
from generation.pipelines.ltx.model_choice import AUTO, choose_model
from generation.pipelines.ltx.profiles import PROFILES, Profile, profile_of
from generation.pipelines.ltx.weights.hub import (
    DownloadFailed,
    HubFile,
    arrived,
    fetch,
    go_plain,
    listing,
    remaining,
)

ROOM = 1.02
"""Times the size of what is to come: file systems need a little for themselves."""


def download(
    config: Path | None, overrides: Mapping[str, object], model: str | None, *, yes: bool
) -> None:
    """Raises `DownloadFailed`, `Misconfigured`, `ConfigError`."""
    if find_spec("huggingface_hub") is None:
        raise Misconfigured(f"The model's libraries are not installed: `{how_to_add('ltx')}`.")
    engine = load(overrides, config=config).engine
    profile = _profile(model or _offered(engine))
    if not engine.two_stages:
        profile = replace(profile, stages=None)
    typer.echo(f"{profile.name} from {profile.repo}, about {profile.download:.0f} GB.")
    typer.echo(profile.licence)
    go_plain()
    files = listing(profile)
    to_come = remaining(files)
    size = sum(file.size for file in files)
    typer.echo(f"{len(files)} files, {size / 1e9:.1f} GB.")
    if not to_come:
        typer.secho("Everything is here already.", fg="green")
        return
    typer.echo(f"{to_come / 1e9:.1f} GB are still to come.")
    _check_room(to_come)
    _agreed(yes=yes)
    _fetch_all(files)
    typer.secho("Everything is here; the next `photoplay run` uses it.", fg="green")


def _offered(engine: EngineSettings) -> str:
    """What `engine.model` names, or with `auto` the best model for this machine's card."""
    if engine.model != AUTO:
        return engine.model
    machine = look(engine)
    chosen = choose_model(machine.memory, lambda profile: False)
    where = "; ".join(machine.names) or "no GPU here"
    typer.echo(f"For this machine ({where}) it is {chosen.profile.name}.")
    return chosen.profile.name


def _profile(model: str) -> Profile:
    profile = profile_of(model)
    if profile is not None:
        return profile
    if Path(model).is_dir():
        raise Misconfigured("engine.model is a folder on this machine: there is nothing to fetch.")
    names = ", ".join(known.name for known in PROFILES)
    raise Misconfigured(f"There is no model of that name; there is {names}.")


def _check_room(to_come: int) -> None:
    from huggingface_hub.constants import HF_HUB_CACHE

    folder = next(p for p in (Path(HF_HUB_CACHE), *Path(HF_HUB_CACHE).parents) if p.exists())
    free = shutil.disk_usage(folder).free
    if free < to_come * ROOM:
        raise DownloadFailed(
            f"{free / 1e9:.1f} GB are free where the hub's cache is; "
            "make room or set HF_HOME to another disk."
        )


def _agreed(*, yes: bool) -> None:
    """Nobody's line and nobody's licence are used unasked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise DownloadFailed("Nothing was fetched: say --yes to agree to the licence and the size.")
    if not typer.confirm("Fetch them?"):
        raise DownloadFailed("Nothing was fetched.")


def _fetch_all(files: list[HubFile]) -> None:
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as bar:
        here = sum(arrived(file) for file in files)
        task = bar.add_task("", total=sum(file.size for file in files), completed=here)
        for file in files:
            bar.update(task, description=file.name)
            fetch(file, lambda more: bar.advance(task, more))
