"""Which errors say that this machine's memory has run out, whoever met it first."""

from __future__ import annotations

import errno

from generation.errors import OutOfMemory
from generation.events import Failed
from generation.media import opencv


def out_of_memory(error: BaseException) -> Failed | None:
    """The outcome where memory was missing; `None` for any other error.

    Python and numpy raise `MemoryError`, OpenCV its own, and the system refuses a process.
    """
    missing = (
        isinstance(error, MemoryError)
        or opencv.ran_out_of_memory(error)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    )
    return Failed(OutOfMemory.code, "machine") if missing else None
