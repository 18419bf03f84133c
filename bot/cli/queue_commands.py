"""`photoplay queue …`: the commands that steer the running instance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli.parameters import AsJson, Config, DataDir

queue = typer.Typer(
    help="Look at the running instance's queue, or steer it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
OneEngine = Annotated[
    Optional[str],  # noqa: UP045
    typer.Argument(metavar="ENGINE", help="One engine, by the name that `queue list` shows."),
]


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
def resume(engine: OneEngine = None, config: Config = None, data_dir: DataDir = None) -> None:
    """Go on after pause or drain; with an ENGINE, give this one work again."""
    _steer("resume", config, data_dir, engine=engine)


@queue.command()
def drain(engine: OneEngine = None, config: Config = None, data_dir: DataDir = None) -> None:
    """Accept no more requests, finish those that wait; with an ENGINE, give it no more work."""
    _steer("drain", config, data_dir, engine=engine)


@queue.command()
def cancel(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="As `queue list` shows it.")],
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """End a waiting or running job of anybody's."""
    _steer("cancel", config, data_dir, job_id=job_id)


def _steer(
    command: str,
    config: Path | None,
    data_dir: Path | None,
    *,
    job_id: str | None = None,
    engine: str | None = None,
) -> None:
    from bot.cli import queue_control

    folder = {"data_dir": data_dir}
    queue_control.steer(config, folder, command, job_id=job_id, engine=engine)
