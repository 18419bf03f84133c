"""The system calls that a sandbox is made of, for which Python has no functions."""

from __future__ import annotations

import ctypes
import errno
import os
import sys

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)


def system_call(number: int, *arguments: object) -> int:
    """Numbers count as 64 bits. Raises `OSError`."""
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def hide_from_children() -> None:
    """Keep whoever runs as the same user out of our memory and environment, tracers too.

    The price: no core is dumped, and tools such as py-spy and gdb need root. A child is as it
    would be without, from its `exec` on. Root's own children are not kept out by this.
    """
    _prctl(_PR_SET_DUMPABLE, 0)


def allow_no_new_rights() -> None:
    """No program that we become gains rights by its file, as `sudo` does; for good."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _libc.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3)
