"""Earlier clips: page by page, only what is kept, and never sent up twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.telegram.test_button_handlers import made
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.bot.platforms.telegram.test_ways_in import requester
from tests.fakes.program.core import wish
from tests.fakes.telegram.chat import Talk, talk

pytestmark = pytest.mark.slow


async def listed(at: Talk) -> dict[str, Any]:
    await at.telegram.say(text="/videos")
    await at.telegram.until(lambda: "Your newest clips" in str(at.telegram.shown()[-1:]))
    return at.telegram.shown()[-1]


async def show(at: Talk, message: dict[str, Any], job_id: str) -> dict[str, Any]:
    before = len(at.clips())
    await at.telegram.press(message, f"v1|video|{job_id}")
    await at.telegram.until(lambda: len(at.clips()) > before)
    return at.clips()[-1]


async def test_a_clip_shown_again_has_its_buttons_and_is_not_sent_up_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        again = await show(at, await listed(at), job_of(clip))
        assert labels(again) == [*labels(clip)[:-2], "☆ Favourite", *labels(clip)[-2:]]
        [sent] = at.telegram.called("sendVideo")
        assert sent.files == {}
        assert again["video"]["file_id"] == clip["video"]["file_id"]


async def test_what_telegram_does_not_know_any_more_is_sent_up_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        at.telegram.fail("sendVideo", 400, "Bad Request: wrong file identifier/HTTP URL specified")
        await show(at, await listed(at), job_of(clip))
        assert [bool(call.files) for call in at.telegram.called("sendVideo")] == [False, True]


async def test_the_list_has_pages_of_what_is_kept_behind_whatever_was_cancelled(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        made_ids = [await _made(at, number) for number in range(12)]
        for _ in range(26):
            at.home.clock.pass_(1.0)
            ticket = await at.home.service.submit(wish(), requester())
            await at.home.service.cancel(ticket.job_id)
        at.home.workspace.clip(made_ids[0]).unlink()
        page = await listed(at)
        assert page["text"] == "Your newest clips (11):"
        assert labels(page) == [*(f"number {n}" for n in range(11, 1, -1)), "Older ▶"]
        press = await at.telegram.press(page, "v1|videos|10")
        await at.telegram.until(lambda: at.telegram.answered(press))
        assert labels(at.telegram.shown()[-1]) == ["number 1", "◀ Newer"]


async def _made(at: Talk, number: int) -> str:
    ticket = await at.home.service.submit(wish(f"number {number}"), requester())
    at.engine.finish(await at.begun())
    async for _ in at.home.service.watch(ticket.job_id):
        pass
    return ticket.job_id
