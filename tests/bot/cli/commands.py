"""The command line in a process of its own, as somebody in a terminal meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SMALL = ("--seconds", "0.4", "--size", "64x64")
"""A clip of nine frames, made in a moment."""


def environment(here: Path, **environ: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PHOTOPLAY_")}
    ours = {"LC_ALL": "C.UTF-8", "LANGUAGE": "", "PHOTOPLAY_DATA_DIR": str(here / "data")}
    return {**inherited, **ours, **environ}


@contextmanager
def running(*command: str, here: Path, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """Behind its own pipes; however the test ends, it is gone before the next one begins."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=here, env=environment(here, **environ), stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def photoplay(here: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    answer = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        cwd=here,
        env=environment(here, **environ),
        timeout=240,
    )
    assert "Traceback" not in answer.stdout + answer.stderr
    return answer


def complaint(answer: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that failed as expected."""
    assert answer.returncode == 1, answer.stderr
    [line] = answer.stderr.strip().splitlines()
    assert line.startswith("photoplay: ")
    return line.removeprefix("photoplay: ")
