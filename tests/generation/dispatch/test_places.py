"""The places in an engine: they become more and fewer, and none, while it works."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from generation.engine.protocol import Phase
from generation.events import PhaseName
from generation.jobs import JobStatus
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, CAT, house, wish
from tests.generation.dispatch.test_several_engines import begun, status


async def test_more_places_are_used_at_once_and_fewer_as_jobs_end(tmp_path: Path) -> None:
    engine = SteppedEngine(name="server")
    async with house(tmp_path, engine) as home, home.at_work():
        for who in (ANN, BEN, CAT):
            await home.service.submit(wish(), who)
        first = await begun(engine)
        engine.capacity = 2
        engine.changed.set()
        second = await begun(engine)
        engine.capacity = 1
        engine.changed.set()
        engine.finish(first)
        await status(home, first.job, JobStatus.SUCCEEDED)
        assert engine.begun.empty()
        engine.tell(second, Phase(PhaseName.ENCODE))  # frees its place
        await begun(engine)


@pytest.mark.parametrize("asked", [True, False])
async def test_an_engine_that_ends_without_a_place_left_is_started_again(
    tmp_path: Path, *, asked: bool
) -> None:
    """As a cluster does whose machines leave one by one, and its head last."""
    engine = SteppedEngine(name="cluster")
    async with house(tmp_path, engine) as home, home.at_work():
        if asked:
            await home.service.submit(wish(), ANN)
            engine.finish(await begun(engine))
        else:
            await started(engine, 1)
            await asyncio.sleep(0.05)  # it looks for work, in vain
        engine.capacity = 0
        engine.changed.set()
        await asyncio.sleep(0.05)  # what looked for work has no place now
        engine.ready = False
        engine.changed.set()
        await started(engine, 2)
        engine.capacity = 1
        engine.changed.set()
        await home.service.submit(wish(), BEN)
        await begun(engine)


async def started(engine: SteppedEngine, times: int) -> None:
    async with asyncio.timeout(30):
        while engine.starts < times:  # noqa: ASYNC110 (a start has no event)
            await asyncio.sleep(0.001)
