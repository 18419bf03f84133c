"""After a day, when the picture is no longer kept, a clip is made anew from what it begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.buttons import Verb
from generation.errors import Expired
from tests.fakes.program.chat import Chat, chatting
from tests.generation.media.clips import encoded

PNG = b"\x89PNG"

pytestmark = pytest.mark.slow  # an encoder and a decoder of real clips


async def a_day_old(at: Chat, folder: Path) -> str:
    """A clip whose picture was deleted since."""
    job_id = await at.made()
    encoded(folder)
    (folder / "clip.mp4").replace(at.home.workspace.clip(job_id))
    at.home.workspace.remove_input((await at.commands.job(job_id)).request.image)
    return job_id


@pytest.mark.parametrize("verb", [Verb.REROLL, Verb.EDIT, Verb.LOOP, Verb.EXTEND])
async def test_the_clips_first_frame_stands_in_for_its_picture(tmp_path: Path, verb: Verb) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await a_day_old(at, tmp_path)
        await at.commands.prefill(job_id)
        request = await at.again(job_id, verb)
        assert at.home.workspace.input(request.image).read_bytes().startswith(PNG)


async def test_where_nothing_is_left_it_is_said_before_anybody_types(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await a_day_old(at, tmp_path)
        at.home.workspace.remove_clip(job_id)
        with pytest.raises(Expired, match="picture"):
            await at.commands.prefill(job_id)
