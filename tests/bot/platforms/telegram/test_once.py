"""No clip stands twice anywhere, whatever is lost; what is late rings, and a status comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.submission.fetching import USUAL_PATIENCE
from tests.bot.platforms.telegram.test_becoming import recorded, status_in
from tests.bot.platforms.telegram.test_settings import LOG, answered
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow


async def directly(at: Talk) -> int:
    """The group is closed to the bot while the clip is made."""
    await status_in(at, GROUP)
    at.telegram.chat(GROUP).closed = True
    return PRIVATE


async def into_the_log(at: Talk) -> int:
    at.telegram.chat(GROUP).staff.add(PRIVATE)
    at.telegram.chat(LOG).staff.add(PRIVATE)
    await answered(at, f"/settings log {LOG}")
    await at.photo(chat=GROUP)
    await at.said(GROUP, 2)
    return LOG


async def anew(at: Talk) -> int:
    """The status message is gone."""
    await status_in(at)
    at.telegram.chat().messages.clear()
    return PRIVATE


@pytest.mark.parametrize("way", [directly, into_the_log, anew])
@pytest.mark.parametrize(("method", "texts"), [("editMessageMedia", 0), ("sendMessage", 1)])
async def test_a_lost_answer_leaves_one_clip_and_at_most_a_text_that_can_be_pressed_away(
    tmp_path: Path, way: Callable[[Talk], Awaitable[int]], method: str, texts: int
) -> None:
    async with talk(tmp_path) as at:
        chat = await way(at)
        animation = await at.begun()
        at.telegram.lose(method, chat=chat)
        await at.finish(animation)
        async with asyncio.timeout(60):
            while not at.clips(chat):
                await settled()
                at.home.clock.pass_(20.0)
        await recorded(at, animation.job)
        assert len(at.clips(chat)) == 1
        assert all(one.fields["chat_id"] != chat for one in at.telegram.called("sendVideo"))
        assert len(at.telegram.shown(chat)) == 1 + texts
        if chat == PRIVATE and way is directly:
            assert "could not write" in at.clips(chat)[0]["caption"]
        if texts and chat != LOG:
            lost = next(one for one in at.telegram.shown(chat) if "text" in one)
            assert labels(lost) == ["Cancel"]
            press = await at.telegram.press(lost, f"v1|cancel|{job_of(lost)}")
            await at.telegram.until(lambda: at.telegram.answered(press))
            assert len(at.telegram.shown(chat)) == 1


@pytest.mark.parametrize("how", ["refused", "never begun"])
async def test_a_status_that_never_went_out_comes_after_a_restart(tmp_path: Path, how: str) -> None:
    async with talk(tmp_path) as at:
        slow = {"retry_after": 30}
        at.telegram.fail("sendMessage", 429, "Too Many Requests", parameters=slow)
        await at.photo()
        animation = await at.begun()
        await at.telegram.until(lambda: at.telegram.called("sendMessage"))
        await at.dealt_with()
        await at.stop()
        if how == "never begun":
            assert await at.home.database.rows("UPDATE jobs SET announced = 0 RETURNING id")
        await at.start()
        await at.telegram.until(lambda: at.telegram.shown())
        [status] = at.telegram.shown()
        assert labels(status) == ["Cancel"]
        await at.finish(animation)
        clip = await at.clip()
        assert clip["message_id"] == status["message_id"]


async def test_a_clip_that_was_made_at_once_and_came_late_rings(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await status_in(at)
        at.telegram.fail("editMessageMedia", 502, "Bad Gateway", times=5)
        await at.finish()
        await recorded(at, job_id)
        await at.telegram.until(lambda: len(at.telegram.shown()) == 2)
        assert at.telegram.shown()[-1]["text"] == "Your clip is ready."


async def test_a_picture_is_fetched_once_telegram_has_had_its_patience(tmp_path: Path) -> None:
    assert USUAL_PATIENCE.asked_for == 30.0
    async with talk(tmp_path) as at:
        later = {"retry_after": 2}
        at.telegram.fail("getFile", 429, "Too Many Requests", times=1, parameters=later)
        await at.photo()
        await at.finish()
        await at.clip()
        at.telegram.fail("getFile", 429, "", times=9, parameters={"retry_after": 31})
        await at.photo()
        assert "could not fetch" in await at.said(count=2)
