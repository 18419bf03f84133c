"""Several pictures at once: it is asked what they shall become, and each is a tap away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from generation.jobs import Requester
from generation.store.message_references import ChatMessage
from generation.store.quota import Limits
from tests.bot.platforms.telegram.test_references import input_of
from tests.bot.platforms.telegram.test_story import labels
from tests.bot.platforms.telegram.test_ways_in import taps
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow

CONTENTS = (b"one", b"two", b"three", b"four")
ONE_MORE = Limits(queued_per_user=2, per_hour=None, per_day=None, queue_size=99)


async def album(
    at: Talk, caption: str | None, chat: int = PRIVATE, user: int = PRIVATE
) -> list[dict[str, Any]]:
    return [
        await at.telegram.say(
            photo=[at.telegram.picture(content)],
            chat=chat,
            user=user,
            media_group_id=f"album{chat}",
            **({"caption": caption} if caption is not None and number == 0 else {}),
        )
        for number, content in enumerate(CONTENTS)
    ]


async def offer(at: Talk, chat: int = PRIVATE) -> dict[str, Any]:
    def offers() -> list[dict[str, Any]]:
        return [one for one in at.telegram.shown(chat) if "of your 4 pictures?" in str(one)]

    await at.telegram.until(offers)
    [found] = offers()
    where = ChatMessage("telegram", chat, found["message_id"])
    async with asyncio.timeout(30):
        while await at.home.references.about(where) is None:  # noqa: ASYNC110 (a row)
            await asyncio.sleep(0.002)
    return dict(found)


async def tap(at: Talk, message: dict[str, Any], label: str, *, user: int = PRIVATE) -> str | None:
    press = await at.telegram.press(message, taps(message)[label], user=user)
    await at.telegram.until(lambda: at.telegram.answered(press))
    return at.telegram.answer_to(press)


async def test_each_picture_of_an_album_is_an_ordinary_request(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        sent = await album(at, "/animate seconds=1 effect=snow it moves", GROUP)
        asked = await offer(at, GROUP)
        assert labels(asked) == ["A film", "A clip each", "Only the first", "2", "3", "4"]
        assert "Only the person" in str(await tap(at, asked, "3", user=66))
        assert at.engine.begun.empty()
        await at.restart()
        await tap(at, asked, "3")
        await tap(at, asked, "3")
        assert labels(await offer(at, GROUP))[3:] == ["2", "4"]
        animation = await at.begun()
        assert (input_of(at, animation), animation.request.effect) == (b"three", "snow")
        assert animation.request.prompt == "it moves"
        await tap(at, await offer(at, GROUP), "A clip each")
        await at.finish(animation)
        for content in (b"one", b"two", b"four"):
            animation = await at.begun()
            assert input_of(at, animation) == content
            await at.finish(animation)
        await at.telegram.until(lambda: len(at.clips(GROUP)) == 4)
        await settled()
        assert len(at.telegram.shown(GROUP)) == 4
        answered = {clip["answers"]["message_id"] for clip in at.clips(GROUP)}
        assert answered == {one["message_id"] for one in sent}
        assert len(await at.home.service.videos(Requester("telegram", str(PRIVATE)))) == 4


async def test_where_a_limit_ends_it_the_rest_can_be_asked_for_later(tmp_path: Path) -> None:
    async with talk(tmp_path, limits=ONE_MORE) as at:
        await album(at, "it moves")
        assert "waiting or being made" in str(await tap(at, await offer(at), "A clip each"))
        assert input_of(at, await at.begun()) == b"one"
        assert labels(await offer(at)) == ["A film", "A clip each", "Only the first", "3", "4"]
        await tap(at, await offer(at), "Only the first")
        await at.telegram.until(lambda: "of your 4 pictures?" not in str(at.telegram.shown()))


async def test_after_the_panel_of_a_bare_album_it_is_asked_what_it_becomes(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        first, *_ = await album(at, None)
        await at.said()
        panel = at.telegram.shown()[0] | {"reply_to_message": first}
        await tap(at, panel, "▶ Animate it")
        await tap(at, await offer(at), "Only the first")
        assert input_of(at, await at.begun()) == b"one"
        assert "of your 4 pictures?" not in str(at.telegram.shown())
        assert panel["message_id"] not in at.telegram.chat().messages
