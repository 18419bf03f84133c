"""Films on Discord: by a form or a command, made scene by scene, one of them again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import discord
import pytest
import simcord

from generation.store.quota import Limits
from tests.bot.platforms.discord.conversation import labels
from tests.fakes.discord.server import Server, server
from tests.generation.dispatch.films import made
from tests.generation.media.clips import a_clip

pytestmark = pytest.mark.slow

TEN_AN_HOUR = Limits(queued_per_user=3, per_hour=10, per_day=None, queue_size=99)
ONE, TWO = ("one.png", b"one"), ("two.png", b"two")


@pytest.fixture(scope="module")
def scene_clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_clip(tmp_path_factory.mktemp("scene") / "clip.mp4")


async def message(at: Server, says: str) -> discord.Message:
    """The one that says so, as soon as it may be edited."""
    return (await _found(at, lambda: [one for one in at.messages if says in one.content]))[0]


async def film(at: Server, count: int = 1) -> discord.Message:
    """The newest, once there are so many."""
    return (await _found(at, lambda: [one for one in at.messages if one.attachments], count))[-1]


async def _found(
    at: Server, look: Callable[[], list[discord.Message]], count: int = 1
) -> list[discord.Message]:
    async with asyncio.timeout(30):
        while len(found := look()) < count:
            await at.pass_(3.0)
            await asyncio.sleep(0.02)  # scenes are joined in our time
        return found


async def test_a_form_takes_pictures_and_a_scene_a_line(tmp_path: Path, scene_clip: bytes) -> None:
    async with server(tmp_path, limits=TEN_AN_HOUR) as at:
        shown = await at.member().slash(at.channel, "storyboard", scenes="the sea")
        assert shown.modal is not None
        await at.member().submit_modal(
            shown,
            {
                "pictures": [ONE, TWO],
                "scenes": "1. the sea\n2. the storm (2 s)\n3. calm",
                "seconds": "1,0",
                "transition": ["crossfade"],
            },
        )
        told = (await message(at, "3 scenes")).content
        assert told.startswith("3 scenes count as 3 of your 10 clips an hour.")
        sea = await made(at.engine, scene_clip)
        assert Path(sea.image).read_bytes() == b"one"
        await message(at, "Scene 2 of 3")
        await at.restart()
        assert "Cancel" in labels(await message(at, "Scene 2 of 3"))
        storm, calm = [(await made(at.engine, scene_clip)) for _ in range(2)]
        assert Path(storm.image).read_bytes() == b"two"
        assert (storm.request.num_frames, calm.request.prompt) == (49, "calm")
        assert "the sea" in (await film(at)).content


async def test_a_missing_scene_is_named_and_made_again_alone(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with server(tmp_path) as at:
        given = {"image1": ONE, "image3": TWO, "scenes": "the sea | the storm | calm"}
        await at.member().slash(at.channel, "storyboard", seconds=1.0, **given)
        for number in range(3):
            await made(at.engine, scene_clip, broken=number == 2)
        first = await film(at)
        assert "Scene 3 could not be made" in first.content
        assert labels(first)[0] == "Make the missing scene"
        assert "Re-roll" not in labels(first)
        await at.member("leo").click(first, label="Make the missing scene")
        again = await made(at.engine, scene_clip)
        assert Path(again.image).read_bytes() == b"two"
        whole = await film(at, 2)
        assert "could not be made" not in whole.content
        reply = await at.member().click(whole, label="Recipe")
        simcord.assert_responded(reply, contains="2. the storm (1 s)", ephemeral=True)


async def test_what_makes_no_film_is_said_at_once_and_cancel_ends_all_scenes(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with server(tmp_path) as at:
        lonely = await at.member().slash(at.channel, "storyboard", image1=ONE)
        said = "2 to 10 scenes; here are 1."
        simcord.assert_responded(lonely, contains=said, ephemeral=True)
        bare = await at.member().slash(at.channel, "storyboard", image2=ONE, scenes="a | b")
        simcord.assert_responded(bare, contains="Scene 1: There is no picture", ephemeral=True)
        blocked = {"image1": ONE, "scenes": "the sea | gore"}
        refused = await at.member().slash(at.channel, "storyboard", **blocked)
        assert refused.response is not None
        assert refused.response.ephemeral
        await at.member().slash(at.channel, "storyboard", image1=ONE, image2=TWO)
        await made(at.engine, scene_clip)
        await at.begun()
        await at.member().click(await message(at, "Scene 2 of 2"), label="Cancel")
        await message(at, "Cancelled.")
        assert at.engine.begun.empty()
