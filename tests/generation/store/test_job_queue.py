"""The queue's laws, on a real database with two connections where it races."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from generation.errors import QueueFull, QuotaExceeded, RequestKeyReused
from generation.events import Failed
from generation.jobs import Clip, JobStatus, ReplyAddress, Requester
from generation.store.database import Database
from generation.store.delivery import GIVE_UP_TRIES, Deliveries
from generation.store.history import History
from generation.store.job_queue import JobQueue
from generation.store.quota import Limits, Quota
from generation.store.state import Mode
from tests.fakes.program.core import ANN, BEN, CAT, NO_LIMITS, PSEUDONYMS, Clock, claimed, wish

A_CLIP = Clip(Path("c.mp4"), 64, 64, 9, 24, 7, 100)


@asynccontextmanager
async def open_queue(
    folder: Path, clock: Clock | None = None
) -> AsyncGenerator[tuple[JobQueue, Database, Clock]]:
    clock = clock or Clock()
    database = await Database.open(folder / "photoplay.db")
    try:
        yield JobQueue(database, pseudonyms=PSEUDONYMS, clock=clock), database, clock
    finally:
        await database.close()


async def ask(queue: JobQueue, who: Requester, limits: Limits = NO_LIMITS) -> str:
    return (await queue.put(wish(), who, limits)).job_id


async def serve(queue: JobQueue) -> str:
    """One job from the line to its clip; tells whose it was."""
    job = await claimed(queue)
    assert await queue.succeed(job.id, job.attempt, A_CLIP, render_seconds=1.0, notes=())
    return job.requester.user


async def test_a_request_survives_the_process_that_took_it(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        job_id = await ask(queue, ANN)
    async with open_queue(tmp_path) as (queue, _, _):
        assert (await claimed(queue)).id == job_id


async def test_forty_racing_requests_against_a_quota_of_three_give_exactly_three(
    tmp_path: Path,
) -> None:
    limits = Limits(queued_per_user=3, per_hour=None, per_day=None, queue_size=500)
    async with open_queue(tmp_path) as (one, _, clock), open_queue(tmp_path, clock) as (two, _, _):
        asked = [ask((one, two)[i % 2], ANN, limits) for i in range(40)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, str) for answer in answers) == 3
    assert sum(isinstance(answer, QuotaExceeded) for answer in answers) == 37


async def test_two_claims_never_get_the_same_job(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (one, _, clock), open_queue(tmp_path, clock) as (two, _, _):
        for _ in range(20):
            await ask(one, ANN)
        taken = await asyncio.gather(*(claimed((one, two)[i % 2]) for i in range(20)))
    assert len({job.id for job in taken}) == 20


async def test_nobody_starves_beside_people_who_ask_again_the_moment_they_are_served(
    tmp_path: Path,
) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        greedy = [Requester("web", f"greedy-{n}") for n in range(4)]
        for who in greedy:
            await ask(queue, who)
        for _ in range(3):
            await ask(queue, CAT)
        served = []
        for _ in range(15):
            user = await serve(queue)
            served.append(user)
            if user != "cat":
                await ask(queue, Requester("web", user))
    cats = [place for place, user in enumerate(served) if user == "cat"]
    assert len(cats) == 3
    assert all(later - earlier <= 5 for earlier, later in pairwise(cats))


async def test_one_with_a_hundred_waiting_is_served_in_turn_with_one_who_comes_late(
    tmp_path: Path,
) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        for _ in range(100):
            await ask(queue, ANN)
        assert [await serve(queue), await serve(queue)] == ["ann", "ann"]
        for _ in range(3):
            await ask(queue, BEN)
        order = [await serve(queue) for _ in range(6)]
    assert order.count("ben") == 3


async def test_the_place_is_the_one_that_claim_will_honour(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        for who in (ANN, ANN, BEN, ANN, CAT, BEN):
            await ask(queue, who)
        line = list(await queue.waiting())
        for position, job_id in enumerate(line, start=1):
            place = await queue.position(job_id)
            assert place is not None
            assert place.position == position
        assert [(await claimed(queue)).id for _ in line] == line


async def test_the_same_request_key_returns_the_first_ticket(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        put = [await queue.put(wish(), ANN, NO_LIMITS, key="k", digest="same") for _ in range(2)]
        assert put[0].job_id == put[1].job_id
        assert [p.repeated for p in put] == [False, True]
        other = await queue.put(wish(), BEN, NO_LIMITS, key="k", digest="same")
        assert other.job_id != put[0].job_id
        with pytest.raises(RequestKeyReused):
            await queue.put(wish(), ANN, NO_LIMITS, key="k", digest="other")


async def test_a_repeated_request_is_answered_even_when_the_quota_is_used_up(
    tmp_path: Path,
) -> None:
    one = Limits(queued_per_user=1, per_hour=None, per_day=None, queue_size=500)
    async with open_queue(tmp_path) as (queue, _, _):
        first = await queue.put(wish(), ANN, one, key="k", digest="d")
        again = await queue.put(wish(), ANN, one, key="k", digest="d")
    assert again.job_id == first.job_id


async def test_failures_and_wishes_taken_back_in_time_cost_nothing(tmp_path: Path) -> None:
    hourly = Limits(queued_per_user=None, per_hour=2, per_day=None, queue_size=500)
    async with open_queue(tmp_path) as (queue, _, _):
        job_id = await ask(queue, ANN, hourly)
        assert (await queue.cancel(job_id)) is not None
        await ask(queue, ANN, hourly)
        job = await claimed(queue)
        assert await queue.fail(job.id, job.attempt, Failed("engine_crashed", "once"))
        await ask(queue, ANN, hourly)
        started = await claimed(queue)
        stopped = await queue.cancel(started.id)
        assert stopped is not None
        assert stopped.running
        await ask(queue, ANN, hourly)
        with pytest.raises(QuotaExceeded, match="hour"):
            await ask(queue, ANN, hourly)


async def test_the_hourly_window_slides_and_survives_a_restart(tmp_path: Path) -> None:
    hourly = Limits(queued_per_user=None, per_hour=2, per_day=None, queue_size=500)
    clock = Clock()
    async with open_queue(tmp_path, clock) as (queue, _, _):
        await ask(queue, ANN, hourly)
        clock.pass_(1800)
        await ask(queue, ANN, hourly)
    async with open_queue(tmp_path, clock) as (queue, database, _):
        with pytest.raises(QuotaExceeded) as refused:
            await ask(queue, ANN, hourly)
        assert refused.value.retry_after == pytest.approx(1800)
        usage = await Quota(database, pseudonyms=PSEUDONYMS, clock=clock).usage(ANN, hourly)
        assert (usage.hour, usage.day) == (2, 2)
        clock.pass_(1801)
        await ask(queue, ANN, hourly)


async def test_a_full_line_and_a_draining_one_refuse_politely(tmp_path: Path) -> None:
    small = Limits(None, None, None, queue_size=2)
    async with open_queue(tmp_path) as (queue, _, _):
        await ask(queue, ANN, small)
        await ask(queue, BEN, small)
        with pytest.raises(QueueFull, match="line, waiting=2"):
            await ask(queue, CAT, small)
        await queue.set_mode(Mode.DRAINING)
        with pytest.raises(QueueFull, match="draining"):
            await ask(queue, CAT)
        assert await serve(queue) == "ann"


async def test_a_pause_outlives_a_restart_and_a_resume_wakes_the_claim(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        await ask(queue, ANN)
        await queue.set_mode(Mode.PAUSED)
    async with open_queue(tmp_path) as (queue, _, _):
        claim = asyncio.create_task(claimed(queue))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not claim.done()
        await queue.set_mode(Mode.OPEN)
        assert (await claim).requester == ANN


async def test_a_restart_puts_the_running_job_back_first_and_blames_nobody(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        first = await ask(queue, ANN)
        await ask(queue, BEN)
        assert (await claimed(queue)).id == first
    async with open_queue(tmp_path) as (queue, _, _):
        assert await queue.recover() == 1
        again = await claimed(queue)
        assert (again.id, again.attempt, again.crashes) == (first, 2, 0)


async def test_a_late_result_of_a_lost_engine_is_dropped(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, database, _):
        await ask(queue, ANN)
        lost = await claimed(queue)
        assert await queue.release(lost.id, lost.attempt)
        again = await claimed(queue)
        late = await queue.succeed(lost.id, lost.attempt, A_CLIP, render_seconds=1, notes=())
        assert not late
        assert await queue.succeed(again.id, again.attempt, A_CLIP, render_seconds=1, notes=())
        job = await History(database).job(again.id)
        assert job is not None
        assert job.status is JobStatus.SUCCEEDED


async def test_crashes_requeue_twice_then_fail(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, database, _):
        job_id = await ask(queue, ANN)
        seen = []
        for _ in range(3):
            job = await claimed(queue)
            assert await queue.crash(job.id, job.attempt, limit=3)
            after = await History(database).job(job_id)
            assert after is not None
            seen.append((after.status, after.error_code, after.error_reason))
        queued = (JobStatus.QUEUED, None, None)
        assert seen == [queued, queued, (JobStatus.FAILED, "engine_crashed", "again_and_again")]


async def test_cancelling_twice_or_after_the_end_is_too_late_and_no_error(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as (queue, _, _):
        job_id = await ask(queue, ANN)
        assert (await queue.cancel(job_id)) is not None
        assert (await queue.cancel(job_id)) is None
        assert (await queue.cancel("video_unknown")) is None


async def test_an_outcome_stays_pending_until_it_is_recorded_as_delivered_once(
    tmp_path: Path,
) -> None:
    clock = Clock()
    async with open_queue(tmp_path, clock) as (queue, database, _):
        deliveries = Deliveries(database, clock=clock)
        address = ReplyAddress('{"chat": 1}')
        chat = Requester("telegram", "1")
        put = await queue.put(wish(), chat, NO_LIMITS, address=address)
        await ask(queue, ANN)
        assert await deliveries.attach(put.job_id, "77")
        assert await serve(queue) == "1"
    async with open_queue(tmp_path, clock) as (queue, database, _):
        deliveries = Deliveries(database, clock=clock)
        [job] = await deliveries.pending({"telegram"})
        assert (job.id, job.address) == (put.job_id, address)
        assert await deliveries.pending({"discord"}) == []
        assert await deliveries.postpone(put.job_id, seconds=60)
        assert await deliveries.pending({"telegram"}) == []
        clock.pass_(61)
        assert len(await deliveries.pending({"telegram"})) == 1
        assert await deliveries.delivered(put.job_id)
        assert not await deliveries.delivered(put.job_id)
        assert await deliveries.pending({"telegram"}) == []


async def test_what_cannot_be_delivered_for_a_day_is_given_up_and_kept(tmp_path: Path) -> None:
    clock = Clock()
    async with open_queue(tmp_path, clock) as (queue, database, _):
        deliveries = Deliveries(database, clock=clock)
        chat = Requester("telegram", "1")
        put = await queue.put(wish(), chat, NO_LIMITS, address=ReplyAddress("{}"))
        await serve(queue)
        clock.pass_(25 * 3600)
        for _ in range(GIVE_UP_TRIES):
            assert await deliveries.postpone(put.job_id, seconds=60)
        job = await History(database).job(put.job_id)
        assert job is not None
        assert job.delivery == "undeliverable"
        assert job.clip is not None
