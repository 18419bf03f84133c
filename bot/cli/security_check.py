"""Doctor's findings about secrets and foreign files: who can read tokens, what holds children."""

from __future__ import annotations

import shlex
import stat
from pathlib import Path

from bot.cli.finding import Finding
from bot.runtime.sandbox import lacking
from config.load import files_with_secrets
from generation.sandbox.children import Held
from generation.sandbox.trial import held_here

OTHERS = stat.S_IRGRP | stat.S_IROTH


def secrets(config: Path | None) -> Finding:
    """Raises `ConfigError`."""
    exposed = [path for path in files_with_secrets(config=config) if path.stat().st_mode & OTHERS]
    if not exposed:
        return Finding("secrets", True, False, "No other user can read a token in a settings file.")
    names = " and ".join(path.name for path in exposed)
    message = f"Other users of this machine can read the secrets in {names}."
    return Finding("secrets", False, False, message, f"chmod 600 {shlex.join(map(str, exposed))}")


def sandbox() -> Finding:
    return said_of(held_here())


def said_of(held: Held) -> Finding:
    landlock = f"Landlock ABI {held.landlock}" if held.landlock else "no Landlock"
    message = f"{landlock}, {'seccomp' if held.seccomp else 'no seccomp'}"
    if not lacking(held):
        message += " around whatever reads foreign files."
        return Finding("sandbox", True, False, message)
    message += ": less than there could be around whatever reads foreign files."
    cure = "Linux has both from 5.13 on; a container has to allow their system calls."
    return Finding("sandbox", False, False, message, cure)
