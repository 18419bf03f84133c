"""`photoplay recipe`: how a clip was made, read from the clip itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.foreign_text import shown
from bot.runtime.engine_choice import engine_environment
from generation.errors import InvalidImage

OF_THE_FILM = ("photoplay", "created")
"""What need not be said of each of its scenes again."""

LIMIT = 20.0
"""Seconds a clip may take to be read."""


def show(clip: Path, *, as_json: bool) -> None:
    """Raises `InvalidImage` for what is no clip, or none with a recipe."""
    recipe = {str(shown(name)): shown(value) for name, value in read(clip).items()}
    if as_json:
        typer.echo(json.dumps(recipe, ensure_ascii=False))
        return
    scenes = recipe.pop("scenes", [])
    table = Table(box=None, show_header=False)
    for name, value in _said(recipe).items():
        table.add_row(name, value)
    for number, scene in enumerate(scenes if isinstance(scenes, list) else [], 1):
        told = _said({name: value for name, value in scene.items() if name not in OF_THE_FILM})
        table.add_row(f"scene {number}", "\n".join(f"{name}: {one}" for name, one in told.items()))
    Console(markup=False).print(table)


def _said(recipe: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in recipe.items() if value not in (None, "", {})}


def read(clip: Path) -> dict[str, Any]:
    """By a process of its own; raises `InvalidImage` as above."""
    if not clip.is_file():
        raise InvalidImage("no_file", path=str(clip))
    command = [sys.executable, "-P", "-m", "generation.media.recipe_reader", str(clip.absolute())]
    environment = engine_environment(os.environ)
    try:
        answer = subprocess.run(command, capture_output=True, env=environment, timeout=LIMIT)
        found = json.loads(answer.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        found = {"broken": True}
    if "broken" in found:
        raise InvalidImage("not_a_clip", path=str(clip))
    if found["recipe"] is None:
        raise InvalidImage("no_recipe", path=str(clip))
    return {**found["recipe"], "source": found["source"]}
