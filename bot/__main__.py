"""`photoplay`: the command line; expected errors end in one line and an exit code."""

from __future__ import annotations

import os
import sys

import typer

from bot.cli.commands import app
from bot.cli.terminal import plain_endings
from bot.language.catalogue import load_texts
from bot.language.reasons import refusal
from config.errors import ConfigError
from generation.errors import AnimationError
from generation.sandbox.linux import hide_from_children


def main() -> None:
    """Exit codes: 0 done, 1 failed with one line on stderr, 2 usage, 128 + n ended by a signal."""
    hide_from_children()  # our environment and memory hold tokens, and children meet foreign files
    with plain_endings():
        try:
            app()
        except (ConfigError, AnimationError) as error:
            typer.secho(f"photoplay: {_said(error)}", err=True, fg="red")
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(130)


def _said(error: ConfigError | AnimationError) -> str:
    """Settings are the operator's, whose sentences are English; all else by the terminal."""
    if isinstance(error, ConfigError):
        return error.message
    return refusal(load_texts().of_environment(os.environ), error)


if __name__ == "__main__":
    main()
