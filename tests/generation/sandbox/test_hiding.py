"""The program itself: nobody of its own user reads the token in its environment or memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

PLAIN = [
    *(sys.executable, "-I", "-c"),
    """
import ctypes, os, sys
for capability in range(64):
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execvp(sys.argv[1], sys.argv[1:])
""",
]
"""Becomes another program, without root's right to look into everything."""

READ = """
import sys
try:
    open(f"/proc/{sys.argv[1]}/{sys.argv[2]}", "rb").read(1)
except PermissionError:
    sys.exit(13)
"""


def read(pid: int, name: str) -> int:
    program = [*PLAIN, sys.executable, "-I", "-c", READ, str(pid), name]
    return subprocess.run(program, env={"PATH": "/usr/bin:/bin"}).returncode


def test_a_running_program_is_closed_to_whoever_runs_as_its_user(tmp_path: Path) -> None:
    with Program(tmp_path / "data", behind=PLAIN) as program:
        assert [read(program.pid, name) for name in ("environ", "mem", "maps")] == [13] * 3


def test_another_program_is_open() -> None:
    """Else the test above would prove nothing."""
    with subprocess.Popen(
        [*PLAIN, "sh", "-c", "echo; exec sleep 60"], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()  # now it is another program
        assert read(other.pid, "environ") == 0
        other.kill()
