"""Limits that every kernel knows. They are lowered, never raised, and not to be undone."""

from __future__ import annotations

import resource


def set_for_decoder(memory: int, seconds: int) -> None:
    """No file can be opened or grow. Threads count as processes, so those are the filter's.

    After `seconds` of the processor's time it is ended by SIGXCPU, which nobody else sends.
    """
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 0)
    no_core()


def set_for_encoder(files: int) -> None:
    _limit(resource.RLIMIT_NOFILE, files)
    no_core()


def no_core() -> None:
    """A dump would hold somebody's picture."""
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, value: int, most: int | None = None) -> None:
    """Lower a limit, and its own limit to `most`; one that is already lower stays."""
    hard = resource.getrlimit(kind)[1]
    least = value if most is None else most
    least = least if hard == resource.RLIM_INFINITY else min(least, hard)
    resource.setrlimit(kind, (min(value, least), least))
