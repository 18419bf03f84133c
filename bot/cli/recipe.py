"""`photoplay recipe`: how a clip was made, read from the clip itself."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.foreign_text import plain, shown
from bot.cli.terminal import terminal_catalogue
from bot.language.lineage import lineage_said
from generation.errors import InvalidImage
from generation.media.mp4_boxes import BrokenClip
from generation.media.returned_clip import read_clip

OF_THE_FILM = ("photoplay", "created")
"""What need not be said of each of its scenes again."""


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
    if not scenes:
        options = recipe.get("options")
        for line in lineage_said(
            terminal_catalogue(), options if isinstance(options, dict) else {}
        ):
            typer.echo(line)
        command = f"photoplay animate {shlex.quote(str(clip))}"
        typer.echo(terminal_catalogue().say("cli.again", command=plain(command)))


def _said(recipe: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in recipe.items() if value not in (None, "", {})}


def read(clip: Path) -> dict[str, Any]:
    """By a process of its own; raises `InvalidImage` as above."""
    if not clip.is_file():
        raise InvalidImage("no_file", path=str(clip))
    try:
        found = asyncio.run(read_clip(clip))
    except BrokenClip:
        raise InvalidImage("not_a_clip", path=str(clip)) from None
    if found.told is None:
        raise InvalidImage("no_recipe", path=str(clip))
    return {**found.told, "source": found.source}
