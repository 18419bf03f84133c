"""Small clips that can be told apart in a film, and what a player finds in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from generation.media.encode import ClipEncoder
from generation.media.frames import Frames
from generation.media.marking import DigitalSource
from generation.media.recipe import Recipe
from generation.media.sound import Sound
from tests.generation.media.clips import recipe

if TYPE_CHECKING:
    from av.container.core import Chapter  # the library has it for type checkers only

SQUARE = 24
"""Pixels of the white square in the middle of every scene."""

HZ = 48_000


def tone(seconds: float) -> Sound:
    times = np.arange(round(seconds * HZ)) / HZ
    wave = np.sin(times * 2 * np.pi * 440) / 2
    return Sound(wave.astype(np.float32)[None], HZ)


def scene(
    path: Path,
    grey: int,
    asked: Recipe | None = None,
    *,
    sound: Sound | None = None,
    source: DigitalSource = DigitalSource.ALGORITHMICALLY_ENHANCED,
) -> Path:
    """A white square on grey, the row at the top a little brighter with every frame."""
    asked = asked or recipe(128, 96, 17)
    picture = np.full((1, asked.height, asked.width, 3), grey, np.uint8)
    top, left = (asked.height - SQUARE) // 2, (asked.width - SQUARE) // 2
    picture[:, top : top + SQUARE, left : left + SQUARE] = 255
    thumbnail = path.with_suffix(".jpg")
    encoder = ClipEncoder(path, asked, source=source, thumbnail=thumbnail, sound=sound)
    with encoder as target:
        for number in range(asked.frames):
            picture[:, :8] = min(grey + 2 * number, 255)
            target.write(picture)
        return target.finish().path


def worded(prompt: str, frames: int = 17) -> Recipe:
    return replace(recipe(128, 96, frames), prompt=prompt)


@dataclass(frozen=True)
class Played:
    """`times` in frames at the clip's rate; `chapters` as (first frame, one after, name)."""

    times: list[Fraction]
    decoding_times: list[int]
    chapters: list[tuple[int, int, str]]
    pictures: Frames
    sound: NDArray[np.float32] | None


def played(clip: Path) -> Played:
    with av.open(str(clip)) as container:
        rate = container.streams.video[0].average_rate
        assert rate is not None
        frames = list(container.decode(video=0))
        times = [(frame.pts or 0) * (frame.time_base or 0) * rate for frame in frames]
        chapters = [_chapter(one, rate) for one in container.chapters()]
    with av.open(str(clip)) as container:
        packets = [one.dts for one in container.demux(video=0) if one.dts is not None]
    rows = [frame.to_ndarray(format="rgb24") for frame in frames]
    pictures = np.stack(rows).astype(np.uint8)
    return Played(times, packets, chapters, pictures, _heard(clip))


def _chapter(found: Chapter, rate: Fraction) -> tuple[int, int, str]:
    a_frame = (found["time_base"] or 0) * rate
    start, end = round(found["start"] * a_frame), round(found["end"] * a_frame)
    return start, end, found["metadata"]["title"]


def _heard(clip: Path) -> NDArray[np.float32] | None:
    with av.open(str(clip)) as container:
        if not container.streams.audio:
            return None
        return np.concatenate([one.to_ndarray()[0] for one in container.decode(audio=0)])
