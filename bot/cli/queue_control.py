"""`photoplay queue`: through the running program's socket, or a look into the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.language.catalogue import load_texts
from bot.language.reasons import failed
from bot.runtime.control_socket import NotRunning, ask, report
from config.load import load
from generation.errors import Misconfigured, OperatorError
from generation.events import Failed
from generation.store.database import Database, Unwritable
from generation.store.history import History
from generation.store.job_queue import read_state


def show(config: Path | None, overrides: Mapping[str, object], *, as_json: bool) -> None:
    """Raises `Misconfigured` where there is neither a program nor a database."""
    folder = load(overrides, config=config).data_dir
    answer = asyncio.run(_state(folder))
    if as_json:
        typer.echo(json.dumps(answer))
    else:
        _print(answer)


def steer(
    config: Path | None, overrides: Mapping[str, object], command: str, job_id: str | None
) -> None:
    """Raises `Misconfigured` where nothing runs, `OperatorError` for a job that is not there."""
    folder = load(overrides, config=config).data_dir
    message = {"command": command} | ({"id": job_id} if job_id is not None else {})
    try:
        answer = asyncio.run(ask(folder / "control.sock", message))
    except NotRunning:
        raise Misconfigured("No photoplay is running on this data_dir.") from None
    if "refused" in answer:
        refused = Failed(*answer["refused"])
        raise OperatorError(failed(load_texts().of(None), refused))
    if "error" in answer:
        raise OperatorError(answer["error"])
    _print(answer)


async def _state(folder: Path) -> dict[str, Any]:
    try:
        return await ask(folder / "control.sock", {"command": "list"})
    except NotRunning:
        database = await Database.open_read_only(folder / "photoplay.db")
        try:
            state = await report(await read_state(database), History(database))
        except Unwritable as error:
            raise Misconfigured(f"The database in data_dir cannot be read: {error}.") from None
        finally:
            await database.close()
        return {**state.as_json(), "running": False}


def _print(answer: dict[str, Any]) -> None:
    jobs = answer["jobs"]
    if not answer.get("running", True):
        typer.echo("No photoplay is running; this is what its database says.")
    typer.echo(f"The queue is {answer['mode']}; {len(jobs)} waiting or being made.")
    if answer.get("reason"):
        typer.echo(answer["reason"])
    if not jobs:
        return
    table = Table(box=None)
    table.add_column("id", no_wrap=True, min_width=24)
    for name in ("status", "requester", "asked", "prompt"):
        table.add_column(name)
    for job in jobs:
        prompt = job["prompt"][:40]
        table.add_row(job["id"], job["status"], job["requester"], job["created_at"], prompt)
    Console(markup=False).print(table)
