"""What each kind of child may still do, from the moment it confines itself, for good.

| | decoder | recipe reader | encoder (ffmpeg) | camera engine |
|---|---|---|---|---|
| reads files | none | the clip | its input, programs | `inputs/`, `clips/`, programs |
| writes files | none | none | its one output | in `clips/` |
| network | none | none | none | none, or TCP to a time-stamping service |
| processes | threads | threads | threads, a program | any, for ffmpeg |
| signals | to itself | to itself | to itself | to its own children |

None can trace others, read their memory, or reach the parts of the kernel in `syscalls.KERNEL`. A
model's engine gets nothing but `no_new_privs`: CUDA talks to devices, and compiles.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generation.sandbox import landlock, limits, syscalls
from generation.sandbox.landlock import Allowed
from generation.sandbox.linux import allow_no_new_rights
from generation.sandbox.seccomp import Filter, Narrowed, install

CLONE_THREAD = 0x10000
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15
PR_SET_PDEATHSIG, PR_SET_PTRACER = 1, 0x59616D61
BINDING = (PR_SET_PDEATHSIG, PR_SET_PTRACER)
"""It dies with its parent, and is traced by nobody."""

ENCODER_FILES = 64

Paths = Sequence[str | os.PathLike[str]]


class Held(NamedTuple):
    """Which parts of a sandbox are in force: Landlock's ABI, or 0, and whether seccomp is."""

    landlock: int
    seccomp: bool


def confine_decoder(*, memory: int, seconds: int) -> Held:
    """Bytes come and go by pipes that are open already: nothing can be opened any more.

    So everything has to be imported before. `RLIMIT_NOFILE` alone sees to that where the kernel
    has nothing better.
    """
    held = _confined((), alone(syscalls.PROGRAMS, syscalls.OPENING, syscalls.CHANGING))
    limits.set_for_decoder(memory, seconds)  # last: Landlock's rules are files, too
    return held


def confine_reader(path: str | os.PathLike[str]) -> Held:
    """For pure Python that reads one foreign file."""
    limits.no_core()
    refused = (syscalls.PROGRAMS, syscalls.CHANGING)
    return _confined([(path, landlock.READ)], alone(*refused))


def confine_encoder(program: str, reads: Paths, writes: str | os.PathLike[str]) -> Held:
    """`writes` has to exist, so that no right to its folder is needed.

    It becomes `program` only afterwards, so programs can be run; those are the system's alone, and
    have the same limits.
    """
    limits.set_for_encoder(ENCODER_FILES)
    allowed = [
        (program, landlock.RUN),
        *system_programs(),
        *((path, landlock.READ) for path in reads),
        (writes, landlock.OVERWRITE),
    ]
    return _confined(allowed, alone(syscalls.CHANGING))


def confine_engine(files: Allowed, *, connect: bool, parent: int) -> Held:
    """`connect` is for a time-stamping service."""
    limits.no_core()
    allowed = [*system_programs(), *files]
    return _confined(allowed, engine_filter(connect=connect, parent=parent), connect)


def engine_filter(*, connect: bool, parent: int) -> Filter:
    """It starts ffmpeg and ends it. Where Landlock knows no signals, only `parent` is spared."""
    network = () if connect else (syscalls.NETWORK,)
    spared = (Narrowed(call, 0, (parent,), passes=False) for call in ("kill", "tgkill"))
    refused = (*network, syscalls.OTHERS, syscalls.KERNEL)
    return Filter(refused, (*_limits_and_owners(), *spared))


def system_programs() -> Iterable[tuple[str, int]]:
    """Programs, their libraries, and what these look at; nothing of anybody's own."""
    folders = ["/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/nix/store", "/gnu/store"]
    given = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    yield from ((folder, landlock.RUN) for folder in (*folders, *filter(None, given)))
    for file in ("/etc/ld.so.cache", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system"):
        yield file, landlock.READ
    for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
        yield device, landlock.READ | landlock.OVERWRITE


def alone(*refused: syscalls.Numbers) -> Filter:
    """A process that starts none, signals none, and reaches no network."""
    own = (os.getpid(),)
    return Filter(
        (*refused, syscalls.PROCESSES, syscalls.NETWORK, syscalls.OTHERS, syscalls.KERNEL),
        (
            *_limits_and_owners(),
            Narrowed("prctl", 0, BINDING, passes=False),
            Narrowed("kill", 0, own, passes=True),
            Narrowed("tgkill", 0, own, passes=True),
            Narrowed("clone", 0, (CLONE_THREAD,), passes=True, mask=CLONE_THREAD),
        ),
        absent=("clone3",),  # its flags lie in memory, where no filter looks
    )


def _limits_and_owners() -> tuple[Narrowed, ...]:
    """Limits can be set for others; the owner of a file is sent a signal of one's choice."""
    return (
        Narrowed("prlimit64", 0, (0, os.getpid()), passes=True),
        Narrowed("fcntl", 1, (F_SETOWN, F_SETSIG, F_SETOWN_EX), passes=False),
    )


def _confined(allowed: Allowed, filter_: Filter, connect: bool = False) -> Held:
    """Landlock first: its own calls open files, which the filter may refuse."""
    allow_no_new_rights()
    abi = landlock.restrict(allowed, connect=connect)
    return Held(abi, install(filter_))
