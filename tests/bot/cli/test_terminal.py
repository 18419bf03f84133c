"""A terminal that is not there, has few letters, or is left with Ctrl-C: no traceback."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.clip_check import gradient
from generation.media.probe import probe
from tests.bot.cli.commands import SMALL, environment, running

pytestmark = pytest.mark.slow


@pytest.fixture
def here(tmp_path: Path, photograph: Path) -> Path:
    shutil.copy(photograph, tmp_path / "photo.png")
    return tmp_path


@pytest.mark.parametrize(
    "closed",
    ["<&- >&- 2>&-", *(pytest.param(one, marks=pytest.mark.soak) for one in (">&-", "2>&-"))],
)
def test_a_closed_stream_takes_everything_and_the_clip_is_made(here: Path, closed: str) -> None:
    line = f'exec "$0" -m bot animate photo.png pan {" ".join(SMALL)} {closed}'
    answer = subprocess.run(
        ["sh", "-c", line, sys.executable], cwd=here, env=environment(here), capture_output=True
    )
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert probe(here / "photo.mp4").frames == 9


def test_version_and_errors_need_no_stream_either(here: Path) -> None:
    for arguments, code in (("--version", 0), ("animate gone.png", 1)):
        line = f'exec "$0" -m bot {arguments} >&- 2>&-'
        answer = subprocess.run(["sh", "-c", line, sys.executable], cwd=here, env=environment(here))
        assert answer.returncode == code


@pytest.mark.parametrize(
    ("encoding", "language", "said"),
    [
        ("latin-1", "ja", "There is no file gone.png."),
        ("latin-1", "de", "Es gibt keine Datei gone.png."),
        ("utf-8", "ja", "gone.png という"),
    ],
)
def test_a_terminal_without_a_languages_letters_is_answered_in_english(
    here: Path, encoding: str, language: str, said: str
) -> None:
    few = environment(here, PYTHONIOENCODING=encoding, LANGUAGE=language, LC_ALL="C.UTF-8")
    command = [sys.executable, "-m", "bot", "animate", "gone.png"]
    answer = subprocess.run(command, cwd=here, env=few, capture_output=True)
    assert said in answer.stderr.decode(encoding)


@pytest.mark.parametrize(
    "environ", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_a_terminal_that_knows_ascii_alone_gets_nothing_else(
    here: Path, environ: dict[str, str]
) -> None:
    few = environment(here, LC_ALL="C", LANGUAGE="de", **environ)
    (here / "tiny.png").write_bytes(gradient(10))
    command = [sys.executable, "-m", "bot", "animate", "tiny.png", "a\nb.png", *SMALL]
    answer = subprocess.run(command, cwd=here, env=few, capture_output=True)
    assert b"That picture is 10x10 pixels" in answer.stderr
    assert b"There is no file a b.png." in answer.stderr
    assert answer.stderr.isascii()


def test_an_address_is_no_file_that_is_missing(here: Path) -> None:
    command = [sys.executable, "-m", "bot", "animate", "https://example.org/a.jpg"]
    answer = subprocess.run(command, cwd=here, env=environment(here), capture_output=True)
    assert b"https://example.org/a.jpg is an address" in answer.stderr


def test_ctrl_c_while_the_program_still_loads_ends_it_without_a_word(here: Path) -> None:
    heard = ["env", "--default-signal=INT"]
    doctor = [sys.executable, "-X", "importtime", "-m", "bot", "doctor"]
    with running(*heard, *doctor, here=here) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "typer" in line:
                break
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=30)
    words = [line for line in errors.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, said, words) == (130, "", [])
