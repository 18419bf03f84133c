"""Every button and every command, today and long after, for its owner and for everybody else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from generation.events import Failed
from generation.jobs import JobStatus
from generation.store.quota import Limits
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import BOT, GROUP
from tests.generation.media.clips import encoded

pytestmark = pytest.mark.slow

FEW = Limits(queued_per_user=1, per_hour=3, per_day=9, queue_size=99)


async def pressed(at: Talk, message: dict[str, Any], verb: str, *, user: int = 55) -> str | None:
    """What whoever pressed is shown."""
    press = await at.telegram.press(message, f"v1|{verb}|{job_of(message)}", user=user)
    await at.telegram.until(lambda: at.telegram.answered(press))
    return at.telegram.answer_to(press)


async def made(at: Talk, chat: int = 55) -> dict[str, Any]:
    await at.photo(chat=chat)
    await at.finish()
    return await at.clip(chat)


async def test_a_reroll_is_a_clip_of_whoever_pressed(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        assert await pressed(at, clip, "reroll", user=66) is None
        request = (await at.begun()).request
        assert (request.prompt, request.remixed_from) == ("the sea moves", job_of(clip))
        status = at.telegram.shown(GROUP)[-1]
        assert status["answers"]["message_id"] == clip["message_id"]
        job = (await at.home.service.view(job_of(status))).job
        assert job.requester.user == "66"


async def test_loop_and_extend_are_there_when_the_engine_can(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        await pressed(at, clip, "loop")
        animation = await at.begun()
        assert animation.request.loop
        await at.finish(animation)
        await pressed(at, clip, "more")
        animation = await at.begun()
        assert animation.request.motion_strength == 3
        await at.finish(animation)
        await pressed(at, clip, "extend")
        assert (await at.begun()).request.extends is not None
    async with talk(tmp_path / "plain", options=frozenset()) as at:
        assert labels(await made(at)) == ["Re-roll", "Edit", "Recipe", "Delete"]


async def test_a_draft_becomes_the_clip_in_full_and_goes(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate draft=yes size=256x192 the sea moves")
        small = await at.begun()
        assert (small.request.width, small.request.height) == (128, 96)
        await at.finish(small)
        draft = await at.clip()
        assert labels(draft)[0] == "Render in full"
        await pressed(at, draft, "full", user=66)  # somebody else's clip takes nobody's away
        await at.finish(await at.begun())
        await pressed(at, draft, "full")
        full = await at.begun()
        assert (full.request.width, full.request.seed) == (256, small.request.seed)
        assert draft["message_id"] in [one["message_id"] for one in at.telegram.shown()]
        await at.finish(full)
        await at.telegram.until(lambda: draft not in at.telegram.shown())
        clips = [one for one in at.telegram.shown() if one.get("video")]
        assert [labels(one)[0] for one in clips] == ["Re-roll", "Re-roll"]


async def test_an_edit_is_the_answer_to_our_question_also_after_a_restart(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        old = (await at.home.service.view(job_of(clip))).job.request
        await pressed(at, clip, "edit")
        question = at.telegram.shown()[-1]
        assert "Before: the sea moves" in question["text"]
        [call] = [c for c in at.telegram.called("sendMessage") if "force_reply" in str(c.fields)]
        assert call.fields["reply_markup"]["force_reply"] is True
        await at.restart()
        ours = question | {"from": {"id": BOT, "is_bot": True, "first_name": "photoplay"}}
        await at.telegram.say(text="effect=snow the sea freezes", reply_to_message=ours)
        request = (await at.begun()).request
        assert (request.prompt, request.effect) == ("the sea freezes", "snow")
        assert (request.seed, request.num_frames) == (old.seed, old.num_frames)


async def test_where_no_reply_can_be_forced_an_edit_asks_all_the_same(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        at.telegram.fail("sendMessage", 400, "Bad Request: reply markup is not supported here")
        await pressed(at, clip, "edit")
        assert "Before: the sea moves" in await at.said(count=2)


async def test_an_answer_to_an_apology_is_no_edit(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo(chat=GROUP)
        animation = await at.begun()
        await at.said(GROUP)
        at.engine.tell(animation, Failed("timed_out", "too_slow"))
        await at.telegram.until(lambda: "Sorry" in str(at.telegram.shown(GROUP)))
        [apology] = at.telegram.shown(GROUP)
        await at.telegram.say(chat=GROUP, user=77, text="why?", reply_to_message=apology)
        await asyncio.sleep(0.4)  # as long as a clip would take to be begun, and longer
        assert at.telegram.shown(GROUP) == [apology]
        assert at.engine.begun.empty()


async def test_a_recipe_stands_in_the_chat(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        await pressed(at, clip, "recipe", user=66)
        assert (await at.said(count=2)).startswith("Prompt: the sea moves")


async def test_only_the_owner_or_who_runs_the_group_deletes_a_clip(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        reply = await pressed(at, clip, "delete", user=66)
        assert reply is not None
        assert "Only the person" in reply
        assert at.clips(GROUP)
        at.telegram.chat(GROUP).staff.add(66)
        await pressed(at, clip, "delete", user=66)
        assert labels(at.clips(GROUP)[0]) == ["Delete", "Keep"]
        await pressed(at, clip, "keep", user=66)
        assert labels(at.clips(GROUP)[0])[-2:] == ["Recipe", "Delete"]
        assert at.home.workspace.clip(job_of(clip)).exists()
        await pressed(at, clip, "erase", user=66)
        assert at.clips(GROUP) == []
        assert not at.home.workspace.clip(job_of(clip)).exists()


async def test_only_the_owner_takes_a_request_back(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo(chat=GROUP)
        await at.said(GROUP)
        await at.begun()
        [status] = at.telegram.shown(GROUP)
        reply = await pressed(at, status, "cancel", user=66)
        assert reply is not None
        assert "Only the person" in reply
        await pressed(at, status, "cancel")
        await at.telegram.until(lambda: "Cancelled." in str(at.telegram.shown(GROUP)))
        job = (await at.home.service.view(job_of(status))).job
        assert job.status is JobStatus.CANCELLED


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        await at.restart()
        await pressed(at, clip, "recipe")
        assert (await at.said(count=2)).startswith("Prompt: the sea moves")


@pytest.mark.parametrize("data", ["v0|again|1", "v1|reroll|video_short", "else", "v1|wish|x|y"])
async def test_a_button_of_another_version_gets_a_sentence(tmp_path: Path, data: str) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        press = await at.telegram.press(clip, data)
        await at.telegram.until(lambda: at.telegram.answered(press))
        assert "older version" in str(at.telegram.answer_to(press))


async def test_a_press_on_what_is_not_known_any_more_is_answered(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        press = await at.telegram.press(clip, "v1|recipe|video_aaaaaaaaaaaaaaaaaa")
        await at.telegram.until(lambda: at.telegram.answered(press))
        assert "There is no" in str(at.telegram.answer_to(press))


async def test_limits_refuse_a_press_in_private(tmp_path: Path) -> None:
    async with talk(tmp_path, limits=FEW) as at:
        clip = await made(at)
        await pressed(at, clip, "reroll")
        reply = await pressed(at, clip, "reroll")
        assert reply is not None
        assert len(reply) <= 200


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/start", "bring it to life"),
        ("/help", "/animate seconds=4"),
        ("/queue", "Nobody is waiting"),
        ("/cancel", "None of your clips"),
        ("/quota", "no limits"),
        ("/videos", "no clip of yours"),
        ("/forget", "cannot be undone"),
        ("/admin pause", "Only the operator"),
        ("/queue@photoplaybot", "Nobody is waiting"),
    ],
)
async def test_every_command_is_answered(tmp_path: Path, text: str, says: str) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.say(text=text)
        assert says in await at.said()


async def test_commands_speak_the_persons_language(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.say(text="/queue", language="de-AT")
        assert "Niemand wartet" in await at.said()


async def test_an_operator_steers_the_queue(tmp_path: Path) -> None:
    async with talk(tmp_path, admins=(55,)) as at:
        await at.telegram.say(text="/admin pause")
        assert "Paused" in await at.said()
        await at.telegram.say(text="/admin resume")
        assert "open" in await at.said(count=2)
        await at.telegram.say(text="/admin block telegram:66 7d")
        assert "telegram:66 is blocked" in await at.said(count=3)
        await at.photo(user=66, chat=66)
        assert "refused for now" in await at.said(66)
        await at.telegram.say(text=f"/admin block telegram:{GROUP}")
        assert "is blocked" in await at.said(count=4)
        await at.photo(user=77, chat=GROUP)
        assert "does not take requests" in await at.said(GROUP)
        await at.telegram.say(text="/admin")
        assert "Use: pause" in await at.said(count=5)


async def test_earlier_clips_can_be_shown_again_to_their_owner(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        await at.telegram.say(text="/videos")
        assert "Your newest clips (1)" in await at.said(count=2)
        listed = at.telegram.shown()[-1]
        data = f"v1|video|{job_of(clip)}"
        press = await at.telegram.press(listed, data, user=66)
        await at.telegram.until(lambda: at.telegram.answered(press))
        assert "Only the person who asked can" in str(at.telegram.answer_to(press))
        await at.telegram.press(listed, data)
        await at.telegram.until(lambda: len(at.clips()) == 2)


async def test_a_day_later_the_clip_in_the_pressed_message_stands_in(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        job = (await at.home.service.view(job_of(clip))).job
        at.home.workspace.remove_input(job.request.image)
        at.home.workspace.remove_clip(job.id)
        await at.home.database.rows("UPDATE jobs SET file = NULL")
        content = (await asyncio.to_thread(an_mp4, tmp_path)).read_bytes()
        kept = at.telegram.picture(content, "video")
        clip["video"] = kept | {"duration": 1}
        await pressed(at, clip, "edit")
        question = at.telegram.shown()[-1]
        await at.telegram.say(text="it snows", reply_to_message=question)
        animation = await at.begun()
        assert animation.request.prompt == "it snows"
        assert at.home.workspace.input(animation.request.image).read_bytes().startswith(b"\x89PNG")
        await at.finish(animation)
        assert await pressed(at, clip, "extend") is None
        assert (await at.begun()).request.extends is None


@pytest.mark.parametrize("verb", ["edit", "reroll", "extend"])
async def test_where_nothing_is_left_it_is_said_before_anybody_types(
    tmp_path: Path, verb: str
) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        job = (await at.home.service.view(job_of(clip))).job
        at.home.workspace.remove_input(job.request.image)
        at.home.workspace.remove_clip(job.id)
        clip["video"] = clip["video"] | {"file_size": 21_000_000}  # which no bot is given
        assert "no longer kept" in str(await pressed(at, clip, verb))
        assert len(at.telegram.shown()) == 1


def an_mp4(folder: Path) -> Path:
    encoded(folder)
    return folder / "clip.mp4"
