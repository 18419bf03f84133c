"""The camera's path as plain maths: where it looks in each frame, never outside the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.directions.vocabulary import Degree, Motion, Move, Speed
from generation.pipelines.camera.shake import Sway, drift, shake
from generation.pipelines.camera.timing import Course, Curve, Window, windows

Shots = tuple[tuple[Move, ...], ...]

PACE = {Speed.SLOW: 0.6, Speed.NORMAL: 1.0, Speed.QUICK: 1.7}
EXTENT = {Degree.SLIGHT: 0.55, Degree.NORMAL: 1.0, Degree.STRONG: 1.6}

AMOUNTS = (0.1, 0.6, 1.0, 1.4, 1.8)
"""How much of every move is made at a motion strength of 0 to 4; at 0 hardly any is seen."""

PAN = (0.03, 0.06, 0.45)
"""Frame widths (heights for a tilt) a second, and the least and the most within one shot."""
ROAM = 0.11
"""Frame widths a second where the picture is wider than the frame."""
ZOOM = (0.045, 0.10, 0.80)
"""The logarithm of the magnification: a second, at least, at most."""
ORBIT = (0.013, 0.04, 0.11)
"""Frame widths by which the nearest and the farthest part: a second, at least, at most."""
ROLL = (0.03, 0.06, 0.35)
"""Radians by which the horizon turns: a second, at least, at most."""
DOLLY_ZOOM = (0.06, 0.15, 0.5)
"""The share by which the nearest grows and the farthest shrinks: a second, at least, at most."""
DOLLY = 0.6
"""How much faster than the farthest the nearest grows, as a share of the zoom."""

SWAYING = {Motion.HANDHELD: shake, Motion.DRIFT: drift}
BACKWARDS = frozenset(
    {Motion.PAN_LEFT, Motion.TILT_UP, Motion.ZOOM_OUT, Motion.ORBIT_LEFT, Motion.ROLL_LEFT}
)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the camera looks: `x`, `y` in source pixels, `scale` source pixels an output pixel.

    `roll` is in radians, clockwise on the screen. `slide` shifts what is one unit of nearness
    before the pivot by that many frame widths to the left; `push` magnifies it by that share.
    """

    x: float
    y: float
    scale: float
    roll: float = 0.0
    slide: float = 0.0
    push: float = 0.0


@dataclass(frozen=True, slots=True)
class Room:
    """The picture of `width` × `height` px and the part of it that a resting camera shows.

    The frame is centred at (`x`, `y`) and `frame_width` × `frame_height` px large; `focus` is the
    point in source pixels to which a zoom goes; `pivot` is the nearness (0 far, 1 near) of what an
    orbit turns around.
    """

    width: float
    height: float
    x: float
    y: float
    frame_width: float
    frame_height: float
    focus: tuple[float, float]
    pivot: float = 0.5


@dataclass(slots=True)
class Trajectory:
    """All moves of a clip added up, before they are fitted into the picture."""

    pan: Curve
    tilt: Curve
    zoom: Curve
    roll: Curve
    slide: Curve
    push: Curve

    def times(self, amount: float) -> Trajectory:
        curves = (self.pan, self.tilt, self.zoom, self.roll, self.slide, self.push)
        return Trajectory(*(amount * curve for curve in curves))


def plan(
    shots: Shots,
    room: Room,
    course: Course,
    *,
    output_width: int,
    seed: int,
    strength: int | None = None,
) -> list[Pose]:
    """One pose a frame; everything a pose shows lies inside the picture."""
    path = trajectory(shots, room, course, seed, strength)
    return _fitted(path, room, output_width, closed=course.returns)


def trajectory(
    shots: Shots, room: Room, course: Course, seed: int, strength: int | None
) -> Trajectory:
    """What is asked of the camera at each frame, wherever it begins."""
    path = Trajectory(*(np.zeros(course.frames) for _ in range(6)))
    spans, spare = windows(len(shots), soft=not course.returns), _spare(room, shots)
    for window, shot in zip(spans, shots, strict=True):
        on = window.presence(course.at) if len(shots) > 1 else np.ones(course.frames)
        for move in shot:
            _add(path, move, window, course, spare)
            if move.motion in SWAYING:
                _sway(path, _unsteadiness(move, course, seed), on)
    return path if strength is None else path.times(AMOUNTS[strength])


def _unsteadiness(move: Move, course: Course, seed: int) -> Sway:
    sways, frames = SWAYING[move.motion], course.before + course.frames
    period = course.lasts if course.returns else None
    sway = sways(frames, course.fps, seed, EXTENT[move.degree], PACE[move.speed], period)
    return sway.after(course.before)


def _sway(path: Trajectory, sway: Sway, on: Curve) -> None:
    path.pan += on * sway.x
    path.tilt += on * sway.y
    path.roll += on * sway.roll
    path.zoom += on * sway.zoom


