"""`photoplay recipe`: how a clip was made, read from the clip itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bot.runtime.engine_choice import engine_environment
from generation.errors import InvalidImage, Rejected

LIMIT = 20.0
"""Seconds a clip may take to be read."""


def show(clip: Path, *, as_json: bool) -> None:
    """Raises `InvalidImage` for what is no clip, `Rejected` for a clip without a recipe."""
    if not clip.is_file():
        raise InvalidImage(f"There is no file {clip}.")
    recipe = _read(clip)
    if as_json:
        typer.echo(json.dumps(recipe, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False)
    for name, value in recipe.items():
        if value not in (None, "", {}):
            table.add_row(name, str(value))
    Console(markup=False).print(table)


def _read(clip: Path) -> dict[str, object]:
    command = [sys.executable, "-P", "-m", "generation.media.recipe_reader", str(clip.absolute())]
    environment = engine_environment(os.environ)
    try:
        answer = subprocess.run(command, capture_output=True, env=environment, timeout=LIMIT)
        found = json.loads(answer.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        found = {"broken": True}
    if "broken" in found:
        raise InvalidImage(f"{clip} is not an MP4 that can be read.")
    if found["recipe"] is None:
        raise Rejected(f"{clip} carries no recipe of photoplay's.")
    return {**found["recipe"], "source": found["source"]}
