"""`photoplay queue`: through the running program's socket, or a look into the database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.language.catalogue import load_texts
from bot.language.reasons import failed
from bot.runtime.control_socket import PAGE, NotRunning, ask, report
from config.load import load
from generation.errors import Misconfigured, OperatorError
from generation.events import Failed
from generation.store.database import Database, Unwritable
from generation.store.history import History
from generation.store.job_queue import read_state


def show(config: Path | None, overrides: Mapping[str, object], *, page: int, as_json: bool) -> None:
    """Raises `Misconfigured` where there is neither a program nor a database."""
    folder = load(overrides, config=config).data_dir
    answer = asyncio.run(_state(folder, page))
    if as_json:
        typer.echo(json.dumps(answer))
    else:
        _print(answer, page)


def steer(
    config: Path | None,
    overrides: Mapping[str, object],
    command: str,
    *,
    job_id: str | None = None,
    engine: str | None = None,
) -> None:
    """Raises `Misconfigured` where nothing runs, `OperatorError` for a job that is not there."""
    folder = load(overrides, config=config).data_dir
    message: dict[str, str | int] = {"command": command}
    if job_id is not None:
        message["id"] = job_id
    if engine is not None:
        message["engine"] = engine
    try:
        answer = asyncio.run(ask(folder / "control.sock", message))
    except NotRunning:
        raise Misconfigured("No photoplay is running on this data_dir.") from None
    if "refused" in answer:
        refused = Failed(*answer["refused"])
        raise OperatorError(failed(load_texts().of(None), refused))
    if "error" in answer:
        raise OperatorError(answer["error"])
    _print_line(answer)


async def _state(folder: Path, page: int) -> dict[str, Any]:
    try:
        return await ask(folder / "control.sock", {"command": "list", "page": page})
    except NotRunning:
        database = await Database.open_read_only(folder / "photoplay.db")
        try:
            state = await report(await read_state(database), History(database), page=page)
        except Unwritable as error:
            raise Misconfigured(f"The database in data_dir cannot be read: {error}.") from None
        finally:
            await database.close()
        return {**state.as_json(), "running": False}


def _print_line(answer: dict[str, Any]) -> None:
    reason = f" {answer['reason']}" if answer.get("reason") else ""
    typer.echo(f"The queue is {answer['mode']}; {answer['count']} waiting or being made.{reason}")


def _print_engines(engines: Sequence[Mapping[str, Any]]) -> None:
    if not engines:
        return
    table = Table(box=None)
    for name in ("engine", "model", "state", "clips/h", "makes"):
        table.add_column(name, no_wrap=name == "makes")
    for one in engines:
        state = f"{one['status']}: {one['reason']}" if one["reason"] else one["status"]
        made = str(one["clips_last_hour"])
        table.add_row(one["name"], one["model"], state, made, " ".join(one["jobs"]))
    Console(markup=False).print(table)


def _print(answer: dict[str, Any], page: int) -> None:
    jobs = answer["jobs"]
    if not answer.get("running", True):
        typer.echo("No photoplay is running; this is what its database says.")
    _print_line(answer)
    _print_engines(answer.get("engines", []))
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
    pages = -(-answer["count"] // PAGE)
    if pages > 1:
        typer.echo(f"Page {page} of {pages}; --page shows another.")
