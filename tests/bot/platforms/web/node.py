"""The official client of Node, where `make test` could install it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

INSTALLED = Path(__file__).parents[4] / "build" / "node"


def run_in_node(script: str, *arguments: str) -> str:
    """What an ES module prints that may import `openai`; says aloud that it is skipped."""
    folder = Path(os.environ.get("OPENAI_NODE") or INSTALLED)
    node = shutil.which("node")
    if node is None or not (folder / "node_modules" / "openai").is_dir():
        pytest.skip("NO NODE CLIENT: install Node.js and npm, then `make node-client`")
    command = [node, "--input-type=module", "-", *arguments]
    answer = subprocess.run(command, input=script, cwd=folder, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout
