"""Landlock: which files a process may still touch, whatever its user may.

A kernel has it in versions ("ABI"); each knows more that can be refused, and we refuse all that the
kernel at hand knows (linux/landlock.h).
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

from generation.sandbox.linux import system_call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_FILE, MAKE_FILE = 1 << 5, 1 << 8
TRUNCATE, DEVICE_CONTROL = 1 << 14, 1 << 15

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
OVERWRITE = READ_FILE | WRITE_FILE | TRUNCATE
FILL = READ | OVERWRITE | REMOVE_FILE | MAKE_FILE
"""Rights to a file, or to a folder and all that is beneath it."""

_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL
_KNOWN_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: TRUNCATE, 5: DEVICE_CONTROL}
_BIND_TCP, _CONNECT_TCP = 1 << 0, 1 << 1
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1

Allowed = Iterable[tuple[str | os.PathLike[str], int]]


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """The kernel's ABI; 0 where it has none, or keeps it from us."""
    try:
        return system_call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(allowed: Allowed, *, connect: bool = False) -> int:
    """Refuse all of the file system but `allowed`; returns the ABI in force, 0 for none.

    From ABI 4 on TCP is refused too, unless `connect`; from 6 on signals to processes, and
    connections to abstract sockets, that are not ours. A path that does not exist is passed over.
    `no_new_privs` has to be set. It holds for this thread and all that it starts.
    """
    abi = version()
    if abi == 0:
        return 0
    files = sum(rights for since, rights in _KNOWN_SINCE.items() if since <= abi)
    network = _BIND_TCP if connect else _BIND_TCP | _CONNECT_TCP
    scoped = _ABSTRACT_SOCKETS | _SIGNALS
    ruleset = _Ruleset(files, network if abi >= 4 else 0, scoped if abi >= 6 else 0)
    size = ctypes.sizeof(ruleset)
    try:
        handle = system_call(_CREATE_RULESET, ctypes.byref(ruleset), size, 0)
        try:
            for path, rights in allowed:
                _allow(handle, path, rights & files)
            system_call(_RESTRICT_SELF, handle, 0)
        finally:
            os.close(handle)
    except OSError:
        return 0
    return abi


def _allow(ruleset: int, path: str | os.PathLike[str], rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= _OF_A_FILE
        rule = _Beneath(rights, handle)
        system_call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)
