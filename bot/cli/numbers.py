"""Numbers as people type them on a command line: half of the world writes a comma for a point."""

from __future__ import annotations

from pathlib import Path

import typer


def decimal(text: str) -> float:
    """`4.5` and `4,5`; raises `typer.BadParameter`."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number.") from None


def keyframe(text: str) -> tuple[float, Path]:
    """`AT=IMAGE`: seconds after the beginning, and the picture that the clip shows then."""
    at, found, image = text.partition("=")
    if not found or not image:
        raise typer.BadParameter(f"{text!r} is not AT=IMAGE, such as 2.5=middle.jpg.")
    return decimal(at), Path(image)
