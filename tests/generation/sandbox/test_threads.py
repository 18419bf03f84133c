"""Landlock holds the thread that asks for it: there has to be no other yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COUNT = "import os; print(len(os.listdir('/proc/self/task')))"
ENGINE = "import generation.child"
DECODER = "from generation.images import decoder; decoder.prepare()"


@pytest.mark.skipif(sys.platform != "linux", reason="there is no Landlock here")
@pytest.mark.parametrize("loaded", [ENGINE, DECODER])
def test_a_child_confines_itself_while_it_has_one_thread(loaded: str) -> None:
    environment = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}  # as decoders have it
    if loaded == ENGINE:
        del environment["OPENBLAS_NUM_THREADS"]
    program = [sys.executable, "-P", "-c", f"{loaded}\n{COUNT}"]
    assert subprocess.run(program, env=environment, capture_output=True).stdout == b"1\n"
