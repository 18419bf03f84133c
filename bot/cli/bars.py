"""A bar in the terminal for each clip that is made."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from bot.language.catalogue import Catalogue
from generation.engine.protocol import Phase, Report, Step


def bars_on_stderr() -> Progress:
    """They vanish at the end, and are not shown at all to a program that reads us."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # elsewhere it is a program's that reads us
        disable=not console.is_terminal,
    )


def show_report(
    bars: Progress, task: TaskID, name: str, report: Report, catalogue: Catalogue
) -> None:
    """What an engine reports of the clip with this `name`."""
    match report:
        case Phase(phase):
            said = catalogue.say(f"cli.phase.{phase}")
            bars.update(task, description=catalogue.say("options.pair", name=name, said=said))
        case Step(index, total):
            bars.update(task, completed=index, total=total)
        case _:
            pass
