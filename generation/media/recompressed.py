"""A picture as a film would show it: through H.264 and back, by pipes, past no file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from generation.errors import AnimationError
from generation.media.errors import encoder_killed, encoding_failure
from generation.media.ffmpeg import PASSED_ON
from generation.media.ffmpeg_program import ffmpeg_program, no_ffmpeg
from generation.media.frames import Frames
from generation.media.h264 import TO_BT709, from_rgb
from generation.sandbox.launch import command

PATIENCE = 60.0
"""Seconds for one picture on a machine that has much else to do: it takes a tenth of one."""

FROM_BT709 = (
    "scale=in_range=limited:out_range=full:in_color_matrix=bt709"
    ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24"
)


def recompressed(picture: Frames, crf: int) -> bytes:
    """The RGB bytes that a decoder makes of (height, width, 3) of even sides, encoded at `crf`.

    Raises `EncodingFailed` where there is no ffmpeg, or it fails.
    """
    height, width, _ = picture.shape
    x264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-threads", "1"]
    encode = [*from_rgb(width, height, 1), "-vf", TO_BT709, *x264, "-f", "h264"]
    decode = ["-f", "h264", "-i", "pipe:0", "-vf", FROM_BT709, "-f", "rawvideo"]
    seen = _through(decode, _through(encode, picture.tobytes()))
    if len(seen) != picture.size:
        raise encoding_failure(f"a picture of {picture.size} bytes came back with {len(seen)}")
    return seen


def _through(arguments: Sequence[str], data: bytes) -> bytes:
    quiet = ("-hide_banner", "-nostats", "-loglevel", "error")
    try:
        program = [ffmpeg_program(), *quiet, *arguments, "pipe:1"]
        ended = subprocess.run(
            command(program, (), os.devnull),
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except RuntimeError as error:  # of imageio-ffmpeg, which found none
        raise no_ffmpeg(str(error)) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise encoding_failure(f"a picture could not be compressed: {error}") from error
    if ended.returncode:
        raise _failure(ended)
    return ended.stdout


def _failure(ended: subprocess.CompletedProcess[bytes]) -> AnimationError:
    said = ended.stderr.decode(errors="replace").strip()
    detail = f"ffmpeg ended with {ended.returncode}: {said}"
    if ended.returncode < 0:
        return encoder_killed(detail)
    return encoding_failure(detail)
