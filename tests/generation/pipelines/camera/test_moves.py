"""The camera's path, tracked in the frames as a viewer sees them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from generation.directions.vocabulary import Degree, Directions, Motion, Move, Speed
from generation.pipelines.camera.moves import Pose, Room, Shots, plan
from generation.pipelines.camera.shake import shake
from generation.pipelines.camera.timing import onward
from tests.generation.pipelines.camera.recording_stage import (
    filmed,
    growth,
    photograph,
    shift,
    shot,
    texture,
)

pytestmark = pytest.mark.slow

ROOM = Room(300, 200, 150, 100, 300, 187.5, focus=(150, 100))


def path(*shots: tuple[Move, ...], room: Room = ROOM, frames: int = 97) -> list[Pose]:
    wanted: Shots = shots
    return plan(wanted, room, onward(frames, 24), output_width=256, seed=1)


@pytest.mark.parametrize(
    ("motion", "way"),
    [
        (Motion.PAN_RIGHT, (-1, 0)),
        (Motion.PAN_LEFT, (1, 0)),
        (Motion.TILT_UP, (0, 1)),
        (Motion.TILT_DOWN, (0, -1)),
    ],
)
def test_the_content_goes_the_other_way(motion: Motion, way: tuple[int, int]) -> None:
    frames = shot(texture(300, 200), motion)
    moved = shift(frames[14], frames[18])
    assert moved @ np.array(way) > 1
    assert abs(moved @ np.array(way[::-1])) < 0.1


@pytest.mark.parametrize("picture", [texture(300, 200), texture(1200, 800), photograph("chelsea")])
@pytest.mark.parametrize("motion", [Motion.PAN_RIGHT, Motion.TILT_DOWN])
def test_a_pan_keeps_its_speed_to_a_tenth_of_a_pixel(
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], motion: Motion
) -> None:
    frames = shot(picture, motion)
    steps = np.array([shift(a, b) for a, b in pairwise(frames[7:26])])
    assert np.abs(steps - steps.mean(axis=0)).max() < 0.1


def test_a_pan_begins_and_ends_softly() -> None:
    way = np.diff([pose.x for pose in path((Move(Motion.PAN_RIGHT),))])
    assert way[0] < 0.05 * way[48]
    assert way[-1] < 0.05 * way[48]
    assert np.all(way > 0)


def test_still_is_still() -> None:
    frames = shot(texture(300, 200), Motion.STILL)
    assert all(np.array_equal(frame, frames[0]) for frame in frames)


def test_still_shows_the_picture_as_it_is() -> None:
    picture = texture(256, 160)
    frame = shot(picture, Motion.STILL)[0]
    assert np.abs(frame.astype(int) - picture).mean() < 2


def test_zoom_in_grows_and_zoom_out_shrinks() -> None:
    picture = texture(300, 200)
    inward, outward = shot(picture, Motion.ZOOM_IN), shot(picture, Motion.ZOOM_OUT)
    assert growth(inward[10], inward[22]) > 1.02
    assert growth(outward[10], outward[22]) < 0.98


@pytest.mark.parametrize("motion", [Motion.ZOOM_IN, Motion.ZOOM_OUT])
def test_a_zoom_has_the_same_ratio_from_frame_to_frame(motion: Motion) -> None:
    scales = np.array([pose.scale for pose in path((Move(motion),))])
    ratios = scales[21:76] / scales[20:75]
    assert np.ptp(ratios) < 1e-9


def test_a_zoom_out_ends_with_the_whole_picture() -> None:
    poses = path((Move(Motion.ZOOM_OUT),), room=Room(300, 187.5, 150, 93.75, 300, 187.5, (90, 80)))
    assert poses[-1].scale * 256 == pytest.approx(300, rel=0.1)


def test_quick_goes_farther_than_slow_and_strong_than_slight() -> None:
    def travelled(move: Move) -> float:
        poses = path((move,))
        return (poses[-1].x - poses[0].x) / poses[0].scale

    slow, quick = (travelled(Move(Motion.PAN_RIGHT, s)) for s in (Speed.SLOW, Speed.QUICK))
    slight, strong = (
        travelled(Move(Motion.PAN_RIGHT, degree=d)) for d in (Degree.SLIGHT, Degree.STRONG)
    )
    assert quick > 2 * slow
    assert strong > 2 * slight


def test_a_wide_picture_is_panned_without_zooming_into_it() -> None:
    wide = Room(1000, 187.5, 500, 93.75, 300, 187.5, focus=(500, 93))
    poses = path((Move(Motion.PAN_RIGHT),), room=wide, frames=161)
    assert poses[0].scale * 256 == pytest.approx(300)
    assert poses[-1].x - poses[0].x > 150


def test_shots_follow_each_other_and_nothing_jumps() -> None:
    poses = path((Move(Motion.PAN_RIGHT),), (Move(Motion.ZOOM_IN),))
    first, second = poses[:40], poses[58:]
    assert first[-1].x > first[0].x
    assert np.ptp([pose.scale for pose in first]) < 1e-9
    assert second[-1].scale < second[0].scale
    steps = np.diff([pose.x for pose in poses])
    assert np.abs(np.diff(steps)).max() < 0.15 * np.abs(steps).max()


def test_moves_of_one_shot_happen_together() -> None:
    poses = path((Move(Motion.PAN_LEFT), Move(Motion.ZOOM_IN)))
    assert poses[60].x < poses[36].x
    assert poses[60].scale < poses[36].scale


@pytest.mark.parametrize("motion", [Motion.ORBIT_LEFT, Motion.HANDHELD, Motion.ZOOM_OUT])
def test_the_camera_stays_inside_the_picture(motion: Motion) -> None:
    for pose in path((Move(motion, Speed.QUICK, Degree.STRONG), Move(Motion.PAN_RIGHT))):
        half = 128 * pose.scale
        assert half <= pose.x + 1e-6
        assert pose.x + half <= 300 + 1e-6
        assert 80 * pose.scale <= pose.y + 1e-6
        assert pose.y + 80 * pose.scale <= 200 + 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_a_hand_shakes_below_three_hertz_and_most_where_it_is_slow(seed: int) -> None:
    sway = shake(frames=24 * 40, fps=24, seed=seed, extent=1.0, pace=1.0)
    for curve in (sway.x, sway.y, sway.roll):
        power = np.abs(np.fft.rfft(curve * np.hanning(len(curve)))) ** 2
        hertz = np.fft.rfftfreq(len(curve), 1 / 24)
        assert power[(hertz > 0.2) & (hertz < 3.1)].sum() > 0.99 * power.sum()
        assert power[hertz < 1].sum() > 4 * power[hertz >= 1].sum()


def test_handheld_rolls_a_little_and_differs_by_seed() -> None:
    move = ((Move(Motion.HANDHELD),),)
    one, other = (plan(move, ROOM, onward(97, 24), output_width=256, seed=seed) for seed in (1, 2))
    rolls = np.degrees([pose.roll for pose in one])
    assert 0.05 < np.std(rolls) < 1.0
    assert one != other


def test_handheld_moves_like_a_hand_in_the_frames() -> None:
    frames = filmed(texture(300, 200), Directions(((Move(Motion.HANDHELD),),)), frames=49)
    steps = np.array([shift(a, b) for a, b in pairwise(frames)])
    assert 0.05 < np.abs(steps).mean() < 2
    assert np.abs(np.diff(steps, axis=0)).mean() < np.abs(steps).mean()
