"""How a clip left off, kept in its recipe: what another one needs to go on from it."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

from generation.media.frames import Picture
from generation.pipelines.camera.moves import Pose

NAME = "ending"
"""What it is called among a recipe's options."""

DIGITS = 9
"""Significant ones that are kept of each number."""

POSE = 6
"""Numbers in one."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The `last` pose and the one `before` it, in pixels of a `picture` that is known by a sum.

    The weather's `seed`, its `time` in seconds and its `progress`; `origin` is where the camera
    looked when its drift was none, and `closest` the scale the pyramid of copies begins with.
    """

    last: Pose
    before: Pose
    origin: tuple[float, float]
    closest: float
    time: float
    progress: float
    seed: int
    picture: int

    def to_text(self) -> str:
        numbers = [*_row(self.last), *_row(self.before), *self.origin]
        numbers += [self.closest, self.time, self.progress]
        rounded = [float(f"{number:.{DIGITS}g}") for number in numbers]
        return json.dumps([*rounded, self.seed, self.picture], separators=(",", ":"))

    @classmethod
    def from_text(cls, text: object) -> Ending | None:
        """`None` for what is none, whoever wrote it."""
        if not isinstance(text, str):
            return None
        try:
            *numbers, seed, picture = json.loads(text)
            last, before = Pose(*numbers[:POSE]), Pose(*numbers[POSE : 2 * POSE])
            x, y, closest, time, progress = map(float, numbers[2 * POSE :])
            if min(last.scale, before.scale, closest) <= 0:
                return None
            return cls(last, before, (x, y), closest, time, progress, int(seed), int(picture))
        except (ValueError, TypeError, RecursionError):
            return None


def sum_of(small: Picture) -> int:
    """By which a picture is known again."""
    return zlib.crc32(small.tobytes())


def _row(pose: Pose) -> tuple[float, ...]:
    return (pose.x, pose.y, pose.scale, pose.roll, pose.slide, pose.push)
