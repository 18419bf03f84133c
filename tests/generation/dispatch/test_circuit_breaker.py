"""Where the machine fails no request does: the queue pauses, says why and goes on by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from generation.dispatch.circuit_breaker import CircuitBreaker
from generation.dispatch.pacing import AS_USUAL
from generation.engine.protocol import StartCutOff, WorkerLost
from generation.events import Failed, Finished, Succeeded
from generation.jobs import JobStatus
from generation.store.state import Mode
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, CAT, Disk, House, house, wish

pytestmark = pytest.mark.slow

NO_MEMORY = Failed("out_of_memory", "length")
BROKEN = Failed("generation_failed", "engine_defect")
NO_PICTURE = Failed("generation_failed", "picture_gone")
NO_SPACE = Failed("disk_full", "clip")


async def asked(one: House, *outcomes: Failed | None, engine: SteppedEngine) -> list[str]:
    """Have an attempt made for each outcome, of another person each; `None` is a clip."""
    ids = []
    for number, outcome in enumerate(outcomes):
        ticket = await one.service.submit(wish(), (ANN, BEN, CAT)[number % 3])
        ids.append(ticket.job_id)
        await attempt(one, engine, outcome)
    return ids


async def paused(one: House) -> None:
    """Return once the queue is."""
    async with asyncio.timeout(30):
        while True:
            one.queue.moved.clear()
            if await one.queue.mode() is Mode.PAUSED:
                return
            await one.queue.moved.wait()


async def attempt(one: House, engine: SteppedEngine, outcome: Failed | None) -> str:
    animation = await engine.begun.get()
    if outcome is None:
        engine.finish(animation)
    else:
        engine.tell(animation, outcome)
    async with asyncio.timeout(30):
        while (await status(one, animation.job)) is JobStatus.RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    return animation.job


async def status(one: House, job_id: str) -> JobStatus:
    return (await one.service.view(job_id)).job.status


@pytest.mark.parametrize("outcome", [NO_MEMORY, BROKEN])
async def test_failures_of_several_people_in_a_row_pause_the_queue_and_keep_the_last(
    tmp_path: Path, outcome: Failed
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        *failed, kept = await asked(one, outcome, outcome, outcome, engine=engine)
        assert [await status(one, job) for job in failed] == [JobStatus.FAILED] * 2
        assert await status(one, kept) is JobStatus.QUEUED
        state = await one.queue.state()
        assert state.mode is Mode.PAUSED
        assert "3 jobs in a row" in str(state.reason)


async def test_it_tries_again_by_itself_and_nobody_fails_while_it_does(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        *_, kept = await asked(one, BROKEN, BROKEN, BROKEN, engine=engine)
        for pause in (30, 60):
            one.clock.pass_(pause)
            assert await attempt(one, engine, BROKEN) == kept
            assert await status(one, kept) is JobStatus.QUEUED
            assert await one.queue.mode() is Mode.PAUSED
        one.clock.pass_(60)  # the pauses double
        await asyncio.sleep(0.05)
        assert engine.begun.empty()
        one.clock.pass_(60)
        assert await attempt(one, engine, None) == kept
        assert await status(one, kept) is JobStatus.SUCCEEDED
        assert (await one.queue.state()).reason is None


async def test_a_request_that_nobody_can_make_fails_in_the_end(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        *_, kept = await asked(one, BROKEN, BROKEN, BROKEN, engine=engine)
        for _ in range(5):
            one.clock.pass_(600)
            await attempt(one, engine, BROKEN)
        assert await status(one, kept) is JobStatus.FAILED
        assert await one.queue.mode() is Mode.OPEN


async def test_a_clip_in_between_begins_the_count_anew(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        outcomes = NO_MEMORY, NO_MEMORY, None, NO_MEMORY, NO_MEMORY
        await asked(one, *outcomes, engine=engine)
        assert await one.queue.mode() is Mode.OPEN


async def test_one_persons_failures_pause_nobody(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        for _ in range(5):
            ticket = await one.service.submit(wish(), ANN)
            await attempt(one, engine, NO_MEMORY)
            assert await status(one, ticket.job_id) is JobStatus.FAILED
        assert await one.queue.mode() is Mode.OPEN


async def test_a_picture_that_is_gone_is_its_own_failure(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        ids = await asked(one, *[NO_PICTURE] * 4, engine=engine)
        assert {await status(one, job) for job in ids} == {JobStatus.FAILED}
        assert await one.queue.mode() is Mode.OPEN


async def test_what_is_cancelled_says_nothing_of_the_machine(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        for who in (ANN, BEN, CAT, ANN):
            ticket = await one.service.submit(wish(), who)
            await engine.begun.get()
            await one.service.cancel(ticket.job_id)
        assert await one.queue.mode() is Mode.OPEN


async def test_a_full_disk_fails_nobody_and_the_queue_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    engine, disk = SteppedEngine(), Disk()
    async with house(tmp_path, engine, disk=disk) as one, one.at_work():
        ids = [(await one.service.submit(wish(), who)).job_id for who in [ANN, BEN, CAT] * 4]
        disk.free = 10**6
        assert await attempt(one, engine, NO_SPACE) == ids[0]
        one.clock.pass_(3600)
        await asyncio.sleep(0.05)
        assert engine.begun.empty()
        assert "no room" in str((await one.queue.state()).reason)
        assert "no room" in str(one.breaker.problem)  # what `/readyz` says
        assert {await status(one, job) for job in ids} == {JobStatus.QUEUED}
        disk.free = 10**12
        for _ in ids:
            await attempt(one, engine, None)
        assert {await status(one, job) for job in ids} == {JobStatus.SUCCEEDED}
        assert one.breaker.problem is None


async def test_without_room_nothing_is_begun(tmp_path: Path) -> None:
    engine, disk = SteppedEngine(), Disk()
    async with house(tmp_path, engine, disk=disk) as one:
        ticket = await one.service.submit(wish(), ANN)
        disk.free = 10**6
        async with one.at_work():
            await asyncio.sleep(0.05)
            assert engine.begun.empty()
            disk.free = 10**12
            await attempt(one, engine, None)
            [event] = [event async for event in one.service.watch(ticket.job_id)]
            assert isinstance(event, Finished)
            assert isinstance(event.outcome, Succeeded)


async def test_the_operators_pause_is_ended_by_nobody_else(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        *_, kept = await asked(one, BROKEN, BROKEN, BROKEN, engine=engine)
        await one.queue.set_mode(Mode.PAUSED, "maintenance")
        one.clock.pass_(600)
        await asyncio.sleep(0.05)
        assert (await one.queue.state()).reason == "maintenance"
        await one.queue.set_mode(Mode.OPEN)
        assert await attempt(one, engine, None) == kept


async def test_a_drained_queue_is_drained_again_after_a_pause_of_its_own(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one:
        await one.queue.set_mode(Mode.DRAINING)
        assert await one.queue.hold("the disk")
        assert await one.queue.mode() is Mode.PAUSED
        assert await one.queue.resume_held()
        assert await one.queue.mode() is Mode.DRAINING


async def test_a_restart_tries_again_at_once(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        *_, kept = await asked(one, BROKEN, BROKEN, BROKEN, engine=engine)
    again = SteppedEngine()
    async with house(tmp_path, again) as one:
        await one.core.resume()
        async with one.at_work():
            assert await attempt(one, again, BROKEN) == kept
            assert await status(one, kept) is JobStatus.QUEUED
            state = await one.queue.state()
            assert state.mode is Mode.PAUSED
            assert str(state.reason).startswith("The next job failed as well")


async def test_a_start_that_fails_the_same_way_three_times_pauses_with_the_reason(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine(failing_starts=4)
    async with house(tmp_path, engine) as one, one.at_work():
        await paused(one)
        assert str((await one.queue.state()).reason) == (
            "The engine does not start: it does not start. Mend it, then resume."
        )
        assert one.core.breaker.problem == "it does not start"
        await asyncio.sleep(0.05)
        assert engine.starts == 3
        await one.queue.set_mode(Mode.OPEN)
        ticket = await one.service.submit(wish(), ANN)
        engine.finish(await engine.begun.get())
        async for _ in one.service.watch(ticket.job_id):
            pass
        assert engine.starts == 5
        assert one.core.breaker.problem is None


async def test_an_engine_that_is_killed_while_it_starts_is_tried_again_by_itself(
    tmp_path: Path,
) -> None:
    killed = StartCutOff("It was killed while it started.")
    engine = SteppedEngine(failing_starts=3, why=killed)
    async with house(tmp_path, engine) as one, one.at_work():
        await paused(one)
        assert "killed while it started. It resumes by itself" in str(
            (await one.queue.state()).reason
        )
        ticket = await one.service.submit(wish(), ANN)
        one.clock.pass_(30)
        engine.finish(await engine.begun.get())
        async for _ in one.service.watch(ticket.job_id):
            pass
        assert (await one.queue.state()).mode is Mode.OPEN


async def test_while_another_engine_serves_one_that_cannot_start_pauses_nothing(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as one:
        breaker = CircuitBreaker(one.queue, one.workspace, AS_USUAL)
        breaker.started("cuda:0")
        lost = WorkerLost("no GPU", guilty=False)
        assert not any([await breaker.not_started("cuda:1", lost) for _ in range(9)])
        assert (await one.queue.state()).mode is Mode.OPEN
        assert breaker.problem is None


async def test_starts_that_fail_in_different_ways_go_on(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as one:
        breaker = CircuitBreaker(one.queue, one.workspace, AS_USUAL)
        losses = [WorkerLost(reason, guilty=False) for reason in "aabaa"]
        paused = [await breaker.not_started("cuda:0", lost) for lost in losses]
        assert paused == [False] * 5


async def test_a_lost_device_puts_the_job_back_and_the_third_in_a_row_pauses(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        tickets = [await one.service.submit(wish(), who) for who in (ANN, BEN)]
        for _ in range(3):
            engine.lose_device(await engine.begun.get())
        await paused(one)
        assert "lost its device 3 times in a row: The GPU answers no more." in str(
            (await one.queue.state()).reason
        )
        async with asyncio.timeout(30):
            while (await status(one, tickets[0].job_id)) is not JobStatus.FAILED:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        assert await status(one, tickets[1].job_id) is JobStatus.QUEUED
