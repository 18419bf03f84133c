"""Moves that turn the horizon, float, or bend the distance, seen in the frames."""

from __future__ import annotations

import numpy as np
import pytest

from generation.directions.vocabulary import Degree, Directions, Motion, Move, Speed
from generation.pipelines.camera.moves import Pose, Room, plan
from generation.pipelines.camera.timing import onward
from tests.generation.pipelines.camera.recording_stage import filmed

ROOM = Room(300, 200, 150, 100, 300, 187.5, focus=(150, 100))


def path(motion: Motion, degree: Degree = Degree.NORMAL, seed: int = 1) -> list[Pose]:
    shots = ((Move(motion, Speed.NORMAL, degree),),)
    return plan(shots, ROOM, onward(97, 24), output_width=256, seed=seed)


@pytest.mark.parametrize(("motion", "rises"), [(Motion.ROLL_RIGHT, 1), (Motion.ROLL_LEFT, -1)])
def test_a_roll_to_the_right_lifts_the_right_end_of_the_horizon(motion: Motion, rises: int) -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[:100] = 255
    last = filmed(picture, Directions(((Move(motion),),)), frames=17)[-1]
    left, right = ((last[:, column, 0] > 128).sum() for column in (20, -20))
    assert (left - right) * rises > 5


def test_a_drift_goes_about_and_stays_near() -> None:
    poses = path(Motion.DRIFT)
    x, y = ([getattr(pose, axis) for pose in poses] for axis in ("x", "y"))
    assert 2 < np.ptp(x) < 20
    assert 1 < np.ptp(y) < 20
    assert poses != path(Motion.DRIFT, seed=2)
    assert np.abs(np.diff(x, n=2)).max() < 0.01 * np.ptp(x)


def test_a_dolly_zoom_bends_the_distance_and_keeps_the_size() -> None:
    poses = path(Motion.DOLLY_ZOOM)
    assert poses[-1].push - poses[0].push > 0.15
    assert len({pose.scale for pose in poses}) == 1


@pytest.mark.parametrize("motion", [Motion.ROLL_LEFT, Motion.DRIFT, Motion.DOLLY_ZOOM])
def test_more_of_it_still_stays_inside_the_picture(motion: Motion) -> None:
    for pose in path(motion, Degree.STRONG):
        cos, sin = abs(np.cos(pose.roll)), abs(np.sin(pose.roll))
        across = (128 * cos + 80 * sin) * pose.scale
        along = (128 * sin + 80 * cos) * pose.scale
        assert across <= pose.x + 1e-6
        assert pose.x + across <= 300 + 1e-6
        assert along <= pose.y + 1e-6
        assert pose.y + along <= 200 + 1e-6


@pytest.mark.parametrize(
    "motion", [Motion.PAN_RIGHT, Motion.ZOOM_IN, Motion.ROLL_LEFT, Motion.HANDHELD, Motion.DRIFT]
)
def test_a_motion_strength_scales_what_the_camera_does(motion: Motion) -> None:
    shots = ((Move(motion),),)
    ways = []
    for strength in (0, 1, 2, 3, 4, None):
        poses = plan(shots, ROOM, onward(49, 24), output_width=256, seed=1, strength=strength)
        seen = [(pose.x, pose.roll * 100, np.log(pose.scale) * 100) for pose in poses]
        ways.append(np.ptp(seen, axis=0).max())
    assert ways[:5] == sorted(ways[:5])
    assert 0 < ways[0] < 0.15 * ways[2], "at 0 there is hardly any motion"
    assert ways[4] > 1.5 * ways[2]
    assert ways[5] == ways[2]
