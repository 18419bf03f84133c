"""What a Ray cluster adds to a local engine: seconds an event and a job, and memory.

Usage: python bench/cluster.py [--jobs 8] [--seconds 3]

The cluster is one of this machine, with cards that are only said to be there and an engine that
makes nothing: what is measured is the way there and back, all of it on these processors.
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where a name could hide a standard module

import argparse
import asyncio
import logging
import os
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
import structlog

from bench.cluster_parts import SIMULATED, SimulatedCards, photo, request_of
from bench.report_parts import judged, machine
from bot.runtime.cluster_choice import bridge_environment
from generation.cluster.engine import ClusterEngine
from generation.cluster.spec import LOCAL, CardSpec, ClusterSpec
from generation.engine.environment import engine_environment
from generation.engine.process import EngineProcess
from generation.engine.protocol import Animation, Done, Engine, Preview
from generation.events import PhaseName
from generation.jobs import AnimationRequest, Requester
from tests.fakes.program.core import House, house

MEGABYTES_10 = 10 * 2**20
EVENTS, CLIPS = 200, 9
PROGRAM = ("-P", "-m", "bench.cluster_parts")
DEADLINES = dict.fromkeys(PhaseName, 120.0)
PATIENCE = 120.0


@dataclass
class Way:
    """Milliseconds of each event and of each job with 10 MB; MB by which this process grew."""

    events: list[float]
    jobs: list[float]
    grown: float


@asynccontextmanager
async def near() -> AsyncGenerator[EngineProcess]:
    environment = engine_environment(os.environ)
    engine = EngineProcess(
        (sys.executable, *PROGRAM),
        capabilities=SIMULATED,
        deadlines=DEADLINES,
        environment=environment,
    )
    try:
        await engine.start()
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def cluster(cards: int) -> AsyncGenerator[ClusterEngine]:
    spec = ClusterSpec("cluster", LOCAL, CardSpec(PROGRAM, SIMULATED, DEADLINES), cards)
    engine = ClusterEngine(spec, bridge_environment(os.environ, "0123456789abcdef" * 4))
    try:
        await engine.start()
        async with asyncio.timeout(PATIENCE):
            while engine.capacity < cards:  # noqa: ASYNC110 (a card is said to the worker)
                await asyncio.sleep(0.05)
        yield engine
    finally:
        await engine.close()


async def way(engine: Engine, folder: Path) -> Way:
    await made(engine, folder, request_of(0.01, 1, 1000), "warm")
    events = await made(engine, folder, request_of(EVENTS * 0.01, EVENTS, 1000), "events")
    jobs, sizes = [], []
    for number in range(CLIPS):
        began = time.perf_counter()
        await made(engine, folder, request_of(0.0, 1, MEGABYTES_10), f"job-{number}")
        jobs.append((time.perf_counter() - began) * 1000)
        sizes.append(psutil.Process().memory_info().rss / 2**20)
    return Way(events, jobs, sizes[-1] - sizes[0])


async def made(engine: Engine, folder: Path, request: AnimationRequest, job: str) -> list[float]:
    """Milliseconds from the writing of each event to its report."""
    files = photo(folder), folder / f"{job}.mp4", folder / f"{job}.jpg"
    heard, done = [], False
    async with aclosing(engine.animate(Animation(job, 1, request, *files))) as reports:
        async for report in reports:
            if isinstance(report, Preview):
                heard.append((time.monotonic() - float(report.jpeg)) * 1000)
            done |= isinstance(report, Done)
    assert done, job
    return heard


async def together(engine: Engine, folder: Path, jobs: int, seconds: float) -> float:
    """Seconds for so many jobs through the real queue."""
    async with house(folder, engine) as home:
        photo(home.workspace.inputs)
        async with home.at_work():
            while not engine.ready:  # noqa: ASYNC110 (the worker starts it)
                await asyncio.sleep(0.01)
            began = time.perf_counter()
            await asyncio.gather(*(asked(home, number, seconds) for number in range(jobs)))
            return time.perf_counter() - began


async def asked(home: House, number: int, seconds: float) -> None:
    who = Requester("web", f"p{number}")
    ticket = await home.service.submit(request_of(seconds, 10, 1000), who)
    async for _ in home.service.watch(ticket.job_id):
        pass


async def measure(jobs: int, seconds: float, cards: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with near() as engine:
            here = await way(engine, folder)
        async with cluster(1) as engine:
            there = await way(engine, folder)
            say(here, there)
            one = await together(engine, folder / "one", jobs, seconds)
        async with cluster(4) as engine:
            four = await together(engine, folder / "four", jobs, seconds)
        count = cards * 10
        many = await together(SimulatedCards(cards), folder / "many", count, seconds)
    found = f"{one / four:.2f} times ({one:.1f} s, {four:.1f} s for {jobs} jobs)"
    print(judged("4 cards do 3.6 times the jobs of one", found, met=one / four >= 3.6))
    ideal = cards * 3600 / seconds
    print(
        f"{cards} simulated cards through the real queue on one bot: {count / many * 3600:,.0f} "
        f"clips an hour of {seconds:.0f} s each ({count / many * 3600 / ideal:.0%} of the ideal)"
    )


def say(here: Way, there: Way) -> None:
    event = median(there.events) - median(here.events)
    found = f"{event:.1f} ms ({median(there.events):.1f} against {median(here.events):.1f})"
    print(judged("added to an event p50 < 10 ms", found, met=event < 10))
    job = median(there.jobs) - median(here.jobs)
    found = f"{job:.0f} ms ({median(there.jobs):.0f} against {median(here.jobs):.0f})"
    print(judged("added to a job with 10 MB < 250 ms", found, met=job < 250))
    print(judged("memory ± 10 MB", f"{there.grown:+.1f} MB", met=abs(there.grown) <= 10))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=12, help="for the four together")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a simulated job")
    parser.add_argument("--cards", type=int, default=64, help="simulated, on one bot")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(machine(), flush=True)
    asyncio.run(measure(asked.jobs, asked.seconds, asked.cards))


if __name__ == "__main__":
    main()
