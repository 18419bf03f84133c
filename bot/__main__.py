"""`photoplay`: what has to be so before the program is loaded, which takes a moment."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType

from bot.cli.streams import open_closed_streams

LOADING = 50_000
"""Objects that come between two looks for waste: what is loaded stays, and would be looked through
a hundred times."""


def main() -> None:
    """Exit codes: 0 done, 1 failed with one line on stderr, 2 usage, 128 + n ended by a signal."""
    open_closed_streams()
    gc.set_threshold(LOADING)
    try:
        sys.exit(_loaded_and_run())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _loaded_and_run() -> int:
    """While it loads, a library could take Ctrl-C for a fault of its own: nobody is asked then."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heard:
        signal.signal(signal.SIGINT, _end)
    from bot.cli.program import run

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return run()


def _end(number: int, _: FrameType | None) -> None:
    os._exit(128 + number)


if __name__ == "__main__":
    main()
