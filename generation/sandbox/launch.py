"""The program in front of ffmpeg: bound to its parent and confined, it becomes the encoder.

`python -I -S launch.py PARENT [--read PATH]… --write PATH -- PROGRAM ARGUMENTS…`; nothing but the
standard library's quick parts is imported, since this is done for every clip.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

if __name__ == "__main__":  # nobody finds our package, whose parent folder may be closed to us
    sys.modules["generation"] = ModuleType("generation")
    sys.modules["generation"].__path__ = [os.path.dirname(os.path.dirname(__file__))]

from collections.abc import Sequence

from generation.bound import become, bind
from generation.sandbox.children import confine_encoder


def command(
    program: Sequence[str], reads: Sequence[str | os.PathLike[str]], writes: str | os.PathLike[str]
) -> list[str]:
    """`program` as our bound and confined child, which may read and write these files."""
    files = [part for path in reads for part in ("--read", os.fspath(path))]
    files += ["--write", os.fspath(writes), "--", *program]
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *files]


def main() -> None:
    parent, *rest = sys.argv[1:]
    end = rest.index("--")
    named, program = list(zip(rest[0:end:2], rest[1:end:2], strict=True)), rest[end + 1 :]
    reads = [path for name, path in named if name == "--read"]
    [writes] = [path for name, path in named if name == "--write"]
    bind(int(parent))
    confine_encoder(program[0], reads, writes)
    become(program)


if __name__ == "__main__":
    main()
