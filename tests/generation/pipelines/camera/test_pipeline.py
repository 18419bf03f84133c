"""The camera engine as its host sees it: exactly the frames, one by one, until it is cancelled."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move
from generation.engine.pipeline import Interrupted, Pipeline
from generation.errors import GenerationFailed
from generation.events import PhaseName
from generation.notes import Note
from generation.pipelines.camera.capabilities import CAPABILITIES
from generation.pipelines.camera.pipeline import CameraPipeline
from tests.generation.pipelines.camera.recording_stage import (
    Camera,
    animation,
    filmed,
    photograph,
    plain,
    shot,
    texture,
)

pytestmark = pytest.mark.slow

MOVES = sorted(CAPABILITIES.motions - {Motion.AUTO})
EFFECTS = sorted(CAPABILITIES.effects - {Effect.AUTO, Effect.NONE})


def test_it_hands_on_exactly_the_frames_and_counts_them(tmp_path: Path) -> None:
    camera, pipeline = Camera(), CameraPipeline()
    pipeline.load(lambda *_: None)
    pipeline.render(animation(tmp_path, texture(300, 200), "pan left"), camera)
    assert [frame.shape for frame in camera.kept] == [(160, 256, 3)] * 33
    assert camera.steps == [(index, 33) for index in range(1, 34)]
    assert camera.phases == [PhaseName.PREPARE, PhaseName.STEP]
    assert camera.notes == [Note("camera", shots=("pan-left normal normal",))]


def test_it_is_a_pipeline() -> None:
    pipeline: Pipeline = CameraPipeline()
    assert pipeline.capabilities is CAPABILITIES


def test_without_words_it_says_what_it_chose_and_moves(tmp_path: Path) -> None:
    camera = Camera()
    CameraPipeline().render(animation(tmp_path, texture(300, 200)), camera)
    assert camera.notes == [Note("own_choice")]
    assert np.abs(camera.kept[0].astype(int) - camera.kept[-1]).mean() > 3


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("let it snow", Note("weather", effects=("snow",))),
        ("rain, but no snow and no night", Note("weather", effects=("rain", "no-snow"))),
        ("es schneit nicht mehr", Note("weather", effects=("no-snow",))),
        ("she smiles", Note("nothing_asked", example="zoom_and_snow")),
    ],
)
def test_beside_the_engines_choice_stands_what_the_words_asked_for(
    tmp_path: Path, words: str, note: Note
) -> None:
    camera = Camera()
    CameraPipeline().render(animation(tmp_path, texture(100, 100), words), camera)
    assert camera.notes[:2] == [Note("own_choice"), note]


@pytest.mark.parametrize("effect", [Effect.RAIN, Effect.NONE])
def test_what_is_chosen_by_name_is_not_said_to_be_forbidden(tmp_path: Path, effect: Effect) -> None:
    wanted, camera = animation(tmp_path, texture(100, 100), "no rain"), Camera()
    wanted = replace(wanted, request=replace(wanted.request, effect=effect))
    CameraPipeline().render(wanted, camera)
    rain = [Note("weather", effects=("rain",)), Note("chosen_first")]
    chosen = rain if effect is Effect.RAIN else []
    assert camera.notes == [Note("own_choice"), *chosen]


def test_a_cancel_ends_it_within_a_step(tmp_path: Path) -> None:
    camera = Camera(lasts=5)
    with pytest.raises(Interrupted):
        CameraPipeline().render(animation(tmp_path, texture(300, 200)), camera)
    assert len(camera.kept) <= 6


def test_a_picture_that_is_gone_is_an_expected_failure(tmp_path: Path) -> None:
    wanted = animation(tmp_path, texture(64, 64))
    wanted.image.unlink()
    with pytest.raises(GenerationFailed, match="picture_gone"):
        CameraPipeline().render(wanted, Camera())


def test_the_capabilities_are_known_without_numpy() -> None:
    code = (
        "import sys, generation.pipelines.camera.capabilities as p;"
        "assert p.CAPABILITIES.motions and not {'numpy', 'cv2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[4])


@pytest.mark.parametrize("motion", MOVES)
def test_no_move_ever_shows_a_border(motion: Motion) -> None:
    for size in [(400, 160), (150, 400), (256, 160)]:
        strong = Move(motion, degree=Degree.STRONG)
        frames = shot(plain(*size, 240), strong, frames=17)
        assert min(int(frame.min()) for frame in frames) >= 238


@pytest.mark.parametrize("motion", [Motion.ORBIT_LEFT, Motion.ZOOM_IN, Motion.HANDHELD])
def test_what_lies_at_the_border_of_the_picture_is_never_smeared(motion: Motion) -> None:
    """A rim of one pixel would be drawn out to a band if the camera looked past it."""
    rimmed = plain(256, 160, 240)
    rimmed[0], rimmed[-1], rimmed[:, 0], rimmed[:, -1] = 0, 0, 0, 0
    for frame in shot(rimmed, Move(motion, degree=Degree.STRONG), frames=17):
        assert float((frame < 120).mean()) < 2 * (256 + 160) * 2 / (256 * 160)


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_same_seed_gives_the_same_frames(effect: Effect) -> None:
    picture = texture(300, 200)
    first = shot(picture, Motion.HANDHELD, effects=(effect,), frames=9)
    again = shot(picture, Motion.HANDHELD, effects=(effect,), frames=9)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("effect", [Effect.RAIN, Effect.SNOW, Effect.FOG])
def test_another_seed_is_other_weather(effect: Effect) -> None:
    picture = texture(300, 200)
    first = shot(picture, Motion.STILL, effects=(effect,), frames=9)
    other = shot(picture, Motion.STILL, effects=(effect,), frames=9, seed=8)
    assert np.abs(first[4].astype(int) - other[4]).max() > 20


def test_moves_and_effects_combine() -> None:
    directions = Directions(
        ((Move(Motion.PAN_RIGHT), Move(Motion.HANDHELD)), (Move(Motion.ZOOM_IN),)),
        (Effect.NIGHT, Effect.RAIN, Effect.FOG, Effect.SNOW, Effect.SUNSET),
    )
    frames = filmed(photograph("chelsea"), directions)
    assert len(frames) == 33
    jumps = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
    assert max(jumps) < 25


@pytest.mark.parametrize("size", [(64, 64), (64, 320), (320, 64)])
def test_small_and_narrow_clips_of_small_pictures(size: tuple[int, int]) -> None:
    frames = shot(texture(64, 64), Motion.ORBIT_LEFT, effects=(Effect.RAIN,), size=size, frames=9)
    assert [frame.shape for frame in frames] == [(size[1], size[0], 3)] * 9


def test_a_large_picture_makes_a_small_clip(tmp_path: Path) -> None:
    wanted = animation(tmp_path, texture(1280, 800))
    small = replace(wanted, request=replace(wanted.request, num_frames=9))
    camera = Camera()
    CameraPipeline().render(small, camera)
    assert len(camera.kept) == 9


def test_the_number_of_threads_changes_nothing() -> None:
    directions = Directions(
        ((Move(Motion.ORBIT_LEFT), Move(Motion.ZOOM_IN)),), (Effect.NIGHT, Effect.FOG, Effect.SNOW)
    )
    threads = cv2.getNumThreads()
    clips = []
    try:
        for count in (1, 2, 4):
            cv2.setNumThreads(count)
            clips.append(np.stack(filmed(photograph("chelsea"), directions, frames=9)))
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(clips[0], clips[1])
    assert np.array_equal(clips[0], clips[2])