def _add(
    path: Trajectory, move: Move, window: Window, course: Course, spare: tuple[float, float]
) -> None:
    covered, lasts = window.progress(course.at), course.seconds * window.share
    across, along = (_travel(move, lasts, part) for part in spare)
    way = -1 if move.motion in BACKWARDS else 1
    match move.motion:
        case Motion.PAN_LEFT | Motion.PAN_RIGHT:
            path.pan += way * across * covered
        case Motion.TILT_UP | Motion.TILT_DOWN:
            path.tilt += way * along * covered
        case Motion.ZOOM_IN | Motion.ZOOM_OUT:
            path.zoom += way * _amount(move, lasts, ZOOM) * covered
            path.push += way * DOLLY * _amount(move, lasts, ZOOM) * covered
        case Motion.ORBIT_LEFT | Motion.ORBIT_RIGHT:
            path.slide += way * _amount(move, lasts, ORBIT) * covered
        case Motion.ROLL_LEFT | Motion.ROLL_RIGHT:
            path.roll -= way * _amount(move, lasts, ROLL) * covered
        case Motion.DOLLY_ZOOM:
            path.push += _amount(move, lasts, DOLLY_ZOOM) * covered
        case Motion.STILL | Motion.HANDHELD | Motion.DRIFT | Motion.AUTO:
            pass


def _amount(move: Move, seconds: float, rate: tuple[float, float, float]) -> float:
    factor = PACE[move.speed] * EXTENT[move.degree]
    a_second, least, most = rate
    return min(max(a_second * seconds, least) * factor, most)


def _travel(move: Move, seconds: float, spare: float) -> float:
    """Frame sizes to pan: more where the picture has room beside the frame, but no race."""
    roam = min(spare, ROAM * seconds * PACE[move.speed] * EXTENT[move.degree])
    return max(_amount(move, seconds, PAN), roam)


def _spare(room: Room, shots: Shots) -> tuple[float, float]:
    """Frame sizes of room beside and above the frame that each pan and each tilt may use."""
    pans = _count(shots, (Motion.PAN_LEFT, Motion.PAN_RIGHT))
    tilts = _count(shots, (Motion.TILT_UP, Motion.TILT_DOWN))
    across = (room.width - room.frame_width) / room.frame_width
    along = (room.height - room.frame_height) / room.frame_height
    return across / max(pans, 1), along / max(tilts, 1)


def _count(shots: Shots, motions: Iterable[Motion]) -> int:
    return sum(move.motion in motions for shot in shots for move in shot)


def _fitted(path: Trajectory, room: Room, output_width: int, *, closed: bool) -> list[Pose]:
    """Zoom in just as much as the path needs, and lay it as near to the frame as it goes."""
    zoom = np.exp(path.zoom - path.zoom.min())
    slide, push = _centred(path.slide), _centred(path.push)
    reach_x, reach_y = reach(room, zoom, path.roll, slide, push)
    focus = (room.focus[0] - room.x, room.focus[1] - room.y)
    pan_x = room.frame_width * _centred(on_screen(path.pan, zoom, closed=closed))
    pan_y = room.frame_height * _centred(on_screen(path.tilt, zoom, closed=closed))
    way_x, way_y = pan_x + focus[0] * (1 - 1 / zoom), pan_y + focus[1] * (1 - 1 / zoom)
    closer = max(
        1.0,
        ((reach_x - way_x).max() + (reach_x + way_x).max()) / room.width,
        ((reach_y - way_y).max() + (reach_y + way_y).max()) / room.height,
    )
    x = _laid(way_x / closer, reach_x / closer, room.x, room.width)
    y = _laid(way_y / closer, reach_y / closer, room.y, room.height)
    scale = room.frame_width / output_width / (closer * zoom)
    return poses_of(np.stack([x, y, scale, path.roll, slide, push], axis=1))


def poses_of(table: NDArray[np.float64]) -> list[Pose]:
    """(frames, 6): a row each, in the order of a pose's fields."""
    return [Pose(*map(float, row)) for row in table]


def reach(room: Room, zoom: Curve, roll: Curve, slide: Curve, push: Curve) -> tuple[Curve, Curve]:
    """Half the size in source pixels of the upright box around what each frame may show."""
    half_x, half_y = room.frame_width / 2 / zoom, room.frame_height / 2 / zoom
    depth = max(room.pivot, 1 - room.pivot)
    grown = 1 + np.abs(push) * depth
    wide = half_x * (grown + 2 * np.abs(slide) * depth)
    high = half_y * grown
    cos, sin = np.abs(np.cos(roll)), np.abs(np.sin(roll))
    return wide * cos + high * sin, wide * sin + high * cos


def on_screen(curve: Curve, zoom: Curve, *, closed: bool = False) -> Curve:
    """Frame sizes of the resting frame, covered at an even speed on the screen while it zooms.

    What one round does not come back by, where it should be `closed`, all its frames share.
    """
    if closed:
        curve, zoom = np.append(curve, curve[0]), np.append(zoom, zoom[0])
    steps = np.diff(curve) * 2 / (zoom[1:] + zoom[:-1])
    way: Curve = curve[0] / zoom[0] + np.concatenate([[0.0], np.cumsum(steps)])
    if not closed:
        return way
    return (way - np.linspace(0.0, way[-1] - way[0], len(way)))[:-1]


def _laid(curve: Curve, reach: Curve, centre: float, size: float) -> Curve:
    """The path, its middle at `centre` as far as the picture's borders allow."""
    low, high = float((reach - curve).max()), float(size - (reach + curve).max())
    start = (low + high) / 2 if low > high else min(max(centre, low), high)
    return curve + start


def _centred(curve: Curve) -> Curve:
    """Equal excursions to both sides: half the distortion, for the same parallax."""
    centred: Curve = curve - (curve.max() + curve.min()) / 2
    return centred
