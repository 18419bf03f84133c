"""The status message becomes the clip: nothing is lost, and nothing stands twice in the chat."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from generation.engine.protocol import Phase, Preview, Step
from generation.events import PhaseName
from generation.jobs import Delivery
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow


async def status_in(at: Talk, chat: int = PRIVATE) -> str:
    await at.photo(chat=chat)
    await at.said(chat)
    return job_of(at.telegram.shown(chat)[0])


async def recorded(at: Talk, job_id: str) -> None:
    async with asyncio.timeout(20):
        while (await at.home.service.view(job_id)).job.delivery is not Delivery.DELIVERED:
            await settled()
            at.home.clock.pass_(20.0)


def besides_rings(at: Talk) -> list[dict[str, Any]]:
    """What stands in the chat, but for the words that follow a late delivery."""
    return [one for one in at.telegram.shown() if one.get("text") != "Your clip is ready."]


@pytest.mark.parametrize("method", ["editMessageMedia", "editMessageText"])
async def test_a_lost_answer_leaves_one_clip_and_nothing_else(tmp_path: Path, method: str) -> None:
    async with talk(tmp_path) as at:
        job_id = await status_in(at)
        at.telegram.lose(method)
        at.home.clock.pass_(4.0)
        await at.finish()
        await recorded(at, job_id)
        [clip] = besides_rings(at)
        assert "video" in clip
        assert at.telegram.called("sendVideo") == []


async def test_a_kill_in_mid_upload_leaves_one_clip_and_nothing_else(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await status_in(at)
        go_on = at.telegram.hold("editMessageMedia")
        await at.finish()
        await at.telegram.until(lambda: at.telegram.called("held editMessageMedia"))
        await at.stop()
        go_on.set()
        await at.start()
        await recorded(at, job_id)
        [clip] = besides_rings(at)
        assert "video" in clip


async def test_a_clip_without_a_status_message_comes_once_whatever_is_lost(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await status_in(at)
        at.telegram.chat().messages.clear()
        at.telegram.lose("editMessageMedia")
        await at.finish()
        await recorded(at, job_id)
        [clip] = besides_rings(at)
        assert "video" in clip
        assert clip["answers"]["message_id"] == 1000
        assert not clip["silent"]


async def test_where_no_text_can_become_a_clip_it_is_a_message_of_its_own(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await status_in(at)
        says = "Bad Request: there is no media in the message to edit"
        at.telegram.fail("editMessageMedia", 400, says, times=9)
        await at.finish()
        await recorded(at, job_id)
        [clip] = besides_rings(at)
        assert "video" in clip
        assert len(at.telegram.called("sendVideo")) == 1


async def test_a_status_message_that_is_refused_for_a_while_comes_later_and_becomes_the_clip(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        slow = {"retry_after": 12}
        at.telegram.fail("sendMessage", 429, "Too Many Requests", parameters=slow)
        await at.photo()
        animation = await at.begun()
        await settled()
        async with asyncio.timeout(20):
            while not at.telegram.shown():
                await settled()
                at.home.clock.pass_(5.0)
        [status] = at.telegram.shown()
        assert labels(status) == ["Cancel"]
        await at.finish(animation)
        clip = await at.clip()
        assert clip["message_id"] == status["message_id"]
        assert at.telegram.shown() == [clip]


async def test_one_chats_patience_keeps_no_other_chat_waiting(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        slow = {"retry_after": 100000}
        at.telegram.fail("sendMessage", 429, "Too Many Requests", parameters=slow)
        await at.telegram.say(text="/queue")
        await at.telegram.until(lambda: at.telegram.called("sendMessage"))
        await at.photo(chat=66, user=66)
        await at.finish()
        await at.clip(66)
        assert at.telegram.shown() == []


async def test_a_preview_is_shown_while_the_clip_is_made_and_gives_way_to_it(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await status_in(at)
        animation = await at.begun()
        at.home.clock.pass_(4.0)
        at.engine.tell(animation, Phase(PhaseName.STEP), Preview(b"\xff\xd8 preview"), Step(3, 10))
        await at.telegram.until(lambda: "photo" in at.telegram.shown()[0])
        at.home.clock.pass_(4.0)
        at.engine.tell(animation, Step(7, 10))
        await at.telegram.until(lambda: "7/10" in str(at.telegram.shown()))
        await at.restart()
        at.home.clock.pass_(4.0)
        await at.finish(animation)
        clip = await at.clip()
        assert "photo" not in clip
        assert at.telegram.shown() == [clip]


async def test_what_took_over_a_minute_rings_once_in_answer_to_who_asked(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await status_in(at, GROUP)
        assert at.telegram.shown(GROUP)[0]["silent"]
        at.home.clock.pass_(61.0)
        await at.finish()
        await recorded(at, job_id)
        await at.telegram.until(lambda: len(at.telegram.shown(GROUP)) == 2)
        clip, ring = at.telegram.shown(GROUP)
        assert ring["text"] == "Your clip is ready."
        assert ring["answers"]["message_id"] == clip["answers"]["message_id"]
        assert not ring["silent"]


async def test_a_status_message_that_comes_after_its_clip_goes_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        go_on = at.telegram.hold("sendMessage")
        await at.photo()
        await at.telegram.until(lambda: at.telegram.called("held sendMessage"))
        await at.finish()
        [job] = await at.home.deliveries.pending(["telegram"])
        await at.home.deliveries.delivered(job.id)
        go_on.set()
        await at.telegram.until(lambda: at.telegram.called("deleteMessage"))
        await settled()
        assert at.telegram.shown() == []
