"""Manners: covered stays covered, affairs stay private, and nobody is called by a prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.telegram.test_button_handlers import made, pressed
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import BOT, GROUP, PRIVATE

pytestmark = pytest.mark.slow

CHANNEL = -1001


async def covered_clip(at: Talk) -> dict[str, Any]:
    await at.photo(has_media_spoiler=True)
    await at.finish()
    return await at.clip()


async def alerted(at: Talk, press: str) -> bool:
    await at.telegram.until(lambda: at.telegram.answered(press))
    calls = at.telegram.called("answerCallbackQuery")
    [call] = [one for one in calls if str(one.fields["callback_query_id"]) == press]
    return str(call.fields.get("show_alert")) == "true"


async def test_a_covered_picture_makes_covered_clips_also_anew_and_in_videos(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        clip = await covered_clip(at)
        assert clip["spoiler"]
        await pressed(at, clip, "reroll")
        await at.finish()
        await at.telegram.until(lambda: len(at.clips()) == 2)
        await at.telegram.say(text="/videos")
        await at.telegram.until(lambda: "Your newest clips" in str(at.telegram.shown()[-1]))
        await at.telegram.press(at.telegram.shown()[-1], f"v1|video|{job_of(clip)}")
        await at.telegram.until(lambda: len(at.clips()) == 3)
        assert [one["spoiler"] for one in at.clips()] == [True, True, True]


async def test_what_worked_is_said_in_passing_and_what_was_refused_to_be_read(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        at.telegram.chat(66).closed = True
        data = f"v1|recipe|{job_of(clip)}"
        assert await alerted(at, await at.telegram.press(clip, data, user=66))
        assert not await alerted(at, await at.telegram.press(clip, data, user=55))
        await at.telegram.until(lambda: "Prompt: the sea moves" in str(at.telegram.shown()))
        assert at.telegram.shown(GROUP) == [clip]


@pytest.mark.parametrize(
    ("text", "says"), [("/quota", "no limits"), ("/queue", "Nobody is waiting")]
)
async def test_a_group_reads_nobodys_affairs(tmp_path: Path, text: str, says: str) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.say(chat=GROUP, text=text)
        assert "in our private chat" in await at.said(GROUP)
        assert says in await at.said(PRIVATE)
        at.telegram.chat(PRIVATE).closed = True
        await at.telegram.say(chat=GROUP, text=text)
        assert "https://t.me/photoplaybot" in await at.said(GROUP, count=2)


async def test_in_a_channel_only_its_staff_may_press_what_posts(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        post = clip | {"chat": {"id": CHANNEL, "type": "channel", "title": "News"}}
        data = f"v1|reroll|{job_of(clip)}"
        press = await at.telegram.press(post, data, user=66)
        assert await alerted(at, press)
        assert "only its administrators" in str(at.telegram.answer_to(press))
        assert at.engine.begun.empty()
        at.telegram.chat(CHANNEL).staff.add(66)
        await at.telegram.press(post, data, user=66)
        await at.begun()


async def test_no_sentence_of_ours_calls_anybody(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate motion=@everyone x")
        said = await at.said()
        assert "@\u200beveryone" in said
        assert "@e" not in said


async def test_an_edit_asks_without_a_number_and_fits_however_long_the_prompt(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate seconds=1 " + "@x🌊" * 490)
        await at.finish()
        clip = await at.clip()
        await pressed(at, clip, "edit")
        question = at.telegram.shown()[-1]
        assert "video_" not in question["text"]
        assert len(question["text"].encode("utf-16-le")) // 2 <= 4096
        ours = question | {"from": {"id": BOT, "is_bot": True, "first_name": "photoplay"}}
        await at.restart()
        await at.telegram.say(text="it snows", reply_to_message=ours)
        assert (await at.begun()).request.prompt == "it snows"


async def test_an_orphaned_status_message_is_the_jobs_once_its_button_is_pressed(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        at.telegram.lose("sendMessage")
        await at.photo()
        animation = await at.begun()
        await at.telegram.until(lambda: at.telegram.shown())
        [status] = at.telegram.shown()
        assert labels(status) == ["Cancel"]
        job = (await at.home.service.view(job_of(status))).job
        assert job.message is None
        await pressed(at, status, "cancel")
        await at.telegram.until(lambda: "Cancelled." in str(at.telegram.shown()))
        assert len(at.telegram.shown()) == 1
        at.engine.finish(animation)


async def test_an_orphaned_status_message_goes_where_the_clip_is_there_already(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        at.telegram.lose("sendMessage")
        await at.photo()
        await at.telegram.until(lambda: at.telegram.shown())
        [status] = at.telegram.shown()
        await at.finish()
        clip = await at.clip()
        assert len(at.telegram.shown()) == 2
        await pressed(at, status, "cancel")
        await at.telegram.until(lambda: at.telegram.shown() == [clip])


async def test_the_operators_help_names_people_as_telegram_does(tmp_path: Path) -> None:
    async with talk(tmp_path, admins=(55,)) as at:
        await at.telegram.say(text="/admin")
        assert "block telegram:ID" in await at.said()
