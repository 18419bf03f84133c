"""The commands and their options; what they do lives beside, imported when it is asked for."""

from __future__ import annotations

from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Optional

import typer

from generation.directions.vocabulary import Effect, Motion

app = typer.Typer(
    name="photoplay",
    help="Pictures brought to life: a queue, an engine, and the places people ask from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
queue = typer.Typer(help="Look at the running instance's queue, or steer it.", no_args_is_help=True)
app.add_typer(queue, name="queue")

Config = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--config", help="Settings file instead of ./photoplay.toml."),
]
DataDir = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--data-dir", help="Where the database and files live (data_dir)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]


class EngineName(StrEnum):
    AUTO = "auto"
    CAMERA = "camera"
    LTX = "ltx"
    VIDEOS = "videos"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"photoplay {version('photoplay')}")
        raise typer.Exit


@app.callback()
def root(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say it.")
    ] = False,
) -> None:
    """Pictures brought to life: a queue, an engine, and the places people ask from."""


@app.command()
def run(
    config: Config = None,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address of the page (web.host).")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the page (web.port).")] = None,
    engine: Annotated[EngineName | None, typer.Option(help="engine.name.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
) -> None:
    """Serve the page and every configured chat until Ctrl-C or SIGTERM."""
    from bot.cli.run import serve

    overrides = {
        "data_dir": data_dir,
        "web.host": host,
        "web.port": port,
        "engine.name": engine.value if engine else None,
    }
    serve(config, overrides, verbose=verbose)


@app.command()
def animate(
    image: Annotated[Path, typer.Argument(help="The picture: JPEG, PNG, WebP, HEIC and others.")],
    prompt: Annotated[str, typer.Argument(help="What should happen.")] = "",
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", "-o", help="The MP4 to write; else beside you."),
    ] = None,
    motion: Annotated[Motion, typer.Option(help="What the camera does.")] = Motion.AUTO,
    effect: Annotated[Effect, typer.Option(help="Weather or time of day.")] = Effect.NONE,
    seconds: Annotated[float | None, typer.Option(help="Length of the clip.")] = None,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT, or auto.")] = "auto",
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same clip.")] = None,
    end: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A picture to end on."),
    ] = None,
    engine: Annotated[EngineName | None, typer.Option(help="engine.name.")] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Make one clip, without any server."""
    from bot.cli.animate import animate as make_clips
    from bot.submission.options import Options

    overrides = {"engine.name": engine.value if engine else None}
    options = Options(
        prompt=prompt, motion=motion, effect=effect, seconds=seconds, size=size, seed=seed
    )
    make_clips(config, overrides, image, options, output, end, as_json=as_json)


@app.command()
def doctor(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Check everything that has to work, with the cure for what does not."""
    from bot.cli.doctor import doctor as examine

    if not examine(config, {"data_dir": data_dir}, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def download(
    model: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A hub id or a model's name; else engine.model."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to the licence and the size.")] = False,
    config: Config = None,
) -> None:
    """Fetch a model's weights; resumes where it was cut, and verifies."""
    from bot.cli.download import download as fetch

    fetch(config, {}, model, yes=yes)


@app.command()
def recipe(
    clip: Annotated[Path, typer.Argument(help="An MP4 that photoplay made.")],
    as_json: AsJson = False,
) -> None:
    """Show how a clip was made: words, seed, engine, size."""
    from bot.cli.recipe import show

    show(clip, as_json=as_json)


@queue.command("list")
def list_(
    config: Config = None,
    data_dir: DataDir = None,
    page: Annotated[int, typer.Option(min=1, help="50 jobs each, the next first.")] = 1,
    as_json: AsJson = False,
) -> None:
    """What is being made and who waits; reads the database where nothing runs."""
    from bot.cli import queue_control

    queue_control.show(config, {"data_dir": data_dir}, page=page, as_json=as_json)


@queue.command()
def pause(config: Config = None, data_dir: DataDir = None) -> None:
    """Start no more jobs; requests are still accepted."""
    _steer("pause", config, data_dir)


@queue.command()
def resume(config: Config = None, data_dir: DataDir = None) -> None:
    """Go on after pause or drain."""
    _steer("resume", config, data_dir)


@queue.command()
def drain(config: Config = None, data_dir: DataDir = None) -> None:
    """Accept no more requests; finish those that wait."""
    _steer("drain", config, data_dir)


@queue.command()
def cancel(
    job_id: Annotated[str, typer.Argument(help="As `queue list` shows it.")],
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """End a waiting or running job of anybody's."""
    _steer("cancel", config, data_dir, job_id)


def _steer(
    command: str, config: Path | None, data_dir: Path | None, job_id: str | None = None
) -> None:
    from bot.cli import queue_control

    queue_control.steer(config, {"data_dir": data_dir}, command, job_id)
