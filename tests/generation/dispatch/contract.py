"""What every kind of engine keeps: whatever happens, each job is accepted exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from generation.engine.protocol import Engine
from generation.events import Cancelled, Finished, Running, Succeeded
from generation.jobs import JobStatus, Requester
from tests.fakes.program.core import House, house, wish

BULKY = wish("bulky", frames=57, side=640)
SLOW = wish("slow", frames=41)
MEGABYTES_10 = 10 * 2**20

Kill = Callable[[], Awaitable[None]]


async def outcome(home: House, job_id: str) -> object:
    async with asyncio.timeout(120):
        event = [event async for event in home.service.watch(job_id)][-1]
    assert isinstance(event, Finished)
    return event.outcome


async def until_running(home: House, job_id: str) -> None:
    async with asyncio.timeout(120):
        async for event in home.service.watch(job_id):
            if isinstance(event, Running) and event.step:
                return


async def keeps_the_contract(folder: Path, engines: Sequence[Engine], kill: Kill) -> None:
    """`kill` ends whatever makes clips just then."""
    people = [Requester("web", f"p{number}") for number in range(9)]
    async with house(folder, *engines) as home:
        home.clock.now = 0.0
        home.workspace.input("photo.png").write_bytes(b"a picture")
        jobs = [(await home.service.submit(wish(), who)).job_id for who in people[:4]]
        bulky = (await home.service.submit(BULKY, people[4])).job_id
        async with home.at_work():
            for job in (*jobs, bulky):  # side by side, as far as there are places
                assert isinstance(await outcome(home, job), Succeeded), home.breaker.problem
            stopped = (await home.service.submit(SLOW, people[5])).job_id
            await until_running(home, stopped)
            await home.service.cancel(stopped)
            assert await outcome(home, stopped) == Cancelled()
            struck = (await home.service.submit(SLOW, people[6])).job_id
            await until_running(home, struck)
            await kill()
            home.clock.pass_(3600)
            assert isinstance(await outcome(home, struck), Succeeded)
            left = (await home.service.submit(SLOW, people[7])).job_id
            await until_running(home, left)
        assert (await home.service.view(left)).job.status is JobStatus.QUEUED
        async with home.at_work():
            assert isinstance(await outcome(home, left), Succeeded)
        ended = await home.history.ended_since(-1)
        counted = home.core.observers.metrics.outcomes.labels("succeeded")._value.get()
        size = (await home.service.view(bulky)).job.clip
    assert ended == {JobStatus.SUCCEEDED: 7, JobStatus.CANCELLED: 1}
    assert counted == 7
    assert size is not None
    assert size.size >= MEGABYTES_10
