"""The frames of a clip of ours, read as a stream by a confined ffmpeg: a minute is 1.5 GB."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generation.media.errors import encoding_failure
from generation.media.ffmpeg_program import ffmpeg_program
from generation.media.frames import Frames
from generation.sandbox.launch import command

BATCH = 8
"""Frames handed on together."""

TO_RGB = (
    "scale=in_range=limited:out_range=full:in_color_matrix=bt709"
    ":flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24"
)
"""The way back of `h264.TO_BT709`."""


def read_frames(clip: Path, width: int, height: int) -> Iterator[Frames]:
    """Batches of (n, height, width, 3), as large as the clip is.

    Raises `EncodingFailed` where it cannot be read to its end.
    """
    arguments = ["-i", f"file:{clip}", "-vf", TO_RGB, "-fps_mode", "passthrough", "-f", "rawvideo"]
    quiet = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error"]
    try:
        program = [ffmpeg_program(), *quiet, *arguments, "pipe:1"]
        process = subprocess.Popen(
            command(program, [clip], os.devnull),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, RuntimeError) as error:
        raise encoding_failure(f"ffmpeg cannot be started: {error}") from error
    size = width * height * 3
    try:
        assert process.stdout is not None
        while data := process.stdout.read(BATCH * size):
            yield np.frombuffer(data, np.uint8).reshape(-1, height, width, 3)
        if code := process.wait():
            raise encoding_failure(f"ffmpeg ended with {code} while it read a clip")
    except ValueError as error:  # a part of a frame
        raise encoding_failure("the clip ends within a frame") from error
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
