"""The sound of a clip: cut to the pictures' length, written as AAC, put beside the pictures."""

from __future__ import annotations

import logging
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generation.media.aac import BITRATE
from generation.media.ffmpeg import Ffmpeg
from generation.media.frames import Samples

OVERHEAD = 4_000
"""Bytes of a sound track's tables and of its first and last frame, whatever its length."""

RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Samples a second that AAC knows (ISO/IEC 14496-3, table 1.18), up to what chats play."""

log = logging.getLogger("photoplay.engine")


@dataclass(frozen=True, slots=True)
class Sound:
    """`samples` of shape (channels, samples), 1 or 2 channels, -1 to 1; `rate` a second."""

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or self.samples.shape[0] not in (1, 2) or self.rate < 1:
            raise ValueError(f"{self.samples.shape} at {self.rate} a second is no sound")


def track_bytes(seconds: float) -> int:
    """What a sound track adds to a file at most: AAC misses its rate by a few per cent."""
    return int(seconds * BITRATE / 8 * 1.1) + OVERHEAD


def write_wave(path: Path, sound: Sound, seconds: float) -> None:
    """16-bit PCM of exactly that length: cut, or ended in silence. Raises `OSError`."""
    length = round(seconds * sound.rate)
    heard = np.zeros((sound.samples.shape[0], length), np.float32)
    part = sound.samples[:, :length]
    heard[:, : part.shape[1]] = part
    if not np.isfinite(heard).all():
        log.warning("the sound has samples that are no numbers; the clip is silent")
        heard = np.zeros_like(heard)
    levels = (heard.clip(-1, 1) * 32767).round().astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(levels))
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(levels.T.tobytes())


def join(video: Path, waves: Path, target: Path, rate: int) -> None:
    """Write `target`: the pictures and tags of `video` as they are, and the waves as AAC.

    Raises `EncodingFailed`.
    """
    Ffmpeg(
        [
            *("-i", f"file:{video}", "-i", f"file:{waves}"),
            *("-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "0"),
            *("-c:v", "copy", "-c:a", "aac", "-b:a", str(BITRATE)),
            *("-ar", str(rate if rate in RATES else 48_000)),
            *("-movflags", "+faststart", "-f", "mp4"),
        ],
        reads=[video, waves],
        writes=target,
    ).finish()
