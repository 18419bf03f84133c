"""Near and far: parallax in the frames, and which part of a picture is shown."""

from __future__ import annotations

import numpy as np
import pytest

from generation.directions.vocabulary import Motion
from generation.media.frames import Picture
from generation.pipelines.camera.crop import frame_in
from generation.pipelines.camera.depth_cues import nearness
from generation.pipelines.camera.raster import reduced
from generation.pipelines.camera.saliency import saliency
from tests.generation.pipelines.camera.recording_stage import flow, photograph, plain, shot, texture

pytestmark = pytest.mark.slow


def borders(frames: list[Picture], axis: int) -> tuple[float, float]:
    """The median flow along `axis` in the top and the bottom sixth, over ten frames in between."""
    moved = flow(frames[20], frames[30])[..., axis]
    rim = moved.shape[0] // 6
    return float(np.median(moved[:rim])), float(np.median(moved[-rim:]))


@pytest.mark.parametrize("name", ["astronaut", "chelsea"])
@pytest.mark.parametrize(("motion", "sign"), [(Motion.ORBIT_RIGHT, 1), (Motion.ORBIT_LEFT, -1)])
def test_in_an_orbit_the_far_goes_by_and_the_near_turns_against_it(
    name: str, motion: Motion, sign: int
) -> None:
    far, near = borders(shot(photograph(name), motion, frames=49, size=(352, 224)), axis=0)
    assert far * sign > 0.5
    assert near * sign < 0
    assert abs(far) > 1.5 * abs(near)


@pytest.mark.parametrize("name", ["astronaut", "chelsea"])
def test_in_a_dolly_the_near_grows_faster_than_the_far(name: str) -> None:
    far, near = borders(shot(photograph(name), Motion.ZOOM_IN, frames=49, size=(352, 224)), axis=1)
    assert far < 0 < near
    assert near > 1.5 * abs(far)


@pytest.mark.parametrize("motion", [Motion.ORBIT_RIGHT, Motion.ZOOM_IN])
def test_nothing_is_torn_by_depth(motion: Motion) -> None:
    """Neighbours stay neighbours: the flow changes by less than a pixel from pixel to pixel."""
    frames = shot(texture(400, 250), motion, frames=49, size=(352, 224))
    moved = flow(frames[14], frames[34])
    assert np.abs(np.diff(moved, axis=0)).max() < 0.9
    assert np.abs(np.diff(moved, axis=1)).max() < 0.9


@pytest.mark.parametrize("name", ["astronaut", "chelsea"])
def test_the_ground_in_front_is_nearer_than_what_is_above(name: str) -> None:
    small = reduced(photograph(name), 320)
    near = nearness(small, saliency(small))
    rim = near.shape[0] // 8
    assert near[-rim:].mean() > near[:rim].mean() + 0.3
    assert 0 <= near.min() <= near.max() <= 1


def test_a_plain_picture_has_a_depth_too() -> None:
    small = plain(64, 40, 90)
    near = nearness(small, saliency(small))
    assert np.isfinite(near).all()


@pytest.mark.parametrize("left", [True, False])
def test_a_crop_keeps_what_matters(left: bool) -> None:
    picture = plain(640, 240, 120)
    x = 60 if left else 460
    picture[60:180, x : x + 120] = texture(120, 120)
    frame = frame_in(640, 240, 240, 240, saliency(reduced(picture, 320)))
    assert frame.width == pytest.approx(240)
    assert frame.x - 120 <= x
    assert x + 120 <= frame.x + 120


def test_a_face_is_not_cut_off() -> None:
    """Of the square portrait only two thirds of the height fit; the head is in the upper third."""
    picture = photograph("astronaut")
    frame = frame_in(512, 512, 704, 480, saliency(reduced(picture, 320)))
    assert frame.y - frame.height / 2 < 15


def test_a_rounding_of_the_shape_is_cut_off_on_both_sides() -> None:
    picture = texture(640, 400)
    frame = frame_in(640, 400, 320, 192, saliency(reduced(picture, 320)))
    assert (frame.x, frame.y) == (320, 200)
