"""seccomp: which calls into the kernel a process may still make.

A filter is a program for the kernel's BPF machine that looks at each call's number, architecture
and arguments (linux/seccomp.h). Ours refuses by name and lets all else pass.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

from generation.sandbox import syscalls
from generation.sandbox.linux import system_call

Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, constant."""

LOAD, AND, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
"""`REFUSE` bears an errno in its lower half."""

NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
"""Offsets into `struct seccomp_data`."""

_INSTALL, _ALL_THREADS = 1, 1
_OTHER_NUMBERS = 0x40000000
"""From here on are the numbers of x32: the same calls under other numbers."""

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column in `syscalls`, and what the kernel calls it (linux/audit.h)."""


class Narrowed(NamedTuple):
    """A call that is judged by the lower 32 bits of an argument.

    With one of `values` under `mask` it passes if `passes`, else it is refused; with any other
    value it is the other way round.
    """

    call: str
    argument: int
    values: tuple[int, ...]
    passes: bool
    mask: int = 0xFFFFFFFF


class Filter(NamedTuple):
    """`absent` are answered as by a kernel that does not know them: libraries then take another."""

    refused: tuple[syscalls.Numbers, ...]
    narrowed: tuple[Narrowed, ...] = ()
    absent: tuple[str, ...] = ()


def program(chosen: Filter, architecture: str) -> list[Instruction]:
    """Raises `KeyError` for an architecture that is none of ours."""
    column, audited = ARCHITECTURES[architecture]
    return [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, audited),
        (RETURN, 0, 0, KILL),  # the calls of another architecture have other numbers
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, 0, 1, _OTHER_NUMBERS),
        (RETURN, 0, 0, REFUSE | errno.ENOSYS),
        *_refusals(chosen, column),
        (RETURN, 0, 0, ALLOW),
    ]


def _refusals(chosen: Filter, column: int) -> Iterator[Instruction]:
    for name in chosen.absent:
        yield from _refused(syscalls.ALL[name][column], errno.ENOSYS)
    for numbers in chosen.refused:
        for both in numbers.values():
            yield from _refused(both[column], errno.EPERM)
    for one in chosen.narrowed:
        yield from _narrowed(one, syscalls.ALL[one.call][column])


def _refused(number: int | None, error: int) -> Iterator[Instruction]:
    if number is not None:
        yield JUMP_EQUAL, 0, 1, number
        yield RETURN, 0, 0, REFUSE | error


def _narrowed(one: Narrowed, number: int | None) -> Iterator[Instruction]:
    """Ends in a return for this number, so that what it loads is in nobody's way."""
    if number is None:
        return
    count = len(one.values)
    yield JUMP_EQUAL, 0, count + 4, number
    yield LOAD, 0, 0, ARGUMENTS_AT + 8 * one.argument  # the lower half: both are little-endian
    yield AND, 0, 0, one.mask
    for index, value in enumerate(one.values):
        yield JUMP_EQUAL, count - index, 0, value
    otherwise, listed = REFUSE | errno.EPERM, ALLOW
    if not one.passes:
        otherwise, listed = listed, otherwise
    yield RETURN, 0, 0, otherwise
    yield RETURN, 0, 0, listed


class _FilterCode(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install(chosen: Filter) -> bool:
    """Filter every thread of this process, for good; False where kernel or processor has none.

    `no_new_privs` has to be set.
    """
    machine = os.uname().machine
    if machine not in ARCHITECTURES or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    code = b"".join(struct.pack("=HBBI", *one) for one in program(chosen, machine))
    number = syscalls.NARROWED["seccomp"][ARCHITECTURES[machine][0]]
    assert number is not None
    whole = _FilterCode(len(code) // 8, code)
    try:
        return system_call(number, _INSTALL, _ALL_THREADS, ctypes.byref(whole)) == 0
    except OSError:
        return False
