"""From a wish to a request: what an engine's own defaults and options do to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.submission.digests import digest
from bot.submission.intake import Intake
from bot.submission.options import ExtraPictures, KeyframePicture, Options
from config.sections import DefaultsSettings
from generation.dispatch.offering import Offering
from generation.engine.protocol import OPTIONS, Defaults
from generation.errors import InvalidImage, UnsupportedOption
from generation.images.intake import PictureIntake
from generation.notes import Note
from generation.workspace import Workspace
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.generation.images.pictures import encoded

pytestmark = pytest.mark.slow

ABLE = replace(STEPPED, options=OPTIONS, defaults=Defaults(30, 40, 3.0, "blurry"))
SHORT = Options(num_frames=25)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path, keep_inputs=60, keep_clips=60)
    workspace.create()
    return workspace


@pytest.fixture
def engine() -> SteppedEngine:
    engine = SteppedEngine()
    engine.capabilities = ABLE
    return engine


@pytest_asyncio.fixture
async def intake(workspace: Workspace, engine: SteppedEngine) -> AsyncGenerator[Intake]:
    intake = Intake(PictureIntake(), workspace, Offering([engine]), DefaultsSettings())
    await intake.start()
    yield intake
    await intake.close()


async def test_what_nobody_says_is_the_models_own_default(intake: Intake, photograph: Path) -> None:
    request = await intake.accept(photograph, SHORT)
    assert (request.num_inference_steps, request.guidance_scale) == (40, 3.0)
    assert (request.negative_prompt, request.fps) == ("blurry", 30)


async def test_a_picture_whose_end_had_to_be_made_up_says_so(intake: Intake) -> None:
    jpeg = encoded(Image.effect_noise((320, 320), 60), "JPEG", quality=90)
    assert len((await intake.accept(jpeg, SHORT)).notes) == 1
    request = await intake.accept(jpeg[: len(jpeg) * 98 // 100], SHORT)
    assert request.notes[1] == Note("cut_off", percent=2)


async def test_what_somebody_says_wins_over_the_default(intake: Intake, photograph: Path) -> None:
    options = Options(
        num_frames=25, fps=12, num_inference_steps=8, guidance_scale=1, negative_prompt="rain"
    )
    request = await intake.accept(photograph, options)
    assert (request.num_inference_steps, request.guidance_scale) == (8, 1)
    assert (request.negative_prompt, request.fps) == ("rain", 12)


async def test_the_operators_frame_rate_wins_over_the_models(
    workspace: Workspace, engine: SteppedEngine, photograph: Path
) -> None:
    intake = Intake(PictureIntake(), workspace, Offering([engine]), DefaultsSettings(fps=24))
    await intake.start()
    assert (await intake.accept(photograph, SHORT)).fps == 24
    await intake.close()


async def test_every_further_picture_lies_in_the_workspace(
    intake: Intake, workspace: Workspace, photograph: Path
) -> None:
    picture = photograph.read_bytes()
    further = ExtraPictures(end=picture, keyframes=(KeyframePicture(0.4, picture),))
    request = await intake.accept(photograph, SHORT, further)
    assert request.keyframes[0].frame == 12
    assert len(set(request.inputs)) == 3
    assert all(workspace.input(name).exists() for name in request.inputs)


async def test_one_refused_picture_leaves_none_behind(
    intake: Intake, workspace: Workspace, photograph: Path
) -> None:
    with pytest.raises(InvalidImage):
        await intake.accept(photograph, SHORT, ExtraPictures(end=b"not a picture"))
    assert list(workspace.inputs.iterdir()) == []


@pytest.mark.parametrize("at", [0.0, -1.0, 1.1, 1e300, float("nan")])
async def test_a_keyframe_outside_of_the_clip_is_refused_with_the_range(
    intake: Intake, photograph: Path, at: float
) -> None:
    with pytest.raises(UnsupportedOption, match=r"outside_clip, most=0\.8") as refused:
        await intake.accept(photograph, SHORT, ExtraPictures(keyframes=(KeyframePicture(at, b""),)))
    assert refused.value.param == "keyframes"


@pytest.mark.parametrize(
    ("options", "moments", "end"),
    [
        (SHORT, (0.4, 0.4), None),
        (SHORT, (0.4, 0.401), None),
        (SHORT, (0.8,), b""),
        (replace(SHORT, loop=True), (0.8,), None),
        (replace(SHORT, boomerang=True), (13 / 30,), b""),
    ],
)
async def test_two_pictures_at_one_moment_are_refused(
    intake: Intake,
    photograph: Path,
    options: Options,
    moments: tuple[float, ...],
    end: bytes | None,
) -> None:
    keyframes = tuple(KeyframePicture(at, b"") for at in moments)
    with pytest.raises(UnsupportedOption, match="same_moment"):
        await intake.accept(photograph, options, ExtraPictures(end, keyframes))


async def test_a_boomerang_passes_its_keyframes_on_its_way_forth(
    intake: Intake, photograph: Path
) -> None:
    back = ExtraPictures(keyframes=(KeyframePicture(0.5, photograph),))
    with pytest.raises(UnsupportedOption, match=r"outside_clip, most=0\.4"):
        await intake.accept(photograph, replace(SHORT, boomerang=True), back)
    assert (await intake.accept(photograph, SHORT, back)).keyframes[0].frame == 15


async def test_a_loop_takes_no_end_picture(intake: Intake, photograph: Path) -> None:
    with pytest.raises(UnsupportedOption, match="loop_and_end"):
        await intake.accept(photograph, Options(loop=True), ExtraPictures(end=photograph))


@pytest.mark.parametrize("option", sorted(OPTIONS - {"extends", "upscales"}))
async def test_an_option_the_engine_does_not_have_is_refused_by_name(
    intake: Intake, engine: SteppedEngine, photograph: Path, option: str
) -> None:
    engine.capabilities = replace(ABLE, options=OPTIONS - {option})
    values: dict[str, tuple[Options, ExtraPictures]] = {
        "end_image": (SHORT, ExtraPictures(end=photograph)),
        "keyframes": (SHORT, ExtraPictures(keyframes=(KeyframePicture(0.4, b""),))),
        "loop": (Options(loop=True), ExtraPictures()),
        "negative_prompt": (Options(negative_prompt="rain"), ExtraPictures()),
        "num_inference_steps": (Options(num_inference_steps=8), ExtraPictures()),
        "guidance_scale": (Options(guidance_scale=3.0), ExtraPictures()),
        "strength": (Options(strength=0.5), ExtraPictures()),
        "motion_strength": (Options(motion_strength=3), ExtraPictures()),
        "boomerang": (Options(boomerang=True), ExtraPictures()),
    }
    with pytest.raises(UnsupportedOption, match="not_in_engine") as refused:
        await intake.accept(photograph, *values[option])
    assert refused.value.param == option


def test_another_end_or_moment_is_another_wish() -> None:
    plain, ending = ExtraPictures(), ExtraPictures(end=b"b")
    early, late = (ExtraPictures(keyframes=(KeyframePicture(at, b"b"),)) for at in (1.0, 2.0))
    seen = {digest(SHORT, b"a", further) for further in (plain, ending, early, late)}
    assert len(seen) == 4
