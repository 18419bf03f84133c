"""Which picture the model is shown at which frame, and what a clip that goes on is made of."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from PIL import Image

from generation.errors import GenerationFailed
from generation.jobs import Keyframe
from generation.media.frames import Frames
from generation.pipelines.ltx.conditioning import planned
from generation.pipelines.ltx.previous_clip import read_frames
from generation.pipelines.ltx.quality_retry import DecodedClip, hand_on
from tests.generation.pipelines.ltx.recording_stage import (
    MODEL_MARKS,
    Recorder,
    animation,
    asked,
    painted,
)
from tests.generation.pipelines.ltx.test_session import good

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

pytestmark = MODEL_MARKS
Sessions = Callable[[str], "Session"]


def test_a_picture_keeps_its_middle_and_is_never_stretched(tmp_path: Path) -> None:
    wide = np.zeros((64, 320, 3), np.uint8)
    wide[:, 112:208] = 200  # what a clip of 96x64 shows of it
    Image.fromarray(wide).save(tmp_path / "first.png")
    [condition] = planned(animation(tmp_path)).conditions
    assert condition.pictures[0].size == (96, 64)
    assert np.asarray(condition.pictures[0]).min() > 190


def test_pictures_of_every_mode_become_rgb(tmp_path: Path) -> None:
    painted(1).convert("LA").save(tmp_path / "first.png")
    assert planned(animation(tmp_path)).picture.mode == "RGB"


def test_every_wish_has_its_frame(tmp_path: Path) -> None:
    keyframes = (Keyframe(5, "a.png"), Keyframe(0, "b.png"), Keyframe(99, "c.png"))
    plan = planned(asked(tmp_path, keyframes=keyframes, end_image="end.png", strength=0.5))
    assert [(it.at, it.strength) for it in plan.conditions] == [(0, 0.5), (5, 0.5), (16, 0.5)]
    with Image.open(tmp_path / "end.png") as end:
        assert alike(plan.conditions[-1].pictures[0], end)
    assert (plan.num_frames, plan.begins, plan.ends) == (17, 0, 17)


def test_a_loop_ends_with_its_beginning(tmp_path: Path) -> None:
    plan = planned(asked(tmp_path, loop=True))
    assert [it.at for it in plan.conditions] == [0, 16]
    assert plan.conditions[1].pictures == plan.conditions[0].pictures


def test_a_picture_that_is_gone_is_an_expected_failure(tmp_path: Path) -> None:
    wanted = asked(tmp_path, end_image="end.png")
    (tmp_path / "end.png").unlink()
    with pytest.raises(GenerationFailed, match="picture_gone"):
        planned(wanted)


def test_what_goes_on_sees_the_last_nine_frames(tmp_path: Path) -> None:
    old = recorded(tmp_path / "old.mp4", 25)
    plan = planned(asked(tmp_path, extends="old.mp4", num_frames=41, end_image="end.png"))
    assert plan.num_frames == 41 - 25 + 9
    assert (plan.begins, plan.ends) == (9, 25)
    assert [(it.at, len(it.pictures)) for it in plan.conditions] == [(0, 9), (24, 1)]
    shown = np.stack([np.asarray(picture) for picture in plan.conditions[0].pictures])
    assert np.array_equal(shown, old[-9:])


def test_an_earlier_clip_off_the_grid_gets_what_it_lacks(tmp_path: Path) -> None:
    recorded(tmp_path / "old.mp4", 20)
    plan = planned(asked(tmp_path, extends="old.mp4", num_frames=41))
    assert (plan.num_frames - 1) % 8 == 0
    assert plan.num_frames >= plan.ends
    assert 20 + plan.ends - plan.begins == 41


def test_an_earlier_clip_of_another_size_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path / "old.mp4", 9, size=(64, 64))
    with pytest.raises(GenerationFailed, match="previous_size"):
        planned(asked(tmp_path, extends="old.mp4"))


def test_an_earlier_clip_that_is_long_enough_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path / "old.mp4", 17)
    with pytest.raises(GenerationFailed, match="previous_length"):
        planned(asked(tmp_path, extends="old.mp4", num_frames=17))


def test_an_earlier_clip_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.mp4").write_bytes(b"not a clip")
    with pytest.raises(GenerationFailed, match="previous_gone"):
        planned(asked(tmp_path, extends="old.mp4", num_frames=17))


@pytest.mark.parametrize("kind", ["condition", "condition-distilled", "ltx2-distilled"])
def test_a_longer_clip_is_the_old_one_and_then_new_frames(
    kind: str, session: Sessions, tmp_path: Path
) -> None:
    old = recorded(tmp_path / "old.mp4", 17)
    stage = Recorder()
    session(kind).render(asked(tmp_path, extends="old.mp4", num_frames=33), stage, good)
    assert len(stage.clip) == 33
    assert np.array_equal(stage.clip[:17], old)


def test_the_old_sound_goes_on_into_the_new(session: Sessions, tmp_path: Path) -> None:
    recorded(tmp_path / "old.mp4", 17, sound=True)
    longer, alone = Recorder(), Recorder()
    session("ltx2-distilled").render(
        asked(tmp_path, extends="old.mp4", num_frames=33), longer, good
    )
    session("ltx2-distilled").render(asked(tmp_path, num_frames=25), alone, good)
    [(samples, rate)], [(new, _)] = longer.sounds, alone.sounds
    until = round(8 / 24 * rate)
    assert samples.shape[1] == until + new.shape[1]
    assert np.abs(samples[:, until // 4 : until // 2]).max() > 0.1


def test_half_of_a_boomerang_is_made_and_handed_on_both_ways(tmp_path: Path) -> None:
    wanted = asked(tmp_path, boomerang=True, loop=True, num_frames=33)
    plan = planned(wanted)
    assert (plan.num_frames, plan.ends, len(plan.conditions)) == (25, 18, 1)
    stage = Recorder()
    made = np.arange(25, dtype=np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)
    import torch

    from generation.pipelines.ltx.inference import Denoised

    clip = DecodedClip(made, None, Denoised(torch.zeros(1, 1, 4, 1, 1)))
    hand_on(clip, plan, wanted.request.fps, stage)
    assert stage.clip[:, 0, 0, 0].tolist() == [*range(18), *range(16, 1, -1)]


@pytest.mark.parametrize("kind", ["condition", "ltx2"])
@pytest.mark.parametrize("wish", ["end_image", "keyframes", "loop", "strength"])
def test_a_wish_changes_the_film(kind: str, wish: str, session: Sessions, tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "end_image": "end.png",
        "keyframes": (Keyframe(9, "key.png"),),
        "loop": True,
        "strength": 0.4,
    }
    plain, wished = Recorder(), Recorder()
    session(kind).render(animation(tmp_path), plain, good)
    session(kind).render(asked(tmp_path, **{wish: changes[wish]}), wished, good)
    assert wished.clip.shape == plain.clip.shape
    assert not np.array_equal(plain.clip, wished.clip)


def test_ltx2_is_told_the_places_in_latent_frames(tmp_path: Path) -> None:
    from generation.pipelines.ltx import ltx2_call

    plan = planned(asked(tmp_path, keyframes=(Keyframe(9, "key.png"),), loop=True))
    assert [it.at for it in plan.conditions] == [0, 9, 16]
    assert [ltx2_call._condition(it).index for it in plan.conditions] == [0, 2, 2]


def alike(one: Image.Image, other: Image.Image) -> bool:
    """The same colours, whatever was cut at the borders."""
    small = [np.asarray(it.convert("RGB").resize((6, 4)), float) for it in (one, other)]
    return float(np.abs(small[0] - small[1]).mean()) < 20


def recorded(
    path: Path, count: int, *, size: tuple[int, int] = (96, 64), sound: bool = False
) -> Frames:
    """An MP4 of moving colours, and the frames which a decoder makes of it."""
    with av.open(path, "w") as container:
        video = container.add_stream("libx264", rate=24)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio = container.add_stream("aac", rate=24000, layout="stereo") if sound else None
        picture = np.asarray(painted(3).resize(size))
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(np.roll(picture, 2 * index, axis=1), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 24)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None:
            time = np.arange(24000 * count // 24) / 24000
            tone = np.tile(np.sin(2 * np.pi * 440 * time).astype(np.float32) * 0.5, (2, 1))
            heard = av.AudioFrame.from_ndarray(tone, format="fltp", layout="stereo")
            heard.sample_rate, heard.pts = 24000, 0
            container.mux(audio.encode(heard))
            container.mux(audio.encode())
    return np.concatenate(list(read_frames(path)))
