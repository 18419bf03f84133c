"""Whatever concerns us is on the disk before Telegram is told that we have it, and gone after."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.telegram.webhook import Webhook
from generation.jobs import Requester
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import BOT, GROUP, PRIVATE, free_port

pytestmark = pytest.mark.slow

CHATTER = "between-you-and-me"


def inbox(folder: Path) -> dict[int, str | None]:
    """What the table holds, as anybody may read it: numbers and contents."""
    with closing(sqlite3.connect(folder / "photoplay.db")) as database:
        return dict(database.execute("SELECT number, content FROM inbox"))


async def emptied(folder: Path) -> None:
    async with asyncio.timeout(30):
        while any(inbox(folder).values()):  # noqa: ASYNC110 (another connection's table)
            await asyncio.sleep(0.01)


async def writable(at: Talk, yes: bool) -> None:
    await at.home.database.rows(f"PRAGMA query_only = {'OFF' if yes else 'ON'}")


async def test_an_update_that_cannot_be_kept_stays_at_telegram(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await writable(at, False)
        asked = len(at.telegram.called("getUpdates"))
        await at.telegram.say(text="/queue")
        await at.telegram.until(lambda: len(at.telegram.called("getUpdates")) > asked + 3)
        assert at.telegram.shown() == []
        assert all("offset" not in call.fields for call in at.telegram.called("getUpdates"))
        assert "read-only" in str(at.reports[-1])
        await writable(at, True)
        assert "Nobody is waiting" in await at.said()
        await at.telegram.until(lambda: at.reports[-1] is None)
        assert len(at.telegram.shown()) == 1


async def test_a_call_whose_update_cannot_be_kept_is_not_confirmed(tmp_path: Path) -> None:
    port = free_port()
    hook = Webhook(f"http://127.0.0.1:{port}/hook", "a-long-secret", "127.0.0.1", port)
    async with talk(tmp_path, webhook=hook) as at:
        await at.telegram.until(lambda: at.telegram.called("setWebhook"))
        await writable(at, False)
        await at.telegram.say(text="/queue")
        await settled()
        assert at.telegram.shown() == []
        await writable(at, True)
        await at.telegram.say(text="/quota")
        await at.telegram.until(lambda: len(at.telegram.shown()) == 2)


async def test_pictures_in_mid_fetch_are_fetched_again_after_a_restart(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at.telegram.hold("getFile")
        for person in range(1, 11):
            await at.photo(chat=person, user=person)
        await at.telegram.until(lambda: len(inbox(tmp_path)) == 10)
        await at.telegram.until(lambda: at.telegram.called("held getFile"))
        assert all(inbox(tmp_path).values())
        await at.stop()
        at.telegram.held.pop("getFile").set()
        await at.start()
        for _ in range(10):
            await at.finish()
        for person in range(1, 11):
            await at.clip(person)
            assert len(await at.home.service.videos(Requester("telegram", str(person)))) == 1
        await emptied(tmp_path)


async def test_no_number_of_ends_while_telegram_is_away_costs_a_request(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at.telegram.hold("getFile")
        await at.photo()
        for start in range(1, 6):
            asked = partial(at.telegram.called, "held getFile")
            await at.telegram.until(lambda: len(asked()) == start)  # noqa: B023 (waited for here)
            with closing(sqlite3.connect(tmp_path / "photoplay.db")) as database:
                assert database.execute("SELECT tries FROM inbox").fetchall() == [(0,)]
            await at.restart()
        at.telegram.held.pop("getFile").set()
        await at.finish()
        await at.clip()


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
async def test_what_has_ended_the_program_too_often_gets_an_apology(
    tmp_path: Path, chat: int
) -> None:
    async with talk(tmp_path) as at:
        at.telegram.hold("getFile")
        sent = await at.photo(chat=chat)
        await at.telegram.until(lambda: at.telegram.called("held getFile"))
        await at.stop()
        await at.home.database.rows("UPDATE inbox SET tries = 3")
        await at.start()
        assert await at.said(chat) == "Sorry, something went wrong on my side; please ask again."
        assert at.telegram.shown(chat)[0]["answers"]["message_id"] == sent["message_id"]
        await emptied(tmp_path)
        await at.restart()
        await settled()
        assert len(at.telegram.shown(chat)) == 1


async def test_what_telegram_sends_again_is_not_answered_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        message = at.telegram.message(text="/queue")
        await at.telegram.happen("message", message, number=900)
        await at.said()
        await emptied(tmp_path)
        await at.restart()
        await at.telegram.happen("message", message, number=900)
        await at.telegram.happen("message", at.telegram.message(text="/quota"), number=901)
        await at.said(count=2)
        await settled()
        assert len(at.telegram.shown()) == 2


async def test_no_other_chatter_is_ever_written(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.say(chat=GROUP, text=CHATTER)
        await at.photo(CHATTER, chat=GROUP)
        await at.photo(CHATTER, chat=GROUP, media_group_id="5")
        await at.telegram.say(chat=GROUP, text=f"/weather {CHATTER}")
        await at.telegram.say(chat=GROUP, text=f"/animate@otherbot {CHATTER}")
        other = at.telegram.message(chat=GROUP, user=78, text=CHATTER)
        await at.telegram.say(chat=GROUP, text=CHATTER, reply_to_message=other)
        await at.telegram.happen("edited_message", other)
        channel = {"id": -1001, "type": "channel", "title": "News"}
        post = at.telegram.message(chat=-1001, text=CHATTER) | {"chat": channel}
        await at.telegram.happen("channel_post", post | {"reply_to_message": post})
        await at.telegram.say(chat=GROUP, new_chat_title=CHATTER)
        await at.telegram.say(chat=PRIVATE, pinned_message=other)
        await at.telegram.happen("message", at.telegram.message(text="/queue"), number=500)
        await at.said()
        await emptied(tmp_path)
        assert set(inbox(tmp_path)) == {500}
        for file in tmp_path.glob("photoplay.db*"):
            assert CHATTER.encode() not in file.read_bytes()


async def test_answers_to_us_presses_and_captions_are_kept(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at.telegram.hold("sendMessage")
        at.telegram.hold("answerCallbackQuery")
        at.telegram.hold("getFile")
        ours = at.telegram.message(chat=GROUP, text="Sorry")
        ours["from"] = {"id": BOT, "is_bot": True, "first_name": "photoplay"}
        await at.photo("/animate x", chat=GROUP)
        await at.telegram.say(chat=GROUP, text="why?", reply_to_message=ours)
        await at.telegram.say(text="hello")
        await at.telegram.press(ours, "v1|recipe|video_aaaaaaaaaaaaaaaaaa")
        await at.telegram.until(lambda: len(inbox(tmp_path)) == 4)
        for event in at.telegram.held.values():
            event.set()


async def test_each_persons_messages_are_dealt_with_in_their_order(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        for person in range(1, 6):
            await at.photo(None, chat=person, user=person)
            await at.telegram.say(chat=person, user=person, text=f"it smiles at {person}")
        await at.start()
        prompts = set()
        for _ in range(5):
            animation = await at.begun()
            prompts.add(animation.request.prompt)
            await at.finish(animation)
        assert prompts == {f"it smiles at {person}" for person in range(1, 6)}


async def test_a_hundred_updates_after_an_outage_are_answered_once_each(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        for person in range(1, 121):
            await at.telegram.say(chat=person, user=person, text="/queue")
        await at.start()
        await at.telegram.until(
            lambda: all(at.telegram.shown(person) for person in range(1, 121)), seconds=30
        )
        await emptied(tmp_path)
        assert all(len(at.telegram.shown(person)) == 1 for person in range(1, 121))


async def test_a_defect_in_one_answer_leaves_the_others(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        broken: dict[str, Any] = {"id": "x", "from": {"id": 1}, "chat_instance": "1"}
        await at.telegram.happen("callback_query", broken)
        await at.telegram.happen("message", {"message_id": 1})
        await at.telegram.say(text="/queue")
        assert "Nobody is waiting" in await at.said()
