"""Three failures of the hardware in a row stop the line, and say so."""

from __future__ import annotations

import asyncio
from pathlib import Path

from generation.dispatch.circuit_breaker import CircuitBreaker
from generation.events import Failed
from generation.jobs import JobStatus
from generation.store.job_queue import Mode
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, CAT, House, house, wish

NO_ROOM = Failed("out_of_memory", "length")


async def ends(one: House, engine: SteppedEngine, *outcomes: Failed | None) -> None:
    """Have a job made for each outcome; `None` is a clip."""
    for number, outcome in enumerate(outcomes):
        requester = (ANN, BEN, CAT)[number % 3]
        ticket = await one.service.submit(wish(), requester)
        animation = await engine.begun.get()
        if outcome is None:
            engine.finish(animation)
        else:
            engine.tell(animation, outcome)
        async for _ in one.service.watch(ticket.job_id):
            pass


async def paused(one: House) -> None:
    """Return once the queue is."""
    async with asyncio.timeout(30):
        while True:
            one.queue.moved.clear()
            if await one.queue.mode() is Mode.PAUSED:
                return
            await one.queue.moved.wait()


async def test_three_hardware_failures_in_a_row_pause_the_queue_with_a_reason(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, NO_ROOM, NO_ROOM, NO_ROOM)
        assert await one.queue.mode() is Mode.PAUSED
        assert "3 jobs in a row" in str((await one.queue.state()).reason)


async def test_a_clip_in_between_begins_the_count_anew(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, NO_ROOM, NO_ROOM, None, NO_ROOM, NO_ROOM)
        assert await one.queue.mode() is Mode.OPEN


async def test_failures_that_are_not_the_hardwares_do_not_count(tmp_path: Path) -> None:
    engine = SteppedEngine()
    broken = Failed("generation_failed", "engine_defect")
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, broken, broken, broken, broken)
        assert await one.queue.mode() is Mode.OPEN


async def test_what_failed_costs_nobody_anything_and_what_waits_is_made_after_resume(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, NO_ROOM, NO_ROOM, NO_ROOM)
        await one.service.submit(wish(), ANN)
        assert engine.begun.empty()
        await one.queue.set_mode(Mode.OPEN)
        animation = await engine.begun.get()
        engine.finish(animation)
        assert (await one.queue.state()).reason is None


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


async def test_while_another_engine_serves_one_that_cannot_start_pauses_nothing(
    tmp_path: Path,
) -> None:
    serving, broken = SteppedEngine(), SteppedEngine()
    async with house(tmp_path, serving) as one:
        breaker = CircuitBreaker(one.queue)
        breaker.started(serving)
        assert not any([await breaker.not_started(broken, "no GPU") for _ in range(9)])
        assert (await one.queue.state()).mode is Mode.OPEN
        assert breaker.problem is None


async def test_starts_that_fail_in_different_ways_go_on(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one:
        breaker = CircuitBreaker(one.queue)
        paused = [await breaker.not_started(engine, reason) for reason in ("a", "a", "b", "a", "a")]
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
        jobs = [await one.history.job(ticket.job_id) for ticket in tickets]
        assert [job.status for job in jobs if job] == [JobStatus.FAILED, JobStatus.QUEUED]
