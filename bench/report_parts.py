"""What every bench of the model's way prints alike: the machine, and each goal met or missed."""

from __future__ import annotations

import os
import platform


def machine() -> str:
    """Cores, architecture and Python: what the figures below belong to."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def judged(goal: str, found: str, *, met: bool | None) -> str:
    """One line for a goal; `met` is None where what it is about was not measured."""
    word = "not measured" if met is None else "met" if met else "MISSED"
    return f"{word:<13}{goal}: {found}"
