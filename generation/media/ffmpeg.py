"""One run of ffmpeg: bytes go in, its complaints are kept for the log, its end is checked.

It is confined to the files that it is given; what it writes exists, empty, before it starts.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from generation.bound import NOT_STARTED
from generation.errors import OutOfMemory
from generation.media.errors import EncoderKilled, EncodingFailed, encoder_killed, encoding_failure
from generation.media.ffmpeg_program import ffmpeg_program, no_ffmpeg, starts
from generation.sandbox.launch import command

PASSED_ON = ("PATH", "LD_LIBRARY_PATH")
"""All of our environment that ffmpeg gets to see; it needs no secrets."""

SIGNALLED = 255
"""What ffmpeg ends with after a signal that it could answer."""

LAST_WORDS = 10.0
"""Seconds for an ffmpeg that stopped reading to say why, before it is killed."""


TRIES = 3
"""A run that a signal ended, which may be the fault of a full machine and of no clip."""


def run(arguments: Sequence[str], *, reads: Sequence[Path], writes: Path) -> None:
    """From its start to its end, as `Ffmpeg` has it; again where it was killed."""
    for _ in range(TRIES - 1):
        try:
            return Ffmpeg(arguments, reads=reads, writes=writes).finish()
        except EncoderKilled:
            continue
    return Ffmpeg(arguments, reads=reads, writes=writes).finish()


class Ffmpeg:
    """A running process with a pipe to its stdin; ended by `finish` or `close`."""

    def __init__(self, arguments: Sequence[str], *, writes: Path, reads: Sequence[Path]) -> None:
        """`arguments` without the output, which is `writes`; of files it may only read `reads`.

        Raises `EncodingFailed` where there is no ffmpeg or it can't be started, `EncoderKilled`
        where a signal ended it before that.
        """
        quiet = ("-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y")
        try:
            self._program = ffmpeg_program()
            program = [self._program, *quiet, *arguments, f"file:{writes}"]
            writes.touch()
            self._process = subprocess.Popen(
                command(program, reads, writes),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                bufsize=0,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                restore_signals=False,  # SIGXFSZ stays ignored: ffmpeg says what happened
                start_new_session=True,  # a Ctrl-C at the terminal ends the job, not the encoder
            )
        except RuntimeError as error:  # of imageio-ffmpeg, which found none
            raise no_ffmpeg(str(error)) from error
        except OSError as error:
            raise encoding_failure(f"ffmpeg cannot be started: {error}") from error
        assert self._process.stdin is not None
        self._stdin = self._process.stdin
        self._killed_by_us = False
        self._complaints: deque[bytes] = deque(maxlen=20)
        self._drain = threading.Thread(target=self._listen, daemon=True)
        self._drain.start()

    def feed(self, data: memoryview) -> None:
        """Write bytes; blocks while ffmpeg is busy. Raises `EncodingFailed` once it has ended.

        `EncoderKilled` is the kind of it where a signal ended it and not we.
        """
        try:
            while len(data):
                data = data[self._stdin.write(data) :]
        except BrokenPipeError as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(LAST_WORDS)
            code = self._process.poll()
            self.close()
            raise self._failure(code) from error

    def finish(self, limit: float | None = None) -> None:
        """End the input and wait for the output, `limit` seconds where what is read is foreign.

        Raises `EncodingFailed` as `feed` does.
        """
        self._stdin.close()
        try:
            code = self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self.close()
            raise encoding_failure(f"ffmpeg took more than {limit} s") from None
        self.close()
        if code != 0:
            raise self._failure(code)

    def kill(self) -> None:
        """End it at once, from any thread: a `feed` or `finish` that blocks in another raises."""
        self._killed_by_us = True
        self._process.kill()

    def close(self) -> None:
        """Kill it if it still runs, wait until it is gone and give back what it held."""
        self._process.kill()
        self._process.wait()
        self._stdin.close()
        self._drain.join()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stderr:
            while piece := stderr.read(1024):
                self._complaints.append(piece)

    def _failure(self, code: int | None) -> EncodingFailed | OutOfMemory:
        """`code` is `None` where it neither read nor ended, until we killed it."""
        said = b"".join(self._complaints).decode(errors="replace").strip()
        if code == NOT_STARTED or (code and code > 0 and not said and not starts(self._program)):
            return no_ffmpeg(said or f"{self._program} ended with {code} and said nothing")
        detail = f"ffmpeg ended with {code}{f': {said}' if said else ' and said nothing'}"
        signalled = code is not None and (code < 0 or code == SIGNALLED)
        if signalled and not self._killed_by_us:
            return encoder_killed(detail)
        return encoding_failure(detail)
