"""Whatever Telegram answers to our questions, we go on hearing, and say when we do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.telegram.bot_api import BotApi
from bot.platforms.telegram.hearing import BAD_TOKEN, OUT_OF_REACH, Hearing, Raw
from bot.platforms.telegram.webhook import Webhook, be_called
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import TOKEN, free_port, telegram_double

pytestmark = pytest.mark.slow


REFUSALS = dict.fromkeys((401, 404), BAD_TOKEN) | dict.fromkeys((400, 429, 502), OUT_OF_REACH)
BAD_ANSWERS = (
    b"<html>",
    b"",
    b"[]",
    b'{"ok": true}',
    b'{"ok": true, "result": {}}',
    b'{"ok": true, "result": [1]}',
    b'{"ok": true, "result": [{"update_id": "x"}]}',
    b'{"ok": false}',
    b'{"ok": false, "parameters": 7}',
    b"\xff\xfe",
)


def hook() -> Webhook:
    port = free_port()
    return Webhook(f"http://127.0.0.1:{port}/hook", "a-long-secret", "127.0.0.1", port)


def answer_to(at: Talk, message: dict[str, Any]) -> Callable[[], bool]:
    """Whether this message has been answered."""
    number = message["message_id"]
    return lambda: any(one["answers"]["message_id"] == number for one in at.telegram.shown())


async def heard(at: Talk) -> None:
    await at.telegram.say(text="/queue")
    assert "Nobody is waiting" in await at.said()
    await at.telegram.until(lambda: not at.reports or at.reports[-1] is None)


async def test_a_refusal_for_a_moment_leaves_nobody_deaf(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: len(at.telegram.called("getUpdates")) > 1)
        for count, (status, why) in enumerate(REFUSALS.items(), start=1):
            at.reports.clear()
            at.telegram.fail("getUpdates", status, "for a moment", times=3)
            await at.telegram.say(text="/quota")
            await at.telegram.until(partial(eq, at.reports, [why, None]))
            await at.said(count=count)


async def test_a_bad_answer_is_asked_for_again(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        for answer in BAD_ANSWERS:
            at.telegram.garbled.append(answer)
            message = await at.telegram.say(text="/queue")
            await at.telegram.until(answer_to(at, message))
        assert at.telegram.garbled == []


async def test_telegrams_patience_is_waited_for(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: len(at.telegram.called("getUpdates")) > 1)
        wait = {"retry_after": 1}
        at.telegram.fail("getUpdates", 429, "Too Many Requests", parameters=wait)
        await at.telegram.say(text="/quota")
        await at.said()
        time = asyncio.get_running_loop().time
        began = time()
        await at.telegram.say(text="/queue")
        await at.said(count=2)
        assert time() - began >= 0.9


async def test_a_wrong_token_for_a_moment_does_not_end_the_start(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        at.telegram.fail("getMe", 401, "Unauthorized")
        await at.start()
        await heard(at)


async def test_it_listens_before_it_introduces_itself(tmp_path: Path) -> None:
    async with talk(tmp_path, introduces=True) as at:
        await at.telegram.until(lambda: at.telegram.called("setMyCommands"))
        methods = [call.method for call in at.telegram.calls]
        assert methods[:2] == ["getMe", "getUpdates"]


async def test_a_webhook_of_an_earlier_start_makes_way_for_polling(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        state = at.telegram._update_queues._state(TOKEN)
        state.url = "https://example.org/hook"
        await at.start()
        await heard(at)
        assert state.url == ""


async def test_a_webhook_that_cannot_be_set_at_once_is_set_later(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.stop()
        at.webhook = hook()
        for status in (502, 429, 401, 500):
            at.telegram.fail("setWebhook", status, "for a moment")
        await at.start()
        await heard(at)
        assert at.reports[-1] is None


async def test_a_webhook_address_that_telegram_refuses_is_one_sentence(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.stop()
        at.webhook = hook()
        says = "Bad Request: bad webhook: HTTPS url must be provided for webhook"
        at.telegram.fail("setWebhook", 400, says)
        await at.start()
        why = await asyncio.wait_for(at.tasks[0], 10)
        assert why == (
            "Telegram refuses telegram.webhook_url or telegram.webhook_secret: "
            "bad webhook: HTTPS url must be provided for webhook"
        )


async def test_a_webhook_that_somebody_removed_is_set_again() -> None:
    async with telegram_double() as telegram:
        kept: list[Raw] = []

        async def take(updates: Sequence[Raw]) -> None:
            kept.extend(updates)

        api, where = BotApi(TOKEN, telegram.url), hook()
        hearing = Hearing(lambda _: None, retry=0.01)
        serving = asyncio.create_task(be_called(where, api, take, hearing, look=0.05))
        try:
            await telegram.until(lambda: telegram.called("setWebhook"))
            telegram._update_queues._state(TOKEN).url = ""
            await telegram.until(lambda: len(telegram.called("setWebhook")) == 2)
            await telegram.happen("message", telegram.message(text="hello"))
            await telegram.until(lambda: kept)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await api.close()


async def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.stop()
        port = int(at.telegram.url.rpartition(":")[2])
        at.webhook = Webhook("http://127.0.0.1:1/hook", "a-long-secret", "127.0.0.1", port)
        await at.start()
        why = await asyncio.wait_for(at.tasks[0], 10)
        assert why.startswith(f"telegram.webhook_port {port} cannot be listened on")
