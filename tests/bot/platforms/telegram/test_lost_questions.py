"""A question of ours whose number nobody told us is answered like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.telegram.test_acting_for_a_chat import shown, tap
from tests.bot.platforms.telegram.test_albums import album
from tests.bot.platforms.telegram.test_button_handlers import made
from tests.bot.platforms.telegram.test_references import input_of
from tests.bot.platforms.telegram.test_story import job_of
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow


async def lost(at: Talk, chat: int, how: str, clip: dict[str, Any]) -> dict[str, Any]:
    """The question of a pressed Edit."""
    before = len(at.telegram.shown(chat))
    if how == "answer":
        at.telegram.lose("sendMessage")
        press = await at.telegram.press(clip, f"v1|edit|{job_of(clip)}")
        await at.telegram.until(lambda: at.telegram.answered(press))
    else:
        at.telegram.keep_silent("sendMessage")
        await at.telegram.press(clip, f"v1|edit|{job_of(clip)}")
        await at.telegram.until(lambda: at.telegram.called("unheard sendMessage"))
        await at.stop()
        at.telegram.unheard.pop("sendMessage").set()
        await at.start()
        await at.dealt_with()
    assert len(at.telegram.shown(chat)) == before + 1
    return shown(at, chat)


@pytest.mark.parametrize(
    ("chat", "how"), [(PRIVATE, "answer"), (PRIVATE, "end"), (GROUP, "answer")]
)
async def test_words_in_answer_to_a_lost_question_change_its_clip(
    tmp_path: Path, chat: int, how: str
) -> None:
    async with talk(tmp_path) as at:
        clip = await made(at, chat)
        if chat == PRIVATE:
            await at.photo(None)
            await at.telegram.until(lambda: len(at.telegram.shown()) == 2)
        question = await lost(at, chat, how, clip)
        await at.telegram.say(chat=chat, text="it snows seconds=1", reply_to_message=question)
        animation = await at.begun()
        assert animation.request.prompt == "it snows"
        assert animation.request.remixed_from == job_of(clip)


async def test_an_albums_question_is_answered_by_the_picture_it_names(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await album(at, "it moves")
        await at.said()
        await at.dealt_with()
        await at.home.database.rows("DELETE FROM message_references")  # as after a kill
        question = next(one for one in at.telegram.shown() if "of your 4" in str(one))
        assert await tap(at, question, "3", PRIVATE) is None
        assert input_of(at, await at.begun()) == b"three"


async def test_two_taps_on_an_albums_panel_ask_once_and_make_everything_once(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        sent, *_ = await album(at, None)
        await at.said()
        await at.dealt_with()
        panel = shown(at, PRIVATE) | {"reply_to_message": sent}
        begin = panel["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        presses = [await at.telegram.press(panel, begin) for _ in range(2)]
        await at.telegram.until(lambda: all(map(at.telegram.answered, presses)))
        [question] = [one for one in at.telegram.shown() if "of your 4" in str(one)]
        every = question["reply_markup"]["inline_keyboard"][0][1]["callback_data"]
        presses = [await at.telegram.press(question, every) for _ in range(2)]
        await at.telegram.until(lambda: all(map(at.telegram.answered, presses)))
        assert (await at.home.history.counts()) == {"running": 1, "queued": 3, "asked": 4}


async def test_in_a_supergroup_numbers_of_old_messages_do_not_speak_for_new_ones(
    tmp_path: Path,
) -> None:
    new = -100900
    async with talk(tmp_path) as at:
        clip = await made(at, GROUP)
        await at.telegram.press(clip, f"v1|edit|{job_of(clip)}")
        await at.telegram.until(lambda: len(at.telegram.shown(GROUP)) == 2)
        await at.dealt_with()
        number = at.telegram.shown(GROUP)[-1]["message_id"]
        await at.telegram.say(chat=GROUP, migrate_to_chat_id=new)
        theirs = at.telegram.message(chat=new, user=70, photo=[at.telegram.picture(b"new")])
        theirs["message_id"] = number
        await at.telegram.say(chat=new, user=71, text="/animate x", reply_to_message=theirs)
        animation = await at.begun()
        assert animation.request.remixed_from is None
        assert input_of(at, animation) == b"new"
        ours = theirs | {"from": {"id": 7, "is_bot": True, "first_name": "photoplay"}}
        ours |= {"date": theirs["date"] + 60}
        at.home.clock.pass_(60.0)
        await at.telegram.say(chat=new, user=71, text="/animate y", reply_to_message=ours)
        assert "see that picture any more" in await at.said(new, 2)
