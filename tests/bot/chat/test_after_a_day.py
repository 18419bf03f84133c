"""After a day, when the picture is no longer kept, a clip is made anew from what it begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.buttons import Verb
from generation.errors import Expired
from generation.media.stills import first_frame, last_frame
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


@pytest.mark.parametrize("verb", [Verb.REROLL, Verb.EDIT, Verb.LOOP])
async def test_where_we_keep_nothing_the_chats_own_clip_stands_in(
    tmp_path: Path, verb: Verb
) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id, clip = await only_in_the_chat(at, tmp_path)
        await at.commands.prefill(job_id, is_in_chat=True)
        request = await at.again(job_id, verb, clip=clip)
        assert at.home.workspace.input(request.image).read_bytes().startswith(PNG)


async def test_where_we_keep_nothing_an_extension_begins_with_the_last_frame_and_says_so(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id, clip = await only_in_the_chat(at, tmp_path)
        with pytest.raises(Expired, match="clip"):
            await at.again(job_id, Verb.EXTEND)
        request = await at.again(job_id, Verb.EXTEND, clip=clip)
        assert at.home.workspace.input(request.image).read_bytes() == last_frame(clip)
        assert last_frame(clip) != first_frame(clip)
        assert (request.extends, request.remixed_from) == (None, job_id)
        assert "goes_on" in [note.code for note in request.notes]


async def only_in_the_chat(at: Chat, folder: Path) -> tuple[str, Path]:
    job_id = await a_day_old(at, folder)
    clip = at.home.workspace.clip(job_id).rename(folder / "from-the-chat.mp4")
    at.home.workspace.remove_clip(job_id)
    return job_id, clip
