"""A clip of ours that comes back as a picture is made again; what it says of itself is data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.submission.digests import Remake
from bot.submission.options import Options
from bot.submission.returned import options_of_recipe
from generation.directions.vocabulary import Motion
from generation.errors import InvalidPrompt, UnsupportedOption, Unwelcome
from generation.jobs import AnimationRequest, InFull
from generation.media.recipe import Recipe, Scalar
from generation.notes import Note
from tests.fakes.program.chat import KIM, Chat, chatting
from tests.generation.media.clips import RECIPE, encoded

AS_IT_WAS = Options()
FILM = Path(__file__).parents[3] / "examples" / "launch.mp4"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


async def made_of(at: Chat, clip: Path | bytes, options: Options = AS_IT_WAS) -> AnimationRequest:
    ticket = await at.sent(KIM, clip, options)
    return (await at.commands.job(ticket.job_id)).request


@pytest.mark.slow
async def test_a_clip_that_comes_back_is_made_again_with_what_is_said_anew(
    tmp_path: Path, folder: Path
) -> None:
    clip = encoded(folder).path
    async with chatting(tmp_path) as at:
        for file in (clip, clip.read_bytes()):
            again = await made_of(at, file)
            assert (again.prompt, again.seed, again.motion) == (RECIPE.prompt, 7, Motion.PAN_LEFT)
            assert (again.width, again.height, again.num_frames) == (64, 96, 9)
            assert (again.strength, again.negative_prompt) == (0.5, "blurry")
            assert Note("recognised") in again.notes
            picture = at.home.core.workspace.input(again.image).read_bytes()
            assert picture.startswith(b"\x89PNG")
        other = await made_of(at, clip, Options("zoom in", seconds=1.0, seed=8))
        assert (other.prompt, other.seed, other.num_frames) == ("zoom in", 8, 25)
        assert other.strength == 0.5
        with pytest.raises(UnsupportedOption, match="of_a_film"):
            await made_of(at, FILM)


HOSTILE: dict[str, dict[str, Any]] = {
    "length": {"prompt": "x" * 2001},
    "seed": {"seed": 10**400},
    "frames": {"frames": -8},
    "size": {"width": -1},
    "motion": {"motion": "\x1b[2J"},
    "effect": {"effect": "acid"},
    "draft": {"options": {"in_full": "large"}},
    "steps": {"options": {"num_inference_steps": 10**9}},
}


async def test_a_recipe_is_checked_like_anybodys_request(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:

        def checked(recipe: Recipe) -> Options:
            options = options_of_recipe(recipe, at.submission.capabilities)
            at.submission.check(options)
            return options

        for name, wrong in HOSTILE.items():
            with pytest.raises((InvalidPrompt, UnsupportedOption)):
                pytest.fail(f"{name} was taken: {checked(replace(RECIPE, **wrong))}")
        strange: dict[str, Scalar] = {
            "strength": "much",
            "loop": "yes",
            "in_full": 1,
            "guidance_scale": True,
            "": 1,
        }
        kept = checked(replace(RECIPE, options=strange))
        assert (kept.strength, kept.loop, kept.draft, kept.guidance_scale) == (
            None,
            False,
            None,
            None,
        )


@pytest.mark.slow
async def test_words_that_the_operator_refuses_are_refused_in_a_recipe_too(
    tmp_path: Path, folder: Path
) -> None:
    clip = _saying(folder / "words", replace(RECIPE, prompt="gore"))
    async with chatting(tmp_path, words=["gore"]) as at:
        with pytest.raises(Unwelcome):
            await made_of(at, clip)


@pytest.mark.slow
async def test_a_video_without_a_recipe_stays_what_it_was(tmp_path: Path, folder: Path) -> None:
    clip = _saying(folder / "foreign", None)
    async with chatting(tmp_path) as at:
        assert Note("recognised") not in (await made_of(at, clip)).notes
        async with at.submission.admitted(KIM, key=None) as admission:
            with pytest.raises(UnsupportedOption) as refused:
                await at.submission.again_of_file(admission, clip, Remake.REMIX, {})
        assert refused.value.reason == "foreign_video"


@pytest.mark.slow
async def test_a_draft_that_comes_back_is_a_draft_until_it_is_wanted_in_full(
    tmp_path: Path, folder: Path
) -> None:
    draft = replace(RECIPE, options={"in_full": "320x480", "num_inference_steps": 12})
    clip = _saying(folder / "in_full", draft)
    async with chatting(tmp_path) as at:
        small = await made_of(at, clip)
        assert (small.width, small.height) == (128, 192)
        assert small.draft == InFull(320, 480, small.num_inference_steps)
        full = await made_of(at, clip, Options(draft=False))
        assert (full.width, full.height, full.seed, full.draft) == (320, 480, 7, None)


def _saying(folder: Path, recipe: Recipe | None) -> Path:
    """A clip that tells another recipe of itself than the one by which it was made."""
    folder.mkdir(parents=True)
    clip = encoded(folder, replace(RECIPE, prompt="p" * 7000, options={})).path
    content = clip.read_bytes()
    start = content.index(b'{"photoplay"')
    end = content.index(b"}}", start) + 2
    said = b"" if recipe is None else recipe.to_json().encode()
    clip.write_bytes(content[:start] + said.ljust(end - start) + content[end:])
    return clip
