"""A clip that goes on: what was there stays, and nothing jumps where the new part begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from generation.directions.vocabulary import Directions, Effect, Motion, Move
from generation.errors import GenerationFailed
from generation.media.encode import ClipEncoder
from generation.media.frames import Picture
from generation.media.marking import DigitalSource
from generation.media.recipe import Recipe, Scalar
from generation.pipelines.camera.continuation import going_on
from generation.pipelines.camera.earlier_clip import EarlierClip
from generation.pipelines.camera.ending import NAME, Ending
from generation.pipelines.camera.moves import Pose, Room, plan, reach
from generation.pipelines.camera.pipeline import go_on, show
from generation.pipelines.camera.timing import onward
from tests.generation.pipelines.camera.recording_stage import (
    REQUEST,
    Camera,
    growth,
    shift,
    texture,
)

pytestmark = pytest.mark.slow

MOVING = sorted(set(Motion) - {Motion.AUTO, Motion.STILL})
ROOM = Room(300, 200, 150, 100, 300, 187.5, focus=(140, 90))
FRAMES = 33


def kept(path: Path, camera: Camera, effect: Effect, **options: Scalar) -> Path:
    """The frames as the clip that people get, with a recipe that tells how it left off."""
    recipe = Recipe(
        photoplay="1",
        prompt="",
        effective_prompt="",
        negative_prompt="",
        seed=REQUEST.seed,
        engine="camera",
        model="camera",
        motion="auto",
        effect=effect.value,
        width=REQUEST.width,
        height=REQUEST.height,
        frames=len(camera.kept),
        fps=REQUEST.fps,
        created=datetime.now(UTC),
        options=camera.kept_in_recipe | options,
    )
    source, thumbnail = DigitalSource.ALGORITHMICALLY_ENHANCED, path.with_suffix(".jpg")
    with ClipEncoder(path, recipe, source=source, thumbnail=thumbnail) as encoder:
        encoder.write(np.stack(camera.kept))
        encoder.finish()
    return path


def extended(
    path: Path, motion: Motion, effect: Effect = Effect.NONE, **options: Scalar
) -> tuple[list[Picture], list[Picture]]:
    """The frames of a clip, and of the one which goes on from it."""
    picture, directions = texture(300, 200), Directions(((Move(motion),),), (effect,))
    first, longer = Camera(), Camera()
    show(picture, directions, REQUEST, first)
    request = replace(REQUEST, num_frames=2 * FRAMES - 1)
    clip = EarlierClip(kept(path, first, effect, **options), request)
    go_on(picture, directions, clip, longer)
    assert len(longer.kept) == 2 * FRAMES - 1
    return first.kept, longer.kept


def test_a_pan_goes_on_the_same_way_from_where_it_stood(tmp_path: Path) -> None:
    first, longer = extended(tmp_path / "clip.mp4", Motion.PAN_RIGHT)
    for index in (0, 16, 32):
        assert np.abs(shift(first[index], longer[index])).max() < 0.1
    assert abs(shift(first[-1], longer[FRAMES])[0]) < 0.3
    assert shift(longer[FRAMES], longer[-1])[0] < -3


def test_a_clip_of_which_nobody_knows_how_it_left_off_goes_on_from_its_last_frame(
    tmp_path: Path,
) -> None:
    first, longer = extended(tmp_path / "clip.mp4", Motion.ZOOM_IN, Effect.NIGHT, **{NAME: "?"})
    assert longer[-1].mean() == pytest.approx(first[-1].mean(), abs=4)  # not night upon night
    assert growth(first[-1], longer[FRAMES]) == pytest.approx(1, abs=0.01)
    assert growth(longer[FRAMES], longer[-1]) > 1.03


@pytest.mark.parametrize("effect", [Effect.RAIN, Effect.NIGHT])
def test_the_weather_goes_on_without_a_jump(tmp_path: Path, effect: Effect) -> None:
    first, longer = extended(tmp_path / "clip.mp4", Motion.STILL, effect)
    fell = [np.abs(a.astype(int) - b).mean() for a, b in zip(first[-6:], first[-5:], strict=False)]
    seam = np.abs(first[-1].astype(int) - longer[FRAMES]).mean()
    assert seam < 1.2 * max(fell) + 0.5
    assert longer[-1].mean() == pytest.approx(first[-1].mean(), abs=4)


@pytest.mark.parametrize("motion", MOVING)
def test_every_move_keeps_its_place_its_speed_and_the_picture_time_after_time(
    motion: Motion,
) -> None:
    shots = ((Move(motion),),)
    poses = plan(shots, ROOM, onward(FRAMES, 24), output_width=256, seed=3)
    for part in range(3):
        last, before = poses[-1], poses[-2]
        time, closest = (len(poses) - 1) / 24, last.scale
        ending = Ending(last, before, (0, 0), closest, time, 1.0, 3, 0)
        ending = known(Ending.from_text(ending.to_text()))
        course = onward(FRAMES, 24, before=len(poses) - 1)
        new = going_on(shots, ROOM, course, ending, output_width=256, seed=3)
        assert len(new) == FRAMES - 1
        table = rows([before, last, *new])
        came, goes = table[1] - table[0], table[2] - table[1]
        assert np.abs(goes - came).max() < 0.1, part
        assert np.abs(table[-1] - table[1]).max() > 0.01, "it stands still"
        inside(new)
        poses += new


def inside(poses: list[Pose]) -> None:
    for pose in poses:
        zoom = np.array([ROOM.frame_width / 256 / pose.scale])
        bent = (np.array([one]) for one in (pose.roll, pose.slide, pose.push))
        across, along = reach(ROOM, zoom, *bent)
        assert across[0] - 0.5 <= pose.x <= ROOM.width - across[0] + 0.5
        assert along[0] - 0.5 <= pose.y <= ROOM.height - along[0] + 0.5


def known(ending: Ending | None) -> Ending:
    assert ending is not None
    return ending


def rows(poses: list[Pose]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([(p.x, p.y, np.log(p.scale), p.roll, p.slide, p.push) for p in poses])


@pytest.mark.parametrize("text", [None, 5, "", "[]", "[1,2]", "{}", '["a"]', "[" * 9999, "null"])
def test_what_tells_no_ending_is_none(text: object) -> None:
    assert Ending.from_text(text) is None


def test_an_earlier_clip_s_frames_keep_their_colours(tmp_path: Path) -> None:
    camera, picture = Camera(), texture(REQUEST.width, REQUEST.height)
    picture[:] = (200, 90, 40)
    camera.kept = [picture] * 9
    clip = EarlierClip(kept(tmp_path / "clip.mp4", camera, Effect.NONE), REQUEST)
    frames = np.concatenate(list(clip.batches()))
    assert frames.shape == (9, *picture.shape)
    assert np.abs(frames.astype(int) - picture).max() <= 3


def test_an_earlier_clip_that_is_gone_or_does_not_fit_fails_by_name(tmp_path: Path) -> None:
    with pytest.raises(GenerationFailed, match="previous_gone"):
        EarlierClip(tmp_path / "none.mp4", REQUEST)
    camera = Camera()
    camera.kept = [texture(REQUEST.width, REQUEST.height)] * 9
    clip = kept(tmp_path / "clip.mp4", camera, Effect.NONE)
    with pytest.raises(GenerationFailed, match="previous_length"):
        EarlierClip(clip, replace(REQUEST, num_frames=9))
    with pytest.raises(GenerationFailed, match="previous_size"):
        EarlierClip(clip, replace(REQUEST, width=64))
