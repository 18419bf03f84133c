"""`photoplay`: the command line; expected errors end in one line and an exit code."""

from __future__ import annotations

import sys

import typer

from bot.cli.commands import app
from config.errors import ConfigError
from generation.errors import AnimationError


def main() -> None:
    """Exit codes: 0 done, 1 failed with one line on stderr, 2 usage, 130 interrupted."""
    try:
        app()
    except (ConfigError, AnimationError) as error:
        typer.secho(f"photoplay: {error.message}", err=True, fg="red")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
