"""A clock that jumps: nobody is locked out, nothing is lost, nothing is kept for ever."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from bot.delivery.links import Links
from bot.platforms.discord.address import LIFE, Address
from bot.platforms.web.identity import Identity
from generation.errors import JobNotFound, QuotaExceeded
from generation.jobs import Clip, Delivery, ReplyAddress, Requester
from generation.store.database import Database
from generation.store.delivery import GIVE_UP_TRIES, LONGEST_WAIT, Deliveries
from generation.store.history import History
from generation.store.job_queue import JobQueue
from generation.store.moderation import ModerationRecords
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits, Quota
from generation.workspace import Workspace
from tests.fakes.program.core import ANN, Clock, claimed, wish

HOUR, DAY, YEAR = 3600.0, 86400.0, 365 * 86400.0
LIMITS = Limits(queued_per_user=None, per_hour=2, per_day=3, queue_size=100)
PSEUDONYMS = Pseudonyms(b"a secret")
JUMPS = pytest.mark.parametrize("jump", [HOUR + 90, DAY, YEAR])


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Database]:
    database = await Database.open(folder / "photoplay.db")
    try:
        yield database
    finally:
        await database.close()


@JUMPS
async def test_a_clock_put_back_frees_who_asked_in_the_wrong_future(
    tmp_path: Path, jump: float
) -> None:
    clock = Clock()
    clock.pass_(jump)
    async with opened(tmp_path) as database:
        queue, quota = (
            JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock),
            Quota(database, pseudonyms=PSEUDONYMS, clock=clock),
        )
        for _ in range(2):
            await queue.put(wish(), ANN, LIMITS)
        with pytest.raises(QuotaExceeded):
            await queue.put(wish(), ANN, LIMITS)
        clock.pass_(-jump)
        assert (await quota.usage(ANN, LIMITS)).day == 0
        for _ in range(2):
            await queue.put(wish(), ANN, LIMITS)
        with pytest.raises(QuotaExceeded) as refused:
            await queue.put(wish(), ANN, LIMITS)
        assert refused.value.retry_after is not None
        assert refused.value.retry_after <= HOUR


async def test_clocks_that_differ_by_seconds_give_nothing_away(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path) as database:
        queue = JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock)
        for _ in range(2):
            await queue.put(wish(), ANN, LIMITS)
        clock.pass_(-30)
        with pytest.raises(QuotaExceeded) as refused:
            await queue.put(wish(), ANN, LIMITS)
        assert refused.value.retry_after == HOUR


@JUMPS
async def test_a_jump_ahead_and_back_leaves_the_window_as_it_was(
    tmp_path: Path, jump: float
) -> None:
    clock = Clock()
    async with opened(tmp_path) as database:
        queue, quota = (
            JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock),
            Quota(database, pseudonyms=PSEUDONYMS, clock=clock),
        )
        await queue.put(wish(), ANN, LIMITS)
        clock.pass_(jump)
        assert (await quota.usage(ANN, LIMITS)).hour == 0
        clock.pass_(-jump)
        assert (await quota.usage(ANN, LIMITS)).hour == 1


@JUMPS
def test_files_from_a_wrong_future_get_their_time_from_now_on(tmp_path: Path, jump: float) -> None:
    clock = Clock()
    here = Workspace(
        tmp_path, keep_inputs=DAY, keep_clips=7 * DAY, clock=clock, steady=lambda: clock.now
    )
    here.create()
    picture = here.input("ahead.png")
    picture.touch()
    os.utime(picture, (clock.now + jump, clock.now + jump))
    assert here.sweep(()).inputs == 0
    clock.pass_(DAY + 60)
    assert here.sweep(()).inputs == 1


@JUMPS
def test_nothing_is_deleted_while_the_clock_may_be_wrong(tmp_path: Path, jump: float) -> None:
    clock, passed = Clock(), Clock(0.0)
    here = Workspace(tmp_path, keep_inputs=HOUR, keep_clips=HOUR, clock=clock, steady=passed)
    here.create()
    clip = here.clip("video_made")
    clip.touch()
    os.utime(clip, (clock.now, clock.now))
    clock.pass_(jump)
    assert here.sweep(()).clips == 0
    clock.pass_(-jump)
    assert here.sweep(()).clips == 0
    assert clip.exists()
    clock.pass_(jump)  # and this time it stays there
    assert here.sweep(()).clips == 0
    for one in (clock, passed):
        one.pass_(DAY + 1)
    assert here.sweep(()).clips == 1


@JUMPS
async def test_estimates_are_learned_from_clips_of_the_past(tmp_path: Path, jump: float) -> None:
    clock = Clock()
    async with opened(tmp_path) as database:
        queue, history = (
            JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock),
            History(database, clock=clock),
        )
        for ahead, seconds in ((jump, 900.0), (0.0, 2.0)):
            clock.pass_(ahead)
            await queue.put(wish(), ANN, LIMITS)
            job = await claimed(queue, "camera")
            clip = Clip(tmp_path / "clip.mp4", 64, 64, 9, 24, 1, 100)
            await queue.succeed(job.id, job.attempt, clip, render_seconds=seconds, notes=())
            clock.pass_(-ahead)
        assert [one.seconds for one in await history.timings("camera")] == [2.0]
        assert sum((await history.ended_since(clock.now - DAY)).values()) == 1


@JUMPS
async def test_a_delivery_put_off_in_a_wrong_future_is_due(tmp_path: Path, jump: float) -> None:
    clock = Clock()
    async with opened(tmp_path) as database:
        deliveries = Deliveries(database, clock=clock)
        put = await JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock).put(
            wish(), Requester("telegram", "7"), LIMITS, address=ReplyAddress("{}")
        )
        clock.pass_(jump)
        await deliveries.postpone(put.job_id, seconds=LONGEST_WAIT)
        assert await deliveries.pending(["telegram"]) == []
        clock.pass_(-jump)
        assert [job.id for job in await deliveries.pending(["telegram"])] == [put.job_id]


async def test_a_leap_of_a_day_is_no_day_of_trying(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path) as database:
        deliveries, queue = (
            Deliveries(database, clock=clock),
            JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock),
        )
        history = History(database, clock=clock)
        put = await queue.put(
            wish(), Requester("telegram", "7"), LIMITS, address=ReplyAddress("{}")
        )
        await queue.cancel(put.job_id)
        clock.pass_(DAY + 60)
        for number in range(1, GIVE_UP_TRIES + 1):
            await deliveries.postpone(put.job_id, seconds=60)
            job = await history.job(put.job_id)
            assert job is not None
            assert job.delivery is (
                Delivery.PENDING if number < GIVE_UP_TRIES else Delivery.UNDELIVERABLE
            )


@JUMPS
async def test_blocks_and_strikes_of_a_wrong_future_lock_nobody_out(
    tmp_path: Path, jump: float
) -> None:
    clock = Clock()
    async with opened(tmp_path) as database:
        records = ModerationRecords(database, clock=clock)
        clock.pass_(jump)
        await records.block("telegram:1", seconds=DAY, actor="photoplay")
        await records.block("telegram:2", seconds=None, actor="operator")
        for _ in range(4):
            await records.strike("telegram:3", limit=5, seconds=DAY)
        clock.pass_(-jump)
        assert await records.blocked(["telegram:1"]) is None
        assert await records.blocked(["telegram:2"]) is not None
        assert not await records.strike("telegram:3", limit=5, seconds=DAY)


def cookie_of(identity: Identity, *, key: str | None = None) -> Request:
    response = Response()
    empty = Request({"type": "http", "headers": [], "client": ("127.0.0.1", 1)})
    if key is None:
        identity.greet(empty, response)
    else:
        identity.trade(key, empty, response)
    value = response.headers["set-cookie"].partition(";")[0]
    return Request(
        {"type": "http", "headers": [(b"cookie", value.encode())], "client": ("127.0.0.1", 1)}
    )


@pytest.mark.parametrize("jump", [-HOUR, -DAY, -YEAR, HOUR, DAY])
def test_cookies_and_addresses_hold_when_the_clock_jumps(jump: float) -> None:
    clock = Clock()
    browsers = Identity({}, b"secret", port=8000, secure=False, clock=clock)
    keyed = Identity(
        {"ann": SecretStr("long-key")}, b"secret", port=8000, secure=False, clock=clock
    )
    links = Links("https://clips.example.org", b"secret", valid_for=7 * DAY, clock=clock)
    browser, session = cookie_of(browsers), cookie_of(keyed, key="long-key")
    address = links.to("video_x")
    before = browsers.caller(browser)
    clock.pass_(jump)
    assert browsers.caller(browser) == before
    assert keyed.caller(session).requester.user == "ann"
    assert address is not None
    assert links.job(address.rpartition("/")[2]) == "video_x"


def test_a_browser_stays_itself_over_a_year_that_never_was() -> None:
    clock = Clock()
    browsers = Identity({}, b"secret", port=8000, secure=False, clock=clock)
    browser = cookie_of(browsers)
    before = browsers.caller(browser)
    clock.pass_(YEAR)
    assert browsers.caller(browser) == before
    links = Links("https://clips.example.org", b"secret", valid_for=7 * DAY, clock=clock)
    address = links.to("video_x")
    assert address is not None
    clock.pass_(8 * DAY)
    with pytest.raises(JobNotFound):
        links.job(address.rpartition("/")[2])


@JUMPS
def test_an_interaction_token_of_a_wrong_future_is_used_up(jump: float) -> None:
    now = Clock().now
    token = Address(application=1, channel=2, user=3, token="t", expires=now + jump + LIFE)
    assert token.open_for(now + jump) > 0
    assert token.open_for(now) == 0
