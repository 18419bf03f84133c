"""Output that never ends in a traceback: a terminal without our signs, a disk that is full."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from generation.system_words import system_words

ERRORS = "photoplay.plain"

PLAIN = {
    "\u202f": " ",
    "→": "->",
    "✓": "+",
    "✗": "x",
    "–": "-",
    "—": "-",
    "…": "...",
    "’": "'",
    "×": "x",
}
"""What our sentences use, for terminals that know latin-1 or less."""


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign, "?") for sign in signs), error.end


@contextlib.contextmanager
def plain_endings() -> Iterator[None]:
    """Inside, every sign can be written; a stream that takes nothing any more ends with exit 1."""
    codecs.register_error(ERRORS, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ERRORS)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `| head` has seen enough
        _give_up(sys.stdout)
        sys.exit(1)
    except OSError as error:
        _give_up(sys.stdout)
        with contextlib.suppress(OSError):
            sys.stderr.write(f"photoplay: The output cannot be written: {system_words(error)}.\n")
            sys.stderr.flush()
        sys.exit(1)


def _give_up(stream: TextIO) -> None:
    """What is still in its buffer goes nowhere, or Python would try again at its own end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
