"""Where a movement begins and ends: for a model that is shown both, and finds the way itself."""

from __future__ import annotations

from pathlib import Path

from generation.directions.parse import directions_for
from generation.directions.vocabulary import Directions, Motion
from generation.jobs import AnimationRequest
from generation.media import opencv
from generation.media.frames import Picture
from generation.pipelines.camera.scene import prepared

LEADING = frozenset(
    {
        Motion.PAN_LEFT,
        Motion.PAN_RIGHT,
        Motion.TILT_UP,
        Motion.TILT_DOWN,
        Motion.ZOOM_IN,
        Motion.ZOOM_OUT,
        Motion.ORBIT_LEFT,
        Motion.ORBIT_RIGHT,
    }
)
"""Movements that end elsewhere than they began; a handheld camera comes back."""


def ends(image: Path, request: AnimationRequest) -> tuple[Picture, Picture] | None:
    """The first and the last frame of the one movement that was asked for, without any weather.

    `None` where there is none, several follow each other, or it leads nowhere.
    """
    asked = directions_for(request.prompt, request.motion, request.effect)
    if len(asked.shots) != 1 or not {move.motion for move in asked.shots[0]} <= LEADING:
        return None
    picture = opencv.read_picture(image)
    if picture is None:
        return None
    scene = prepared(picture, Directions(asked.shots), request)
    return scene.frame(0).copy(), scene.frame(request.num_frames - 1).copy()
