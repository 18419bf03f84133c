"""On from where a clip left off: the same move, at the speed it had, as far as the picture goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generation.pipelines.camera.ending import Ending
from generation.pipelines.camera.moves import (
    Pose,
    Room,
    Shots,
    Trajectory,
    on_screen,
    poses_of,
    reach,
    trajectory,
)
from generation.pipelines.camera.timing import Course, Curve, clock, windows

SHARES = (1.0, 0.6, 0.35, -1.0, -0.6, -0.35)
"""How much of the move is tried, in this order; below 0 it is gone back."""
CLOSER = 1.7
"""How much nearer the camera may come so that a move has room beside it."""
NEAREST = 3.0
"""How many times larger than at rest the picture may be shown in the end."""
TURNED, PUSHED = 0.12, 0.7
"""The most parallax, as a pose's `slide` and `push`: beyond it, what is bent looks bent."""
FADE = 7.0
"""Frames in which a speed that the new part does not have by itself is lost."""
EARLY = 0.02
"""Share of the way before which the camera cannot have come closer."""


def going_on(
    shots: Shots,
    room: Room,
    course: Course,
    ending: Ending,
    *,
    output_width: int,
    seed: int,
    strength: int | None = None,
) -> list[Pose]:
    """The poses after the last one; the course begins with that, and what they show is inside."""
    asked = trajectory(shots, room, course, seed, strength)
    ways = (_TriedPath(asked.times(share), room, ending, output_width) for share in SHARES)
    way = next((way for way in ways if way.fits), None)
    if way is None:
        way = _TriedPath(asked.times(SHARES[-1]), room, ending, output_width)
    return poses_of(way.table()[1:])


class _TriedPath:
    """One try: the path from the last pose on, and by how much nearer it has to lead."""

    def __init__(self, path: Trajectory, room: Room, ending: Ending, output_width: int) -> None:
        self._room = room
        self._resting = room.frame_width / output_width
        self._table = _rows(path, room, ending, output_width)
        self._along = windows(1)[0].progress(clock(len(self._table)))
        self._closer = self._needed()
        self._widens = float(path.zoom[-1] - path.zoom[0]) < -EARLY

    @property
    def fits(self) -> bool:
        scale, slide, push = (self.table()[:, column] for column in (2, 4, 5))
        first = self._table[0]
        return (
            self._closer <= (EARLY if self._widens else np.log(CLOSER))
            and self._resting / scale[-1] <= max(NEAREST, self._resting / scale[0])
            and np.abs(slide).max() <= max(TURNED, abs(first[4]))
            and np.abs(push).max() <= max(PUSHED, abs(first[5]))
        )

    def table(self) -> NDArray[np.float64]:
        table = self._table.copy()
        table[:, 2] /= np.exp(self._closer * self._along)
        across, along = self._reached(table)
        table[:, 0] = _within(table[:, 0], across, self._room.width)
        table[:, 1] = _within(table[:, 1], along, self._room.height)
        return table

    def _needed(self) -> float:
        """The logarithm of how much nearer it has to be in the end, so that all lies inside."""
        across, along = self._reached(self._table)
        x, y = self._table[:, 0], self._table[:, 1]
        play_x = np.maximum(np.minimum(x, self._room.width - x), 1e-3 * self._room.width)
        play_y = np.maximum(np.minimum(y, self._room.height - y), 1e-3 * self._room.height)
        missing = np.log(np.maximum(across / play_x, along / play_y))
        late = self._along > EARLY
        return float(max((missing[late] / self._along[late]).max(initial=0.0), 0.0))

    def _reached(self, table: NDArray[np.float64]) -> tuple[Curve, Curve]:
        zoom = self._resting / table[:, 2]
        return reach(self._room, zoom, table[:, 3], table[:, 4], table[:, 5])


def _rows(path: Trajectory, room: Room, ending: Ending, output_width: int) -> NDArray[np.float64]:
    """(frames, 6), the last pose first; the speed at which it came goes over into the new one."""
    last, before = _row(ending.last), _row(ending.before)
    zoom = np.exp(path.zoom - path.zoom[0])
    wide = ending.last.scale * output_width
    high = wide * room.frame_height / room.frame_width
    pan, tilt = on_screen(path.pan, zoom), on_screen(path.tilt, zoom)
    ways = [
        wide * (pan - pan[0]) + (room.focus[0] - ending.last.x) * (1 - 1 / zoom),
        high * (tilt - tilt[0]) + (room.focus[1] - ending.last.y) * (1 - 1 / zoom),
        -np.log(zoom),
        *(curve - curve[0] for curve in (path.roll, path.slide, path.push)),
    ]
    offsets = np.stack(ways, axis=1)
    lost = (last - before) - (offsets[1] - offsets[0])
    table: NDArray[np.float64] = last + offsets + np.outer(_fading(len(offsets)), lost)
    table[:, 2] = np.exp(table[:, 2])
    return table


def _row(pose: Pose) -> NDArray[np.float64]:
    """As a path adds up: of the scale its logarithm."""
    return np.array([pose.x, pose.y, np.log(pose.scale), pose.roll, pose.slide, pose.push])


def _fading(frames: int) -> Curve:
    """The way of something that moves by 1 in the first frame, and less and less."""
    way: Curve = 1 - np.exp(-np.arange(frames) / FADE)
    way /= way[1]
    return way


def _within(places: Curve, reached: Curve, size: float) -> Curve:
    half = np.minimum(reached, size / 2)
    inside: Curve = np.clip(places, half, size - half)
    return inside
