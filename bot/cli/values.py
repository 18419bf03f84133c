"""Values as people type them on a command line: half of the world writes a comma for a point.

The sentence for one that cannot be read is `misuse.py`'s, by the option's name.
"""

from __future__ import annotations

from pathlib import Path

import typer

from generation.errors import UnsupportedOption
from generation.images.geometry import parse_size


def decimal(text: str) -> float:
    """`4.5` and `4,5`; raises `typer.BadParameter`."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise typer.BadParameter(text) from None


def size(text: str) -> str:
    """`704x480` or `auto`, as it was typed; raises `typer.BadParameter`."""
    try:
        parse_size(text)
    except UnsupportedOption:
        raise typer.BadParameter(text) from None
    return text


def keyframe(text: str) -> tuple[float, Path]:
    """`AT=IMAGE`: seconds after the beginning, and the picture that the clip shows then."""
    at, found, image = text.partition("=")
    if not found or not image:
        raise typer.BadParameter(text)
    return decimal(at), Path(image)
