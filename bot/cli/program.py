"""The command line from its arguments to an exit code; expected errors end in one line."""

from __future__ import annotations

import typer

from bot.cli.commands import app
from bot.cli.terminal import plain_endings
from config.errors import ConfigError
from generation.errors import AnimationError
from generation.sandbox.linux import hide_from_children


def run() -> int:
    """0 done, 1 failed with one line on stderr, 2 usage, 128 + n ended by a signal."""
    hide_from_children()  # our environment and memory hold tokens, and children meet foreign files
    with plain_endings():
        return _run()


def _run() -> int:
    """Settings are the operator's, whose sentences are English; all else by the terminal."""
    try:
        return app(standalone_mode=False) or 0
    except ConfigError as error:
        _complain(error.message)
        return 1
    except (AnimationError, typer.Abort) as error:
        _complain(_said(error))
        return 1
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(error.message, err=True)
        else:
            _complain(_said(error))
        return 2
    except KeyboardInterrupt:
        return 130


def _said(error: AnimationError | typer.Abort | typer.TyperException) -> str:
    """Every sentence there is takes longer to load than help takes to be shown."""
    from bot.cli.failure import said_of

    return said_of(error)


def _complain(sentence: str) -> None:
    typer.secho(f"photoplay: {sentence}", err=True, fg="red")
