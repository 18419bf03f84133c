"""A loop and a boomerang play on and on, and nobody sees where they begin."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from generation.directions.vocabulary import Directions, Effect, Motion, Move
from generation.media.frames import Picture
from generation.pipelines.camera.moves import Pose, Room, plan
from generation.pipelines.camera.pipeline import show
from generation.pipelines.camera.timing import round_trip
from tests.generation.pipelines.camera.recording_stage import REQUEST, Camera, shift, texture

pytestmark = pytest.mark.slow

MOVING = sorted(set(Motion) - {Motion.AUTO, Motion.STILL})
ROOM = Room(300, 200, 150, 100, 300, 187.5, focus=(140, 90))


def going_round(wish: str, *effects: Effect, motion: Motion, frames: int = 33) -> list[Picture]:
    camera = Camera()
    request = replace(
        REQUEST, num_frames=frames, loop=wish == "loop", boomerang=wish == "boomerang"
    )
    show(texture(300, 200), Directions(((Move(motion),),), effects), request, camera)
    assert len(camera.kept) == frames
    return camera.kept


def test_across_the_seam_of_a_loop_the_content_moves_as_beside_it() -> None:
    frames = going_round("loop", motion=Motion.PAN_RIGHT)
    around = [*frames[-2:], *frames[:2]]
    before, seam, after = (shift(one, two)[0] for one, two in pairwise(around))
    assert abs(seam) > 0.3
    assert seam == pytest.approx(before, rel=0.1)
    assert seam == pytest.approx(after, rel=0.1)


@pytest.mark.parametrize("wish", ["loop", "boomerang"])
def test_no_frame_is_shown_twice_in_a_row_at_its_turns_or_its_seam(wish: str) -> None:
    frames = going_round(wish, motion=Motion.PAN_RIGHT)
    steps = [shift(one, two)[0] for one, two in pairwise([*frames, frames[0]])]
    assert min(map(abs, steps)) > 0.03
    assert sum(steps) == pytest.approx(0, abs=0.2)
    turns = [a * b < 0 for a, b in pairwise([*steps, steps[0]])]
    assert sum(turns) == 2
    assert wish == "loop" or max(map(abs, steps[:3])) == pytest.approx(abs(steps[2]))


@pytest.mark.parametrize("from_the_end", [False, True])
@pytest.mark.parametrize("motion", MOVING)
def test_every_move_comes_back_to_where_it_began(motion: Motion, from_the_end: bool) -> None:
    course = round_trip(97, 24, from_the_end=from_the_end)
    poses = plan(((Move(motion),),), ROOM, course, output_width=256, seed=3)
    ways = np.diff(rows([*poses, *poses[:2]]), axis=0)
    quickest = np.abs(ways).max(axis=0) + 1e-12
    turning = np.abs(np.diff(ways, axis=0)) / quickest
    assert turning[-2:].max() < (0.75 if from_the_end else 0.1) + turning[:-2].max()
    assert len(set(poses)) == len(poses)


def test_neither_the_weather_nor_the_light_jumps_at_the_seam() -> None:
    frames = going_round("loop", Effect.SNOW, Effect.NIGHT, motion=Motion.STILL)
    changes = [np.abs(a.astype(int) - b).mean() for a, b in pairwise([*frames, frames[0]])]
    assert changes[-1] < 1.2 * max(changes[:-1])


def rows(poses: list[Pose]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([(p.x, p.y, np.log(p.scale), p.roll, p.slide, p.push) for p in poses])
