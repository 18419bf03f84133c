"""An answer to an update is said once, also where the program ends in the middle of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.platforms.telegram.test_button_handlers import made, pressed
from tests.bot.platforms.telegram.test_story import job_of
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow


async def ended_behind_an_answer(at: Talk, method: str = "sendMessage") -> None:
    """Telegram has taken it, and the program ends before it hears so."""
    await at.telegram.until(lambda: at.telegram.called(f"unheard {method}"))
    await at.stop()
    at.telegram.unheard.pop(method).set()
    await at.start()
    await at.dealt_with()
    await settled()


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
async def test_an_answer_that_nobody_heard_of_is_not_said_again(tmp_path: Path, chat: int) -> None:
    async with talk(tmp_path) as at:
        at.telegram.keep_silent("sendMessage")
        await at.telegram.say(chat=chat, text="/queue")
        await ended_behind_an_answer(at)
        assert [one["text"] for one in at.telegram.shown(PRIVATE)] == [
            "Nobody is waiting: your clip would start at once."
        ]
        assert len(at.telegram.shown(chat)) == 1  # in a group: that it was told in private


async def test_a_question_that_nobody_heard_of_is_not_asked_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        at.telegram.keep_silent("sendMessage")
        await at.telegram.press(clip, f"v1|edit|{job_of(clip)}")
        await ended_behind_an_answer(at)
        assert sum("Before: the sea moves" in str(one) for one in at.telegram.shown()) == 1


async def test_an_earlier_clip_that_nobody_heard_of_is_not_shown_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        at.telegram.keep_silent("sendVideo")
        await at.telegram.press(clip, f"v1|video|{job_of(clip)}")
        await ended_behind_an_answer(at, "sendVideo")
        assert len(at.clips()) == 2


async def test_an_answer_that_was_put_off_is_said_after_a_restart(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        later = {"retry_after": 3600}
        at.telegram.fail("sendMessage", 429, "Too Many Requests: retry later", parameters=later)
        await at.telegram.say(text="/queue")
        await at.telegram.until(lambda: at.telegram.called("sendMessage"))
        await settled()
        await at.restart()
        assert "Nobody is waiting" in await at.said()


async def test_only_whoever_pressed_edit_in_a_group_has_an_answer_opened(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        for chat in (GROUP, PRIVATE):
            await pressed(at, await made(at, chat), "edit")
        group, private = [
            call.fields
            for call in at.telegram.called("sendMessage")
            if "force_reply" in str(call.fields)
        ]
        [named] = group["entities"]
        assert (named["type"], named["user"]["id"]) == ("text_mention", PRIVATE)
        assert group["text"][: named["length"]] == "user55"
        assert group["reply_markup"]["selective"] is True
        assert private["reply_markup"]["selective"] is False
        assert "entities" not in private
