"""Which ffmpeg is run: the one that was named, the one that came along, or the system's.

imageio-ffmpeg asks the one that came along for its version, and takes any bad end of that for
"there is none", as long as the process lives. Here a signal is a crash, and it is asked again.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from importlib import resources
from pathlib import Path

import imageio_ffmpeg

from generation.media.errors import EncodingFailed, encoder_killed

NAMED = "IMAGEIO_FFMPEG_EXE"

TRIES = 3


def ffmpeg_program() -> str:
    """Raises `EncoderKilled` where a signal ended it each time, `RuntimeError` where none is."""
    return os.environ.get(NAMED) or _installed()


@cache
def _installed() -> str:
    for entry in resources.files("imageio_ffmpeg.binaries").iterdir():
        program = Path(str(entry))
        if program.name.startswith("ffmpeg-") and starts(program):
            return str(program)
    found: str = imageio_ffmpeg.get_ffmpeg_exe()
    return found


def starts(program: Path | str) -> bool:
    """Whether it can say its version; raises `EncoderKilled` where a signal ended it each time."""
    for _ in range(TRIES):
        try:
            code = subprocess.run([program, "-version"], capture_output=True).returncode
        except OSError:
            return False
        if code >= 0:
            return code == 0
    raise encoder_killed(f"ffmpeg ended with {code} before it could say its version")


def no_ffmpeg(detail: str) -> EncodingFailed:
    """The failure of a clip for which no ffmpeg starts; `detail` goes to the log as a note."""
    failure = EncodingFailed("named_ffmpeg" if os.environ.get(NAMED) else "no_ffmpeg")
    failure.add_note(detail)
    return failure
