"""Decoder children of the tests: fakes that misbehave, and who is alive."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.images.intake import PictureIntake
from tests.generation.images.pictures import corners, encoded

PICTURE = encoded(corners(), "PNG")
HELLO = """
import json, os, sys, time
def tell(**body): print(json.dumps(body), flush=True)
tell(ready=True)
sys.stdin.buffer.read(json.loads(sys.stdin.buffer.readline())["bytes"])
tell(started=True)
"""


def children() -> set[int]:
    """Processes that this one has started and not yet buried, zombies included."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(after_name[1]) == os.getpid():
                found.add(int(entry.name))
    return found


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen within ten seconds")


def fake(tmp_path: Path, program: str, limit: float = 20.0) -> PictureIntake:
    """An intake whose decoders run `program`."""
    script = tmp_path / "fake.py"
    script.write_text(program)
    return PictureIntake(limit=limit, command=(sys.executable, "-I", str(script)))
