"""The stories a request can live through, with an engine that the test plays by hand."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from generation.engine.protocol import Phase, Step
from generation.errors import JobNotFound, QueueFull, QuotaExceeded
from generation.events import (
    Cancelled,
    Failed,
    Finished,
    JobEvent,
    PhaseName,
    Running,
    Succeeded,
    Waiting,
)
from generation.events import Failed as FailedOutcome
from generation.jobs import JobStatus
from generation.notes import Note
from generation.store.quota import Exempt, Limits
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, House, house, wish

PREPARE, ENCODE = Phase(PhaseName.PREPARE), Phase(PhaseName.ENCODE)


async def told(home: House, job_id: str) -> list[JobEvent]:
    async with aclosing(home.service.watch(job_id)) as events:
        return [event async for event in events]


async def until_ended(home: House, job_id: str) -> Finished:
    last = (await told(home, job_id))[-1]
    assert isinstance(last, Finished)
    return last


async def test_a_request_waits_runs_and_ends_and_every_watcher_hears_the_end_once(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        first = await home.service.submit(wish(), ANN)
        second = await home.service.submit(wish(), BEN)
        early = [asyncio.create_task(told(home, second.job_id)) for _ in range(5)]
        for _ in range(2):
            animation = await engine.begun.get()
            engine.tell(
                animation, PREPARE, Step(1, 2), Note("prompt_cut", tokens=300, most=128), ENCODE
            )
            engine.finish(animation)
        heard = await asyncio.gather(*early)
        late = await told(home, first.job_id)
    for events in heard:
        assert [isinstance(event, Finished) for event in events].count(True) == 1
        assert isinstance(events[-1], Finished)
        kinds = [type(event) for event in events]
        assert kinds == sorted(kinds, key=[Waiting, Running, Finished].index)
    [only] = late
    assert isinstance(only, Finished)
    assert isinstance(only.outcome, Succeeded)
    assert only.outcome.notes == (Note("prompt_cut", tokens=300, most=128),)


async def test_the_ticket_says_the_place(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        tickets = [await home.service.submit(wish(), who) for who in (ANN, BEN, ANN)]
    assert [ticket.position for ticket in tickets] == [1, 2, 3]
    assert all(ticket.eta_seconds is None for ticket in tickets)


async def test_places_move_up_as_the_line_moves(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        for _ in range(2):
            await home.service.submit(wish(), ANN)
        last = await home.service.submit(wish(), BEN)
        story = asyncio.create_task(told(home, last.job_id))
        for _ in range(3):
            animation = await engine.begun.get()
            for _ in range(20):
                await asyncio.sleep(0.001)
            engine.finish(animation)
        positions = [event.position for event in await story if isinstance(event, Waiting)]
    assert positions
    assert positions == sorted(positions, reverse=True)


async def test_cancelling_a_waiting_job_ends_it_at_once_and_it_never_starts(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        await home.service.submit(wish(), ANN)
        first = await engine.begun.get()
        second = await home.service.submit(wish(), ANN)
        assert await home.service.cancel(second.job_id)
        assert (await until_ended(home, second.job_id)).outcome == Cancelled()
        assert not await home.service.cancel(second.job_id)
        engine.finish(first)
        third = await home.service.submit(wish(), ANN)
        assert (await engine.begun.get()).job == third.job_id


async def test_cancelling_a_running_job_interrupts_the_engine_and_leaves_no_clip(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        animation = await engine.begun.get()
        engine.tell(animation, PREPARE, Step(1, 9))
        animation.clip.write_bytes(b"half a clip")
        assert await home.service.cancel(ticket.job_id)
        assert (await until_ended(home, ticket.job_id)).outcome == Cancelled()
        after = await home.service.submit(wish(), ANN)
        assert (await engine.begun.get()).job == after.job_id
        assert engine.cancelled == [ticket.job_id]
        assert not animation.clip.exists()


async def test_a_job_cancelled_in_the_moment_it_is_claimed_never_reaches_the_engine(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        await asyncio.sleep(0.01)  # the worker waits for a job
        ticket = await home.service.submit(wish(), ANN)
        job = await home.history.job(ticket.job_id)
        while job is None or job.status is not JobStatus.RUNNING:
            job = await home.history.job(ticket.job_id)
        assert await home.service.cancel(ticket.job_id)
        assert (await until_ended(home, ticket.job_id)).outcome == Cancelled()
        after = await home.service.submit(wish(), BEN)
        begun = await engine.begun.get()
        if begun.job == ticket.job_id:  # it was a step further: then it has been interrupted
            assert engine.cancelled == [ticket.job_id]
            begun = await engine.begun.get()
        assert begun.job == after.job_id


async def test_a_cancel_while_the_time_limit_ends_the_job_is_no_error(tmp_path: Path) -> None:
    engine = SteppedEngine(reluctant=True)
    async with house(tmp_path, engine, time_limit=0.02) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        engine.tell(await engine.begun.get(), PREPARE)
        await asyncio.sleep(0.05)  # the limit has passed, the engine is still stopping
        assert await home.service.cancel(ticket.job_id)
        engine.relent.set()
        assert (await until_ended(home, ticket.job_id)).outcome == Cancelled()


async def test_a_crash_requeues_twice_then_fails_with_an_apology(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        attempts = []
        for _ in range(3):
            animation = await engine.begun.get()
            attempts.append(animation.attempt)
            engine.tell(animation, PREPARE)
            engine.lose(animation, guilty=True)
        outcome = (await until_ended(home, ticket.job_id)).outcome
    assert attempts == [1, 2, 3]
    assert isinstance(outcome, FailedOutcome)
    assert outcome.code == "engine_crashed"
    assert engine.starts >= 3


async def test_an_innocent_job_survives_any_number_of_lost_engines(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        for _ in range(7):
            engine.lose(await engine.begun.get(), guilty=False)
        engine.finish(await engine.begun.get())
        assert isinstance((await until_ended(home, ticket.job_id)).outcome, Succeeded)


async def test_encoding_frees_the_engine_for_the_next_job(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        first = await home.service.submit(wish(), ANN)
        await home.service.submit(wish(), BEN)
        encoding = await engine.begun.get()
        engine.tell(encoding, PREPARE, ENCODE)
        rendering = await engine.begun.get()
        assert rendering.job != encoding.job
        third = await home.service.submit(wish(), ANN)
        await asyncio.sleep(0.01)
        assert engine.begun.empty()
        engine.finish(encoding)
        assert isinstance((await until_ended(home, first.job_id)).outcome, Succeeded)
        await asyncio.sleep(0.01)
        assert engine.begun.empty()  # a slot is given back once, not twice
        engine.finish(rendering)
        assert (await engine.begun.get()).job == third.job_id


async def test_an_engine_that_starts_late_loses_nobody(tmp_path: Path) -> None:
    engine = SteppedEngine(failing_starts=2)
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        engine.finish(await engine.begun.get())
        assert isinstance((await until_ended(home, ticket.job_id)).outcome, Succeeded)
        job = await home.history.job(ticket.job_id)
    assert job is not None
    assert (job.attempt, job.crashes) == (1, 0)
    assert engine.starts == 3


async def test_the_time_limit_counts_from_the_start_of_rendering(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine, time_limit=0.05) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        animation = await engine.begun.get()
        await asyncio.sleep(0.1)
        engine.tell(animation, PREPARE)
        outcome = (await until_ended(home, ticket.job_id)).outcome
    assert isinstance(outcome, FailedOutcome)
    assert outcome.code == "timed_out"
    assert engine.cancelled == [ticket.job_id]


async def test_stopping_lets_the_running_job_end_and_starts_no_other(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        work = asyncio.create_task(home.workers.run())
        running = await home.service.submit(wish(), ANN)
        waiting = await home.service.submit(wish(), ANN)
        animation = await engine.begun.get()
        home.workers.stop()
        engine.finish(animation)
        await work
        assert isinstance((await until_ended(home, running.job_id)).outcome, Succeeded)
        assert isinstance((await home.service.view(waiting.job_id)).event, Waiting)


async def test_a_worker_that_is_ended_puts_its_job_back_in_its_place(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        async with home.at_work():
            ticket = await home.service.submit(wish(), ANN)
            await home.service.submit(wish(), ANN)
            await engine.begun.get()
        view = await home.service.view(ticket.job_id)
        assert view.job.status is JobStatus.QUEUED
        assert isinstance(view.event, Waiting)
        assert view.event.position == 1
        assert view.job.crashes == 0


async def test_an_engines_failure_is_told_and_costs_no_quota(tmp_path: Path) -> None:
    engine = SteppedEngine()
    once = Limits(queued_per_user=1, per_hour=1, per_day=None, queue_size=9)
    async with house(tmp_path, engine, limits=once) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        engine.tell(await engine.begun.get(), Failed("out_of_memory", "size", {"nearest": "64x64"}))
        outcome = (await until_ended(home, ticket.job_id)).outcome
        assert outcome == FailedOutcome("out_of_memory", "size", {"nearest": "64x64"})
        again = await home.service.submit(wish(), ANN)
        engine.finish(await engine.begun.get())
        await until_ended(home, again.job_id)
        with pytest.raises(QuotaExceeded):
            await home.service.check(ANN)


async def test_an_exempt_requester_has_no_personal_limit_but_the_line_is_still_finite(
    tmp_path: Path,
) -> None:
    none = Limits(queued_per_user=0, per_hour=0, per_day=0, queue_size=1)
    async with house(tmp_path, SteppedEngine(), limits=none) as home:
        await home.service.submit(wish(), ANN, allowance=Exempt())
        with pytest.raises(QueueFull):
            await home.service.submit(wish(), ANN, allowance=Exempt())


async def test_somebody_elses_job_does_not_exist(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await home.service.submit(wish(), ANN)
        with pytest.raises(JobNotFound):
            await home.service.job(ticket.job_id, BEN)
        with pytest.raises(JobNotFound):
            await told(home, "video_of_nobody")
