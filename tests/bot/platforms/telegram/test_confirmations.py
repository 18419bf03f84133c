"""What cannot be undone is asked once, and nothing is left of what somebody has forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.telegram.test_button_handlers import made
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow

SECRET = "a word nobody else would write: xylobalsamum"


async def asked(at: Talk, chat: int = PRIVATE) -> dict[str, Any]:
    """The question whether they are sure, in answer to `/forget`."""
    before = len(at.telegram.shown(chat))
    wanted = await at.telegram.say(chat=chat, text="/forget")
    await at.telegram.until(lambda: len(at.telegram.shown(chat)) > before)
    return at.telegram.shown(chat)[-1] | {"reply_to_message": wanted}


async def answer(at: Talk, question: dict[str, Any], label: str, *, user: int = 55) -> str | None:
    rows = question["reply_markup"]["inline_keyboard"]
    [data] = [one["callback_data"] for row in rows for one in row if one["text"] == label]
    press = await at.telegram.press(question, data, user=user)
    await at.telegram.until(lambda: at.telegram.answered(press), seconds=30)
    return at.telegram.answer_to(press)


async def test_forgetting_is_asked_once_and_only_whoever_asked_may_answer(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        question = await asked(at, GROUP)
        assert labels(question) == ["Delete", "Keep"]
        assert "Only the person" in str(await answer(at, question, "Delete", user=66))
        await answer(at, question, "Keep")
        assert at.telegram.shown(GROUP) == [clip]


async def test_what_waits_is_told_and_every_message_about_it_goes(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await made(at)
        await at.photo("/animate seconds=1 another")
        await at.begun()
        await at.telegram.until(lambda: len(at.telegram.shown()) == 2)
        question = await asked(at)
        await answer(at, question, "Delete")
        told = [str(call.fields) for call in at.telegram.called("editMessageText")]
        assert any("Cancelled." in one for one in told)
        [said] = at.telegram.shown()
        assert said["text"].startswith("Done:")


async def test_what_may_not_be_removed_any_more_is_said(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at)
        at.telegram.chat().old.add(clip["message_id"])
        await answer(at, await asked(at), "Delete")
        await at.telegram.until(lambda: len(at.telegram.shown()) == 2)
        assert "(1); please delete them yourself" in at.telegram.shown()[-1]["text"]


async def test_no_word_of_what_was_forgotten_is_left_on_the_disk(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        for _ in range(3):
            await at.photo(f"/animate seconds=1 {SECRET}")
            await at.finish()
        await at.telegram.until(lambda: len(at.clips()) == 3)
        assert _on_disk(tmp_path)
        await answer(at, await asked(at), "Delete")
        await at.telegram.until(lambda: "Done:" in str(at.telegram.shown()))
        assert _on_disk(tmp_path) == []


def _on_disk(folder: Path) -> list[str]:
    """The files in which the secret can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if SECRET.encode() in path.read_bytes()]


async def test_every_message_to_somebody_goes_and_nobody_elses(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        await at.telegram.press(clip, f"v1|edit|{job_of(clip)}")
        await at.telegram.until(lambda: len(at.telegram.shown(GROUP)) == 2)
        await at.telegram.say(text="/queue")
        await at.telegram.say(text="hello")
        await at.photo(None)
        await at.telegram.say(chat=66, user=66, text="/queue")
        await noted(at, 6)
        await at.restart()
        await answer(at, await asked(at), "Delete")
        await at.telegram.until(lambda: "Done:" in str(at.telegram.shown()))
        assert [len(at.telegram.shown(chat)) for chat in (GROUP, PRIVATE, 66)] == [0, 1, 1]
        await noted(at, 1)


async def test_messages_of_more_than_two_days_ago_are_tried_once_and_counted(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        for _ in range(3):
            await at.telegram.say(text="/queue")
        await at.telegram.until(lambda: len(at.telegram.shown()) == 3)
        at.telegram.chat().old |= {one["message_id"] for one in at.telegram.shown()}
        await noted(at, 3)
        await at.home.database.rows("UPDATE sent_messages SET sent_at = sent_at - 200000")
        await made_and_kept(at)
        await answer(at, await asked(at), "Delete")
        await at.telegram.until(lambda: "Done:" in str(at.telegram.shown()))
        assert "(3); please delete them yourself" in at.telegram.shown()[-1]["text"]
        assert len(at.telegram.called("deleteMessages")) == 1
        assert len(at.telegram.shown()) == 4


async def made_and_kept(at: Talk) -> None:
    await at.photo()
    await at.finish()
    await at.clip()


async def noted(at: Talk, count: int) -> None:
    """Until so many messages of ours are known."""
    async with asyncio.timeout(30):
        while len(await at.home.database.rows("SELECT 1 FROM sent_messages")) != count:  # noqa: ASYNC110 (rows)
            await asyncio.sleep(0.005)
