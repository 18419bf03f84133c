"""An ffmpeg that somebody has broken into reads and writes nothing but its own files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generation.media.encode import EncodingFailed
from generation.sandbox.trial import held_here
from tests.generation.media.clips import encoded
from tests.generation.media.test_encode_failures import DRAIN, fake_ffmpeg

pytestmark = pytest.mark.slow

ATTEMPTS = """
for last in "$@"; do :; done
own="${last#file:}"
try() { what=$1; shift; if "$@" 2>/dev/null; then echo "$what" >&2; fi; }
reads() { read -r _ < "$1"; }
writes() { printf x > "$1"; }
"""


def test_it_gets_at_its_own_output_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = held_here()
    if not (held.landlock and held.seccomp):
        pytest.skip(f"this kernel has not all of it: {held}")
    clips = tmp_path / "clips"
    clips.mkdir()
    theirs, secret = clips / "theirs.mp4", tmp_path / "secret"
    for file in (theirs, secret):
        file.write_text("what nobody may see\n")
    tries = [
        'try "wrote its own" writes "$own"',
        f"try 'read the secret' reads '{secret}'",
        f"try 'read the environment' reads /proc/{os.getpid()}/environ",
        f"try 'read theirs' reads '{theirs}'",
        f"try 'wrote theirs' writes '{theirs}'",
        f"try 'wrote another' writes '{clips / 'another.mp4'}'",
        f"try 'sent a signal' kill -CONT {os.getpid()}",
        "( echo 'began a process' >&2 )",  # the shell ends here
    ]
    fake_ffmpeg(tmp_path, monkeypatch, "\n".join([DRAIN, ATTEMPTS, *tries]))
    with pytest.raises(EncodingFailed) as caught:
        encoded(clips)
    said = caught.value.__notes__[0]
    assert "wrote its own" in said
    assert "Cannot fork" in said
    for gone in ("read the", "theirs", "another", "signal", "began"):
        assert gone not in said.replace(str(tmp_path), "")
    assert {path.name for path in clips.iterdir()} == {"theirs.mp4"}
    assert theirs.read_text() == "what nobody may see\n"
