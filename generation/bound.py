"""What every child process begins with: it dies with its parent and leaves SIGTERM to it.

A service manager's SIGTERM reaches the whole group at once. The parent alone decides what becomes
of the work; a child that ended by itself would look like one that a picture had killed.

In Python: `bind(parent)`. Before another program: `command(arguments)`, which is
`python -I -S bound.py PARENT PROGRAM ARGUMENTS…`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
FILES = 1024
"""Open files that a child may have: what libraries expect, whatever its parent has."""

NOT_STARTED = 127
"""What a shell ends with, too, where there is no such program."""


def bind(parent: int) -> None:
    """End here if `parent` has gone, else with it, be it stopped or killed.

    For the kernel the parent is the thread that made us, so that one has to live as long as we.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # of later threads and programs, too
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, FILES), hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def command(arguments: Sequence[str]) -> list[str]:
    """Another program as our bound child: it takes its first breath after `bind`."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *arguments]


def become(program: list[str]) -> None:
    """End with a sentence and `NOT_STARTED` where it cannot be started."""
    try:
        os.execvp(program[0], program)
    except OSError as error:
        sys.stderr.write(f"{program[0]} cannot be started: {error.strerror}")
        sys.exit(NOT_STARTED)


def main() -> None:
    parent, *program = sys.argv[1:]
    bind(int(parent))
    become(program)


if __name__ == "__main__":
    main()
