"""An ffmpeg that a signal ends before it said its version is tried again, and is not "missing"."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generation.media.errors import EncoderKilled
from generation.media.ffmpeg_program import TRIES, starts

COUNTED = 'echo x >> "$0.tries"\n'
KILLED = f"{COUNTED}kill -9 $$\n"

ENCODE = """
import sys
from pathlib import Path
from generation.media.errors import EncodingFailed
from tests.generation.media.clips import encoded

try:
    encoded(Path(sys.argv[1]))
except EncodingFailed as error:
    print(type(error).__name__)
"""


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)
    return path


def tries(program: Path) -> int:
    return len(Path(f"{program}.tries").read_text().splitlines())


def test_what_was_killed_once_is_tried_again(tmp_path: Path) -> None:
    killed_once = f'{COUNTED}[ "$(wc -l < "$0.tries")" -gt 1 ] || kill -9 $$\n'
    program = script(tmp_path / "ffmpeg", killed_once)
    assert starts(program)
    assert tries(program) == 2


def test_what_is_killed_each_time_has_crashed(tmp_path: Path) -> None:
    program = script(tmp_path / "ffmpeg", KILLED)
    with pytest.raises(EncoderKilled):
        starts(program)
    assert tries(program) == TRIES


def test_what_cannot_run_here_is_another_machines_and_not_a_crash(tmp_path: Path) -> None:
    assert not starts(script(tmp_path / "ffmpeg", "exit 1\n"))
    assert not starts(tmp_path / "nothing")
    (tmp_path / "text").write_text("no program")
    assert not starts(tmp_path / "text")


@pytest.mark.slow
def test_the_encoder_that_came_along_is_killed_and_no_frame_is_blamed(tmp_path: Path) -> None:
    """By a package in the place of imageio-ffmpeg whose program never says its version."""
    binaries = tmp_path / "packages" / "imageio_ffmpeg" / "binaries"
    binaries.mkdir(parents=True)
    (binaries / "__init__.py").touch()
    (binaries.parent / "__init__.py").touch()
    program = script(binaries / "ffmpeg-linux", KILLED)
    clips = tmp_path / "clips"
    clips.mkdir()
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'packages'}:{Path.cwd()}"}
    environment.pop("IMAGEIO_FFMPEG_EXE", None)
    command = [sys.executable, "-c", ENCODE, str(clips)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert answer.stdout.strip() == "EncoderKilled", answer.stderr
    assert tries(program) == TRIES
    assert list(clips.iterdir()) == []
