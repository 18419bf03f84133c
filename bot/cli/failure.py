"""The one line with which a command ends that did not do what it was asked for."""

from __future__ import annotations

import sys

import typer

from bot.cli.misuse import misuse
from bot.cli.terminal import terminal_catalogue
from bot.language.reasons import refusal
from generation.errors import AnimationError


def said_of(error: AnimationError | typer.Abort | typer.TyperException) -> str:
    """In the terminal's language."""
    catalogue = terminal_catalogue()
    match error:
        case AnimationError():
            return refusal(catalogue, error)
        case typer.Abort():
            return catalogue.say("cli.misuse.aborted")
        case typer.TyperException():
            return misuse(catalogue, error, sys.argv[1:])
