"""What was made for a channel, or for a group by an anonymous administrator, is its staff's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generation.jobs import Requester
from tests.bot.platforms.telegram.test_story import labels
from tests.bot.platforms.telegram.test_ways_in import taps
from tests.fakes.program.core import wish
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP

pytestmark = pytest.mark.slow

CHANNEL, STAFF, MEMBER, ANONYMOUS = -1001, 77, 66, 1087968824
OURS = ("thread", "answers", "silent", "spoiler")


def shown(at: Talk, chat: int, number: int = -1) -> dict[str, Any]:
    """A message as a press brings it along."""
    message = {k: v for k, v in at.telegram.shown(chat)[number].items() if k not in OURS}
    if chat == CHANNEL:
        del message["from"]
        message["chat"] = {"id": chat, "type": "channel", "title": "News"}
    return message


async def tap(at: Talk, message: dict[str, Any], label: str, user: int) -> str | None:
    press = await at.telegram.press(message, taps(message)[label], user=user)
    await at.telegram.until(lambda: at.telegram.answered(press))
    return at.telegram.answer_to(press)


async def asks(at: Talk, chat: int, **what: Any) -> None:
    """In the chat's own name."""
    before = len(at.telegram.shown(chat))
    if chat == CHANNEL:
        await at.post(chat, **what)
    else:
        its = {"id": chat, "type": "supergroup", "title": "x"}
        await at.telegram.say(chat=chat, user=ANONYMOUS, sender_chat=its, **what)
    await at.telegram.until(lambda: len(at.telegram.shown(chat)) > before)
    await at.dealt_with()


async def _made(at: Talk, who: int, prompt: str) -> None:
    ticket = await at.home.service.submit(wish(prompt), Requester("telegram", str(who)))
    at.engine.finish(await at.begun())
    async for _ in at.home.service.watch(ticket.job_id):
        pass


@pytest.mark.parametrize("chat", [CHANNEL, GROUP])
async def test_its_list_stays_its_own_whoever_turns_it(tmp_path: Path, chat: int) -> None:
    async with talk(tmp_path) as at:
        at.telegram.chat(chat).staff.add(STAFF)
        for number in range(11):
            await _made(at, chat, f"number {number}")
        await _made(at, STAFF, "very private words")
        await asks(at, chat, text="/videos")
        refused = "administrators" if chat == CHANNEL else "Only the person who asked can"
        for label in ("Older ▶", "number 10"):
            assert refused in str(await tap(at, shown(at, chat), label, MEMBER))
        assert await tap(at, shown(at, chat), "Older ▶", STAFF) is None
        assert labels(shown(at, chat)) == ["number 0", "◀ Newer"]
        assert await tap(at, shown(at, chat), "number 0", STAFF) is None
        clip = await at.clip(chat)
        assert "number 0" in clip["caption"]
        await tap(at, shown(at, chat), "Delete", STAFF)
        await tap(at, shown(at, chat), "Keep", STAFF)
        assert "☆ Favourite" in labels(shown(at, chat))


@pytest.mark.parametrize("chat", [CHANNEL, GROUP])
async def test_its_staff_answers_what_is_asked_of_it(tmp_path: Path, chat: int) -> None:
    async with talk(tmp_path) as at:
        at.telegram.chat(chat).staff.add(STAFF)
        for caption in ({"caption": "/animate seconds=1 the sea"}, {}):
            its = {"id": chat, "type": "supergroup", "title": "x"}
            what = {"photo": [at.telegram.picture(b"one")], "media_group_id": "g", **caption}
            if chat == CHANNEL:
                await at.post(chat, **what)
            else:
                await at.telegram.say(chat=chat, user=ANONYMOUS, sender_chat=its, **what)
        await at.telegram.until(lambda: "of your 2 pictures?" in str(at.telegram.shown(chat)))
        await at.dealt_with()
        assert await tap(at, shown(at, chat), "A clip each", STAFF) is None
        await at.finish()
        await at.finish()
        await at.telegram.until(lambda: len(at.clips(chat)) == 2)
        kept = await at.home.service.videos(Requester("telegram", str(chat)))
        assert len(kept) == 2
        await settled()
        await asks(at, chat, text="/forget")
        refused = str(await tap(at, shown(at, chat), "Delete", MEMBER))
        assert refused == "Only the person who asked can do that."
        assert await tap(at, shown(at, chat), "Delete", STAFF) is None
        assert at.clips(chat) == []
        assert await at.home.service.videos(Requester("telegram", str(chat))) == []
