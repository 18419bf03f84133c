"""Several engines on one queue: who is free makes the next, what is broken is left out."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from generation.dispatch.engine_keeper import EngineKeeper
from generation.dispatch.engine_state import EngineStatus
from generation.dispatch.pacing import Pacing
from generation.engine.cards import CardState
from generation.engine.protocol import Animation, OnCard, ServerAway
from generation.events import Failed
from generation.jobs import JobStatus, Requester
from generation.store.state import Mode
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.core import ANN, BEN, CAT, House, house, wish

LOOPS = replace(STEPPED, options=frozenset({"loop"}))


async def begun(engine: SteppedEngine) -> Animation:
    async with asyncio.timeout(30):
        return await engine.begun.get()


async def status(home: House, job_id: str, wanted: JobStatus) -> None:
    async with asyncio.timeout(30):
        while (await home.service.view(job_id)).job.status is not wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


def states(home: House) -> dict[str, EngineStatus]:
    return {state.name: state.status for state in home.workers.states()}


async def test_who_is_free_makes_the_next_in_one_fair_order(tmp_path: Path) -> None:
    one, two = SteppedEngine(name="cuda:0"), SteppedEngine(name="cuda:1")
    async with house(tmp_path, one, two) as home:
        asked = [(await home.service.submit(wish(), who)).job_id for who in (ANN, ANN, BEN)]
        await shared(home, asked, one, two)


async def shared(home: House, asked: list[str], one: SteppedEngine, two: SteppedEngine) -> None:
    async with home.at_work():
        first, second = await begun(one), await begun(two)
        assert {first.job, second.job} == {asked[0], asked[2]}
        assert home.workers.capacity == 2
        two.finish(second)
        assert (await begun(two)).job == asked[1]
        made_on = (await home.service.view(second.job)).job.made_on
        assert made_on == "cuda:1"
        assert await home.history.clips_by_engine(0) == {"cuda:1": 1}
        assert states(home) == dict.fromkeys(("cuda:0", "cuda:1"), EngineStatus.WORKING)


async def test_no_free_engine_sleeps_while_somebody_waits(tmp_path: Path) -> None:
    """Put at once, so that a look of one engine falls between two changes."""
    engines = [SteppedEngine(name=f"cuda:{number}") for number in range(4)]
    async with house(tmp_path, *engines) as home, home.at_work():
        for _ in range(5):
            people = [Requester("web", f"p{number}") for number in range(4)]
            await asyncio.gather(*(home.service.submit(wish(), who) for who in people))
            for engine in engines:
                engine.finish(await begun(engine))


async def test_a_lost_device_is_left_out_at_once_and_tried_again_while_the_other_serves(
    tmp_path: Path,
) -> None:
    well, broken = SteppedEngine(name="cuda:0"), SteppedEngine(name="cuda:1")
    async with house(tmp_path, well, broken) as home, home.at_work():
        tickets = [await home.service.submit(wish(), who) for who in (ANN, BEN)]
        animation = await begun(well)
        for pause in (30, 60):  # the pauses double
            broken.lose_device(await begun(broken))
            well.finish(animation)
            animation = await begun(well)
            [_, out] = home.workers.states()
            assert (out.status, out.reason) == (EngineStatus.OUT, home.breaker.why_out("cuda:1"))
            assert "The GPU answers no more." in str(out.reason)
            assert home.workers.capacity == 1
            tickets.append(await home.service.submit(wish(), CAT))
            assert broken.begun.empty()
            home.clock.pass_(pause)
        broken.finish(await begun(broken))
        well.finish(animation)
        for ticket in tickets:
            await status(home, ticket.job_id, JobStatus.SUCCEEDED)
        assert home.breaker.why_out("cuda:1") is None
        assert await home.queue.mode() is Mode.OPEN


async def test_an_engine_that_fails_what_others_make_is_left_out_and_nothing_pauses(
    tmp_path: Path,
) -> None:
    well, broken = SteppedEngine(name="cuda:0"), SteppedEngine(name="cuda:1")
    async with house(tmp_path, well, broken) as home, home.at_work():
        held = [await home.service.submit(wish(), ANN)]
        busy = await begun(well)
        for who in (BEN, CAT, ANN):
            held.append(await home.service.submit(wish(), who))
            broken.tell(await begun(broken), Failed("generation_failed", "engine_defect"))
        well.finish(busy)
        well.finish(await begun(well))
        await status(home, held[-1].job_id, JobStatus.SUCCEEDED)
        assert states(home)["cuda:1"] is EngineStatus.OUT
        assert await home.queue.mode() is Mode.OPEN


async def test_a_drained_engine_takes_no_job_until_it_is_resumed_over_restarts_too(
    tmp_path: Path,
) -> None:
    engines = SteppedEngine(name="cuda:0"), SteppedEngine(name="cuda:1")
    async with house(tmp_path, *engines) as home, home.at_work():
        for who in (ANN, BEN):
            await home.service.submit(wish(), who)
        kept, ended = await begun(engines[0]), await begun(engines[1])
        assert home.workers.drain("cuda:1")
        engines[1].finish(ended)
        await status(home, ended.job, JobStatus.SUCCEEDED)
        third = await home.service.submit(wish(), CAT)
        engines[0].finish(kept)
        assert (await begun(engines[0])).job == third.job_id
        assert states(home)["cuda:1"] is EngineStatus.DRAINING
        fourth = await home.service.submit(wish(), ANN)
        assert home.workers.resume("cuda:1")
        assert (await begun(engines[1])).job == fourth.job_id
        assert not home.workers.drain("cuda:9")
        home.workers.drain("cuda:1")
    again = SteppedEngine(name="cuda:0"), SteppedEngine(name="cuda:1")
    async with house(tmp_path, *again) as home:
        assert states(home)["cuda:1"] is EngineStatus.DRAINING
        home.workers.resume("cuda:1")
    async with house(tmp_path, *again) as home:
        assert states(home)["cuda:1"] is not EngineStatus.DRAINING


async def test_the_cards_of_one_engine_are_told_and_drained_each_by_its_name(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine(name="cluster", capacity=2)
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        animation = await begun(engine)
        engine.tell(animation, OnCard("10.0.0.5/cuda:1"))
        engine.cards = (
            CardState("10.0.0.5/cuda:0", EngineStatus.OUT, "Its weights are not there."),
            CardState("10.0.0.5/cuda:1", EngineStatus.WORKING, jobs=(ticket.job_id,)),
        )
        out, working = home.workers.states()
        assert (out.status, out.reason) == (EngineStatus.OUT, "Its weights are not there.")
        assert (working.name, working.jobs) == ("10.0.0.5/cuda:1", (ticket.job_id,))
        assert home.workers.capacity == 1
        assert home.workers.drain("10.0.0.5/cuda:1")
        assert home.workers.resume("10.0.0.5/cuda:1")
        assert not home.workers.drain("10.0.0.5/cuda:9")
        assert engine.drains == [("10.0.0.5/cuda:1", True), ("10.0.0.5/cuda:1", False)]
        engine.finish(animation)
        await status(home, ticket.job_id, JobStatus.SUCCEEDED)
        assert await home.history.clips_by_engine(0) == {"10.0.0.5/cuda:1": 1}
        assert home.workers.drain("cluster")  # the whole of it
        assert states(home) == {"cluster": EngineStatus.DRAINING}
        home.workers.resume("cluster")
        home.workers.drain("10.0.0.5/cuda:1")
    again = SteppedEngine(name="cluster")
    async with house(tmp_path, again):
        assert again.drains == [("10.0.0.5/cuda:1", True)]


async def test_a_job_goes_where_it_can_be_made_and_nobody_waits_for_it(tmp_path: Path) -> None:
    plain, looping = (
        SteppedEngine(name="plain"),
        SteppedEngine(name="looping", capabilities=LOOPS),
    )
    async with house(tmp_path, plain, looping) as home, home.at_work():
        await home.service.submit(replace(wish(), loop=True), ANN)
        busy = await begun(looping)
        loop = await home.service.submit(replace(wish(), loop=True), BEN)
        other = await home.service.submit(wish(), CAT)
        assert (await begun(plain)).job == other.job_id
        looping.finish(busy)
        assert (await begun(looping)).job == loop.job_id


async def test_each_engine_is_shared_fairly_whatever_the_others_do(tmp_path: Path) -> None:
    """Two want what one engine has; the third keeps the other engine at a hundred times the pace.

    Without a clock for each lane, whoever has three waiting would be served three times as often.
    """
    slow, quick = SteppedEngine(name="slow", capabilities=LOOPS), SteppedEngine(name="quick")
    loop = replace(wish(), loop=True)
    async with house(tmp_path, slow, quick) as home, home.at_work():
        served: Counter[Requester] = Counter()
        for who in (ANN, ANN, ANN, BEN):
            await home.service.submit(loop, who)
        for _ in range(12):
            for _ in range(4):
                await home.service.submit(wish(), CAT)
                quick.finish(await begun(quick))
            animation = await begun(slow)
            who = (await home.service.view(animation.job)).job.requester
            served[who] += 1
            slow.finish(animation)
            await home.service.submit(loop, who)
    assert abs(served[ANN] - served[BEN]) <= 1, served


@pytest.mark.parametrize("comes_back", [True, False])
async def test_what_began_far_away_goes_on_there_unless_it_is_gone(
    tmp_path: Path, *, comes_back: bool
) -> None:
    far, near = SteppedEngine(name="far"), SteppedEngine(name="near")
    async with house(tmp_path, far) as home:
        ticket = await home.service.submit(wish(), ANN)
        claimant = home.workers.claimant(far)
        job = await home.queue.take(claimant)
        assert job is not None
        assert await home.queue.is_far(job.id, job.attempt, "video_far")
    far = SteppedEngine(name="far", failing_starts=0 if comes_back else 99)
    async with house(tmp_path, near, far) as home:
        await home.core.resume()
        async with home.at_work():
            animation = await begun(far if comes_back else near)
    assert animation.job == ticket.job_id
    assert animation.far_id == ("video_far" if comes_back else None)


@pytest.mark.parametrize("known", [True, False])
async def test_an_engine_that_is_resumed_or_is_back_waits_for_no_back_off(
    tmp_path: Path, *, known: bool
) -> None:
    back = asyncio.Event()

    async def until_back() -> None:
        await back.wait()

    away = ServerAway("It is away.", until_back if known else None)
    engine = SteppedEngine(name="far", failing_starts=1, why=away)
    async with house(tmp_path, engine) as home:
        metrics, patient = home.core.observers.metrics, Pacing(back_off=3600)
        keeper = EngineKeeper(engine, home.queue, home.breaker, metrics, patient)
        serving = asyncio.create_task(keeper.serving())
        async with asyncio.timeout(30):
            while keeper.reason is None:  # noqa: ASYNC110 (it starts in its own time)
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.05)
            assert engine.starts == 1
            if known:
                back.set()
            else:
                keeper.resume()
            await serving
    assert engine.starts == 2
