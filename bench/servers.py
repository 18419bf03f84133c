"""What a server far away adds to a local engine: seconds an event and a job, and memory.

Usage: python bench/servers.py [--jobs 8] [--seconds 3]

The server is a loopback one that makes nothing: what is measured is the way there and back. Four
of them share one queue at the end, each with simulated jobs of three seconds.
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where a name could hide a standard module

import argparse
import asyncio
import struct
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import psutil

from bench.report_parts import judged, machine
from generation.engine.protocol import Animation, Done, Step
from generation.jobs import Requester
from generation.remote.client import Waits
from generation.remote.engine import RemoteEngine, Server
from tests.fakes.program.core import House, house, wish
from tests.fakes.videos.server import VideosDouble, videos_double
from tests.generation.media.clips import a_clip

MEGABYTES_10 = 10 * 2**20
EVENTS = 200


@asynccontextmanager
async def server(clip: bytes, *, steps: int, pause: float) -> AsyncGenerator[VideosDouble]:
    async with videos_double("photoplay", clip) as double:
        double.steps, double.pause = steps, pause
        yield double


def animation(folder: Path, job: str) -> Animation:
    picture = folder / "photo.png"
    picture.write_bytes(b"a picture")
    files = picture, folder / f"{job}.mp4", folder / f"{job}.jpg"
    return Animation(job, 1, wish(), *files)


async def events(folder: Path, clip: bytes) -> list[float]:
    """Milliseconds from an event's writing to its report, for each of `EVENTS`."""
    async with server(clip, steps=EVENTS, pause=0.005) as double:
        engine = RemoteEngine(Server(double.url))
        await engine.start()
        async with aclosing(engine.animate(animation(folder, "events"))) as reports:
            heard = [
                (time.perf_counter() - double.told[report.index]) * 1000
                async for report in reports
                if isinstance(report, Step) and report.total == EVENTS
            ]
        await engine.close()
        return heard


async def jobs(folder: Path, clip: bytes, count: int) -> list[float]:
    """Milliseconds of a job that takes no time there, with 10 MB that come back."""
    padded = clip + struct.pack(">I4s", MEGABYTES_10, b"free") + bytes(MEGABYTES_10 - 8)
    async with server(padded, steps=1, pause=0.0) as double:
        engine = RemoteEngine(Server(double.url))
        await engine.start()
        took = []
        for number in range(count):
            began = time.perf_counter()
            async with aclosing(engine.animate(animation(folder, f"job-{number}"))) as reports:
                made = [report async for report in reports if isinstance(report, Done)]
            assert made[0].clip.size > MEGABYTES_10
            took.append((time.perf_counter() - began) * 1000)
        await engine.close()
        return took


def serve(clip: Path, told: Connection) -> None:
    """A server in a process of its own, so that its memory is not ours; until it is killed."""

    async def for_ever() -> None:
        padded = clip.read_bytes() + struct.pack(">I4s", MEGABYTES_10, b"free")
        async with server(padded + bytes(MEGABYTES_10 - 8), steps=1, pause=0.0) as double:
            told.send(double.url)
            await asyncio.sleep(3600)

    asyncio.run(for_ever())


async def memory(folder: Path, clip: Path, count: int) -> float:
    """MB by which this process grows over so many clips of 10 MB, after the first."""
    here, there = Pipe()
    child = get_context("spawn").Process(target=serve, args=(clip, there), daemon=True)
    child.start()
    try:
        engine = RemoteEngine(Server(await asyncio.to_thread(here.recv)))
        await engine.start()
        sizes = []
        for number in range(count + 1):
            async with aclosing(engine.animate(animation(folder, f"far-{number}"))) as reports:
                async for _ in reports:
                    pass
            sizes.append(psutil.Process().memory_info().rss / 2**20)
        await engine.close()
    finally:
        child.kill()
        child.join()
    return sizes[-1] - sizes[0]


async def together(folder: Path, clip: bytes, servers: int, count: int, seconds: float) -> float:
    """Seconds for so many jobs on so many servers that take `seconds` each."""
    async with AsyncExitStack() as stack:
        doubles = [
            await stack.enter_async_context(server(clip, steps=10, pause=seconds / 10))
            for _ in range(servers)
        ]
        engines = [RemoteEngine(Server(double.url), waits=Waits(tidy=0.0)) for double in doubles]
        home = await stack.enter_async_context(house(folder / f"of-{servers}", *engines))
        home.workspace.input("photo.png").write_bytes(b"a picture")
        asked = [
            (await home.service.submit(wish(), Requester("web", f"p{number}"))).job_id
            for number in range(count)
        ]
        async with home.at_work():
            while not home.workers.ready:  # noqa: ASYNC110 (a server is asked)
                await asyncio.sleep(0.01)
            began = time.perf_counter()
            await asyncio.gather(*(ended(home, job) for job in asked))
            took = time.perf_counter() - began
        for engine in engines:
            await engine.close()
        return took


async def ended(home: House, job_id: str) -> None:
    async for _ in home.service.watch(job_id):
        pass


async def measure(count: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = a_clip(folder / "far.mp4")
        grown = await memory(folder, folder / "far.mp4", 8)
        heard, took = await events(folder, clip), await jobs(folder, clip, 8)
        one = await together(folder, clip, 1, count, seconds)
        four = await together(folder, clip, 4, count, seconds)
    print(judged("an event p50 < 10 ms", f"{median(heard):.1f} ms", met=median(heard) < 10))
    found = f"{median(took):.0f} ms"
    print(judged("a job with 10 MB < 200 ms", found, met=median(took) < 200))
    print(judged("memory ± 10 MB", f"{grown:+.1f} MB", met=abs(grown) <= 10))
    found = f"{one / four:.2f} times ({one:.1f} s, {four:.1f} s for {count} jobs)"
    print(judged("4 engines do 3.6 times the jobs of one", found, met=one / four >= 3.6))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=8, help="for the four together")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a simulated job")
    asked = parser.parse_args()
    print(machine())
    asyncio.run(measure(asked.jobs, asked.seconds))


if __name__ == "__main__":
    main()
