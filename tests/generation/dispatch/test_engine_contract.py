"""The contract of all engines, kept by a process, by two, and by a server far away."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from generation.engine.process import EngineProcess
from generation.engine.protocol import Engine
from generation.events import PhaseName
from generation.remote.client import Waits
from generation.remote.engine import RemoteEngine, Server
from tests.fakes.engine.pipelines import FAKE
from tests.fakes.videos.server import videos_double
from tests.generation.dispatch.contract import MEGABYTES_10, Kill, keeps_the_contract
from tests.generation.media.clips import a_clip

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
HURRIED = Waits(connect=2, answer=10, silence=10, patience=0.2, first_poll=0.01, tidy=0.0)


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


async def test_each_job_is_accepted_exactly_once_whatever_happens(
    tmp_path: Path, engines: tuple[list[Engine], Kill]
) -> None:
    made, kill = engines
    await keeps_the_contract(tmp_path / "data", made, kill)
