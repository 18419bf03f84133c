"""No clip is lost: whatever Telegram answers, there is another route, or a later time."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from bot.delivery.links import Links
from bot.platforms.telegram.token_check import check_token
from bot.platforms.telegram.webhook import HEADER, Webhook
from generation.errors import Misconfigured
from generation.jobs import Delivery
from generation.store.quota import Limits
from tests.bot.platforms.telegram.test_story import job_of
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, TOKEN, telegram_double

pytestmark = pytest.mark.slow


THREE = Limits(queued_per_user=3, per_hour=100, per_day=100, queue_size=100)


async def begun_in(at: Talk, chat: int) -> str:
    """The job of a request whose status message stands in the chat."""
    await at.photo(chat=chat)
    await at.said(chat)
    return job_of(at.telegram.shown(chat)[0])


async def test_of_many_files_that_somebody_sends_at_once_three_are_fetched_and_the_rest_refused(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path, limits=THREE) as at:
        files = [at.telegram.picture(bytes(200_000), f"file{number}") for number in range(12)]
        for file in files:
            document = file | {"mime_type": "image/png"}
            await at.telegram.say(document=document, caption="/animate the sea moves")
        await at.telegram.until(lambda: len(at.telegram.shown()) == 12, seconds=30)
        assert len(at.telegram.called("getFile")) == 3
        refused = [one for one in at.telegram.shown() if "3 is the limit" in one["text"]]
        assert len(refused) == 9
        await at.photo(chat=56, user=56)
        await at.said(56)
        assert len(at.telegram.called("getFile")) == 4


async def test_a_file_that_cannot_be_had_for_a_moment_is_fetched_all_the_same(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        at.telegram.fail("getFile", 502, "Bad Gateway", times=2)
        await at.photo()
        assert (await at.begun()).request.prompt == "the sea moves"
        assert len(at.telegram.called("getFile")) == 3


async def test_telegrams_patience_is_waited_out_and_the_clip_comes_once(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await begun_in(at, 55)
        slow = {"retry_after": 30}
        says = "Too Many Requests: retry after 30"
        at.telegram.fail("editMessageMedia", 429, says, parameters=slow)
        at.telegram.fail("editMessageText", 429, "Too Many Requests", parameters=slow)
        await at.finish()
        async with asyncio.timeout(30):
            while not at.telegram.called("editMessageMedia"):  # a status may be refused before it
                await settled()
                at.home.clock.pass_(1.0)
        await settled()
        assert at.clips() == []
        at.home.clock.pass_(31.0)
        await at.clip()


@pytest.mark.parametrize(("status", "says"), [(500, "Internal Server Error"), (502, "Bad Gateway")])
async def test_a_stumbling_telegram_gets_the_clip_later(
    tmp_path: Path, status: int, says: str
) -> None:
    async with talk(tmp_path) as at:
        await begun_in(at, 55)
        at.telegram.fail("editMessageMedia", status, says, times=2)
        await at.finish()
        async with asyncio.timeout(20):
            while not at.clips():
                await settled()
                at.home.clock.pass_(20.0)
        await at.clip()


@pytest.mark.parametrize(
    ("status", "says"),
    [(413, "Request Entity Too Large"), (400, "Bad Request: file is too big")],
)
async def test_a_clip_that_is_too_large_is_made_smaller(
    tmp_path: Path, status: int, says: str
) -> None:
    async with talk(tmp_path) as at:
        await begun_in(at, 55)
        at.telegram.fail("editMessageMedia", status, says)
        await at.finish()
        await at.clip()
        assert at.copies.made == [2]


async def test_a_clip_that_cannot_be_made_small_enough_is_said_so(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at.copies.smallest = 100
        await begun_in(at, 55)
        at.telegram.fail("editMessageMedia", 413, "Request Entity Too Large")
        await at.finish()
        await at.telegram.until(lambda: "too large for this chat" in str(at.telegram.shown()))


async def test_a_clip_no_chat_can_hold_gets_an_address_where_there_is_a_page(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        at.links = Links("https://clips.example.org/", b"secret", valid_for=60.0)
        await at.start()
        at.copies.smallest = 100
        job_id = await begun_in(at, 55)
        at.telegram.fail("editMessageMedia", 413, "Request Entity Too Large")
        await at.finish()
        await at.telegram.until(lambda: "watch it here" in str(at.telegram.shown()))
        found = re.search(
            r"https://clips\.example\.org/clips/(\S+)", str(at.telegram.shown()[-1]["text"])
        )
        assert found is not None
        assert at.links.job(found[1]) == job_id


async def test_who_blocked_the_bot_is_not_tried_for_ever(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await begun_in(at, 55)
        at.telegram.chat(55).closed = True
        await at.finish()
        await at.telegram.until(lambda: at.telegram.called("sendVideo"))
        await settled()
        assert (await at.home.service.view(job_id)).job.delivery is Delivery.UNDELIVERABLE


async def test_a_group_that_is_closed_leaves_the_private_chat(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await begun_in(at, GROUP)
        at.telegram.chat(GROUP).closed = True
        await at.finish()
        clip = await at.clip(55)
        assert clip["caption"].startswith("I could not write in the chat where you asked")


async def test_a_group_that_became_a_supergroup_is_followed(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await begun_in(at, GROUP)
        new = {"migrate_to_chat_id": -100900}
        says = "Bad Request: group chat was upgraded to a supergroup chat"
        at.telegram.fail("editMessageMedia", 400, says, parameters=new)
        at.telegram.fail("sendMessage", 400, says, parameters=new)
        await at.finish()
        await at.clip(-100900)
        address = (await at.home.service.view(job_id)).job.address
        assert address is not None
        assert "-100900" in address


@pytest.mark.parametrize("says", ["message thread not found", "TOPIC_CLOSED"])
async def test_a_topic_that_is_gone_leaves_the_group_itself(tmp_path: Path, says: str) -> None:
    async with talk(tmp_path) as at:
        await at.photo(chat=GROUP, message_thread_id=5, is_topic_message=True)
        await at.said(GROUP)
        at.telegram.chat(GROUP).messages.clear()  # they went with it
        at.telegram.fail("sendMessage", 400, f"Bad Request: {says}")
        await at.finish()
        assert (await at.clip(GROUP))["thread"] is None


async def test_a_deleted_status_message_is_not_missed(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await begun_in(at, 55)
        at.telegram.chat(55).messages.clear()
        await at.finish()
        await at.clip()


async def test_a_second_program_on_the_token_is_said_once_and_waited_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        state = at.telegram._update_queues._state(TOKEN)
        async with state.condition:
            state.url = "https://example.org"  # the emulator then answers polls with 409
            state.condition.notify_all()
        await asyncio.sleep(0.5)
        async with state.condition:
            state.url = ""
        await at.photo()
        await at.finish()
        await at.clip()
    said = capsys.readouterr().out
    assert said.count("Another program polls with this telegram.token") == 1


async def test_an_update_that_nobody_can_read_stops_no_other(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.happen("message", {"message_id": 1})
        await at.telegram.say(text="/queue")
        assert "Nobody is waiting" in await at.said()
        assert len(at.telegram.called("getUpdates")) < 20


async def test_a_token_that_is_being_replaced_loses_no_clip(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        job_id = await begun_in(at, 55)
        at.telegram.fail("editMessageMedia", 401, "Unauthorized")
        await at.finish()
        await at.telegram.until(lambda: at.telegram.called("editMessageMedia"))
        await settled()
        assert (await at.home.service.view(job_id)).job.delivery is Delivery.PENDING
        at.home.clock.pass_(20.0)
        await at.clip()


async def test_a_webhook_takes_only_what_proves_itself(tmp_path: Path) -> None:
    async with talk(tmp_path) as probe:
        port = int(probe.telegram.url.rpartition(":")[2])
    hook = Webhook(f"http://127.0.0.1:{port}/hook", "a-long-secret", "127.0.0.1", port)
    async with talk(tmp_path / "data", webhook=hook) as at:
        await at.telegram.until(lambda: at.telegram.called("setWebhook"))
        async with aiohttp.ClientSession() as session:
            for headers, body, status in (
                ({}, "{}", 403),
                ({HEADER: "a-wrong-secret"}, "{}", 403),
                ({HEADER: "a-long-secret"}, "no json", 400),
                ({HEADER: "a-long-secret"}, "[]", 400),
                ({HEADER: "a-long-secret"}, "{}", 200),
            ):
                async with session.post(hook.url, data=body, headers=headers) as answer:
                    assert answer.status == status, (headers, body)
        await at.photo()
        await at.finish()
        await at.clip()
        assert at.telegram.called("getUpdates") == []


async def test_a_wrong_token_is_said_at_the_start(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        at.telegram.fail("getMe", 401, "Unauthorized", times=9)
        with pytest.raises(Misconfigured, match=r"Telegram does not take telegram\.token"):
            await at.start()


async def test_a_telegram_out_of_reach_is_waited_out(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.telegram.until(lambda: at.telegram.called("getUpdates"))
        await at.stop()
        at.telegram.fail("getMe", 500, "Internal Server Error", times=3)
        await at.start()
        await at.photo()
        await at.finish()
        await at.clip()


async def test_the_doctor_sees_a_good_token_a_bad_one_and_no_network() -> None:
    async with telegram_double() as telegram:
        found = await check_token(TOKEN, telegram.url)
        assert found.ok
        assert "@photoplaybot" in found.message
        assert "privacy mode" in found.message
        telegram.fail("getMe", 401, "Unauthorized")
        assert (await check_token(TOKEN, telegram.url)).message == (
            "Telegram does not take telegram.token."
        )
        telegram.webhook_trouble = "Connection timed out"
        found = await check_token(TOKEN, telegram.url)
        assert found.message == "Telegram could not call the webhook: Connection timed out."
    found = await check_token(TOKEN, "http://127.0.0.1:9")
    assert found.message == "Telegram cannot be reached."
    assert TOKEN not in found.message + found.cure
