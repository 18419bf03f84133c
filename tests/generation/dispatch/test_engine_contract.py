"""What every kind of engine keeps: whatever happens, each job is accepted exactly once."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from generation.engine.process import EngineProcess
from generation.engine.protocol import Engine
from generation.events import Cancelled, Finished, PhaseName, Running, Succeeded
from generation.jobs import JobStatus, Requester
from generation.remote.client import Waits
from generation.remote.engine import RemoteEngine, Server
from tests.fakes.engine.pipelines import FAKE
from tests.fakes.program.core import House, house, wish
from tests.fakes.videos.server import videos_double
from tests.generation.media.clips import a_clip

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
HURRIED = Waits(connect=2, answer=10, silence=10, patience=0.2, first_poll=0.01, tidy=0.0)
BULKY = wish("bulky", frames=57, side=640)
SLOW = wish("slow", frames=41)
MEGABYTES_10 = 10 * 2**20

Kill = Callable[[], Awaitable[None]]


@asynccontextmanager
async def local(count: int) -> AsyncGenerator[tuple[list[Engine], Kill]]:
    children = [
        EngineProcess(
            [sys.executable, "-m", "tests.fakes.engine.pipelines", "steady"],
            name=f"cpu:{number}",
            capabilities=FAKE,
            deadlines=dict.fromkeys(PhaseName, 60.0),
            environment={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        )
        for number in range(count)
    ]

    async def kill() -> None:
        for child in children:
            if child.pid is not None:
                os.kill(child.pid, signal.SIGKILL)

    try:
        yield [*children], kill
    finally:
        for child in children:
            await child.close()


@asynccontextmanager
async def far(folder: Path) -> AsyncGenerator[tuple[list[Engine], Kill]]:
    clip = a_clip(folder / "far.mp4")
    room = MEGABYTES_10
    padded = clip + struct.pack(">I4s", room, b"free") + bytes(room - 8)
    async with videos_double("photoplay", padded) as server:
        engine = RemoteEngine(Server(server.url, capacity=2), waits=HURRIED)

        async def kill() -> None:
            await server.vanish()
            await asyncio.sleep(0.3)  # longer than its patience
            await server.appear()

        try:
            yield [engine], kill
        finally:
            await engine.close()


@pytest.fixture(params=["local", "two local", "videos"])
async def engines(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[tuple[list[Engine], Kill]]:
    if request.param == "videos":
        (tmp_path / "far").mkdir()
        async with far(tmp_path / "far") as found:
            yield found
    else:
        async with local(1 if request.param == "local" else 2) as found:
            yield found


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


async def test_each_job_is_accepted_exactly_once_whatever_happens(
    tmp_path: Path, engines: tuple[list[Engine], Kill]
) -> None:
    made, kill = engines
    people = [Requester("web", f"p{number}") for number in range(9)]
    async with house(tmp_path / "data", *made) as home:
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
