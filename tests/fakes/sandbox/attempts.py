"""What somebody would try who has broken into a child, each as a function of its targets.

`python -m tests.fakes.sandbox.attempts KIND < TARGETS` confines itself like a child of that kind
and prints what became of each attempt.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from generation.images.limits import MEMORY_BYTES, SECONDS
from generation.sandbox import landlock
from generation.sandbox.children import (
    Held,
    alone,
    confine_decoder,
    confine_encoder,
    confine_engine,
    confine_reader,
)
from generation.sandbox.engine_files import engine_files
from generation.sandbox.linux import allow_no_new_rights
from generation.sandbox.seccomp import ARCHITECTURES, install
from generation.sandbox.syscalls import CHANGING, OPENING, OTHERS, PROGRAMS

Targets = Mapping[str, Any]
DENIED: Final = (errno.EPERM, errno.EACCES, errno.EMFILE, errno.ENOSYS)
PTRACE_SEIZE, PTRACE_DETACH, CLONE_NEWUSER = 0x4206, 17, 0x10000000

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: Any) -> None:
    if getattr(_libc, name)(*arguments) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _by_number(name: str, *arguments: Any) -> None:
    """One that the C library has no function for."""
    number = OTHERS[name][ARCHITECTURES[os.uname().machine][0]]
    _call("syscall", number, *arguments)


def _reading(name: str) -> Callable[[Targets], None]:
    def read(targets: Targets) -> None:
        Path(targets[name]).read_bytes()

    return read


def _environ(targets: Targets) -> None:
    Path(f"/proc/{targets['bot']}/environ").read_bytes()


def _memory(targets: Targets) -> None:
    Path(f"/proc/{targets['bot']}/mem").open("rb").close()


class _Piece(ctypes.Structure):
    _fields_ = (("address", ctypes.c_void_p), ("length", ctypes.c_size_t))


def _memory_by_call(targets: Targets) -> None:
    """At an address where nothing is, so that only the right to ask counts."""
    into = ctypes.create_string_buffer(1)
    ours, theirs = _Piece(ctypes.addressof(into), 1), _Piece(16, 1)
    pieces = ctypes.byref(ours), 1, ctypes.byref(theirs), 1
    try:
        _call("process_vm_readv", int(targets["bot"]), *pieces, 0)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise


def _trace(targets: Targets) -> None:
    pid = int(targets["bot"])
    _call("ptrace", PTRACE_SEIZE, pid, None, None)


def _write_clip(targets: Targets) -> None:
    (Path(targets["clips"]) / "another.mp4").write_bytes(b"not what was made")


def _delete_clip(targets: Targets) -> None:
    Path(targets["clip"]).unlink()


def _change_mode(targets: Targets) -> None:
    os.chmod(targets["clips"], 0o777)


def _internet(targets: Targets) -> None:
    with socket.create_connection(("127.0.0.1", int(targets["port"])), timeout=5):
        pass


def _datagram(_: Targets) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _control_socket(targets: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(targets["control"])


def _abstract_socket(targets: Targets) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(f"\0{targets['abstract']}")


def _program(_: Targets) -> None:
    """The kernel looks for the file only where programs may be run."""
    try:
        os.execv("/nonexistent/program", ["program"])
    except FileNotFoundError:
        return


def _fork(_: Targets) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _signal(targets: Targets) -> None:
    os.kill(int(targets["bot"]), signal.SIGCONT)


def _signal_by_owner(targets: Targets) -> None:
    """Who owns a file is sent a signal when something comes."""
    fcntl.fcntl(0, fcntl.F_SETOWN, int(targets["bot"]))


def _signal_by_handle(targets: Targets) -> None:
    os.close(os.pidfd_open(int(targets["bot"])))


def _processors(targets: Targets) -> None:
    """To those that it may use already, so that it does no harm where it succeeds."""
    bot = int(targets["bot"])
    os.sched_setaffinity(bot, os.sched_getaffinity(bot))


def _scheduling(targets: Targets) -> None:
    os.sched_setscheduler(int(targets["bot"]), os.SCHED_OTHER, os.sched_param(0))


def _scheduling_details(targets: Targets) -> None:
    os.sched_setparam(int(targets["bot"]), os.sched_param(0))


def _pages(targets: Targets) -> None:
    """None of them, to nowhere: whether it may ask is what counts."""
    _by_number("move_pages", int(targets["bot"]), 0, None, None, None, 0)


def _nodes(targets: Targets) -> None:
    """From the first memory to itself."""
    first = ctypes.byref(ctypes.c_ulong(1))
    _by_number("migrate_pages", int(targets["bot"]), 64, first, first)


def _likeness(targets: Targets) -> None:
    """Whether the two have the same open file at 0; the answer tells where it lies."""
    _by_number("kcmp", os.getpid(), int(targets["bot"]), 0, 0, 0)


def _priority(targets: Targets) -> None:
    bot = int(targets["bot"])
    os.setpriority(os.PRIO_PROCESS, bot, os.getpriority(os.PRIO_PROCESS, bot))


def _limits(targets: Targets) -> None:
    resource.prlimit(int(targets["bot"]), resource.RLIMIT_CORE, (0, 0))


def _outlive(_: Targets) -> None:
    _call("prctl", 1, 0, 0, 0, 0)


def _namespace(_: Targets) -> None:
    _call("unshare", CLONE_NEWUSER)


def _shared_memory(_: Targets) -> None:
    _call("shmget", 0, 4096, 0o1600)


ATTEMPTS: Final[dict[str, Callable[[Targets], None]]] = {
    "read the bot's environment": _environ,
    "read the bot's memory": _memory,
    "read the bot's memory by a call": _memory_by_call,
    "trace the bot": _trace,
    "read the secret": _reading("secret"),
    "read the database": _reading("database"),
    "read the settings": _reading("settings"),
    "read another person's picture": _reading("picture"),
    "write a clip": _write_clip,
    "delete a clip": _delete_clip,
    "open a folder to others": _change_mode,
    "connect to the internet": _internet,
    "open a datagram socket": _datagram,
    "connect to the control socket": _control_socket,
    "connect to an abstract socket": _abstract_socket,
    "run a program": _program,
    "fork": _fork,
    "signal the bot": _signal,
    "signal the bot as a file's owner": _signal_by_owner,
    "signal the bot by a handle": _signal_by_handle,
    "change the bot's limits": _limits,
    "change the bot's priority": _priority,
    "change the bot's processors": _processors,
    "change the bot's scheduling": _scheduling,
    "change the details of the bot's scheduling": _scheduling_details,
    "move the bot's pages": _pages,
    "move the bot to other memory": _nodes,
    "compare oneself with the bot": _likeness,
    "outlive the bot": _outlive,
    "make a namespace": _namespace,
    "share memory": _shared_memory,
}


def outcomes(targets: Targets) -> dict[str, str]:
    return {name: _outcome(attempt, targets) for name, attempt in ATTEMPTS.items()}


def _outcome(attempt: Callable[[Targets], None], targets: Targets) -> str:
    try:
        attempt(targets)
    except OSError as error:
        return "denied" if error.errno in DENIED else str(error)
    return "done"


def own_work() -> str:
    """What every library may do: a thread, and a signal to oneself."""
    seen: list[int] = []
    thread = threading.Thread(target=seen.append, args=(1,))
    thread.start()
    thread.join()
    os.kill(os.getpid(), 0)
    return "done" if seen else "no thread"


def _confined(kind: str, targets: Targets) -> Held:
    inputs, clips = Path(targets["picture"]).parent, Path(targets["clips"])
    match kind:
        case "decoder":
            return confine_decoder(memory=MEMORY_BYTES, seconds=SECONDS)
        case "reader":
            return confine_reader(targets["clip"])
        case "encoder":
            return confine_encoder("/bin/true", [targets["own"]], targets["output"])
        case "engine":
            files = engine_files(inputs, clips, (), connect=False)
            return confine_engine(files, connect=False, parent=int(targets["bot"]))
        case "Landlock":
            allow_no_new_rights()
            return Held(landlock.restrict(()), False)
        case "seccomp":
            allow_no_new_rights()
            return Held(0, install(alone(PROGRAMS, OPENING, CHANGING)))
        case _:
            return Held(0, False)


def main() -> None:
    targets = json.load(sys.stdin)
    held = _confined(sys.argv[1], targets)
    print(json.dumps([held, {**outcomes(targets), "own work": own_work()}]))  # noqa: T201


if __name__ == "__main__":
    main()
