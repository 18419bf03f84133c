"""What several commands take, described once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

Config = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--config", help="Settings file instead of ./photoplay.toml."),
]
DataDir = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--data-dir", help="Where the database and files live (data_dir)."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log more; show tracebacks.")]
Output = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--output", "-o", metavar="PATH", help="An MP4, a folder, or - for the standard output."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]


class EngineName(StrEnum):
    AUTO = "auto"
    CAMERA = "camera"
    LTX = "ltx"
    VIDEOS = "videos"
