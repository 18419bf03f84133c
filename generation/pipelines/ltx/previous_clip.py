"""The clip that another one goes on from: its frames and its sound, read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from generation.errors import GenerationFailed
from generation.media.frames import Frames, Samples

BATCH = 16
"""Frames handed on together."""


@dataclass(frozen=True, slots=True)
class PreviousClip:
    """`frames` of it are handed on first; the model is shown the last `overlap` of them."""

    path: Path
    frames: int
    overlap: int


def read_frames(path: Path) -> Iterator[Frames]:
    """The frames of an MP4 in batches. Raises `GenerationFailed` where it cannot be read."""
    import av  # here: who makes frames alone, as benchmarks do, needs no decoder
    from av.error import FFmpegError

    batch: list[Frames] = []
    try:
        with av.open(path) as container:
            for frame in container.decode(video=0):
                batch.append(cast(Frames, frame.to_ndarray(format="rgb24")))
                if len(batch) == BATCH:
                    yield np.stack(batch)
                    batch = []
    except (OSError, FFmpegError, IndexError):
        raise GenerationFailed("previous_gone") from None
    if batch:
        yield np.stack(batch)


def read_sound(path: Path, channels: int, rate: int, samples: int) -> Samples:
    """Exactly that many samples; silence where there is no sound, or no more of it.

    Raises `GenerationFailed` where the clip cannot be read.
    """
    import av
    from av.error import FFmpegError

    heard = np.zeros((channels, samples), np.float32)
    layout = "mono" if channels == 1 else "stereo"
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    place = 0
    try:
        with av.open(path) as container:
            if not container.streams.audio:
                return heard
            for frame in [*container.decode(audio=0), None]:
                for piece in resampler.resample(frame):
                    wave = cast(Samples, piece.to_ndarray())[:, : samples - place]
                    heard[:, place : place + wave.shape[1]] = wave
                    place += wave.shape[1]
    except (OSError, FFmpegError):
        raise GenerationFailed("previous_gone") from None
    return heard
