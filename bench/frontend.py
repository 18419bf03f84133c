"""What the bot's own process and its page cost: start, memory, a hundred watchers, bytes, uploads.

Usage: python bench/frontend.py
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import asyncio
import http.client
import math
import os
import platform
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import httpx
import psutil

from bench.lag_parts import Buckets, between, bound_ms, lag_at
from bench.page_parts import page_goals
from tests.fakes.program.process import Program

STARTS = 5
WATCHERS = 100
PICTURE = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"
LONG = {"prompt": "zoom in", "size": "1280x1280", "num_frames": "257"}
IDLE = 3.0
PING_EVERY = 0.02
SETTLED = 2.0
HURRIED = {"PHOTOPLAY_RUN__GRACE": "0"}
"""The end of a start that is only timed need not wait for a clip."""

READY_GOAL, MEMORY_GOAL, LAG_GOAL = 2.0, 130.0, 20.0
"""Seconds to ready, MB of RSS, ms of loop lag at p99."""


@dataclass(frozen=True)
class Memory:
    """MB."""

    rss: float
    uss: float
    children: dict[str, float]


@dataclass(frozen=True)
class Load:
    seconds: float
    connecting: Buckets
    lag: Buckets
    pings: list[float]
    events: Counter[str]
    complete: int


def start_seconds(folder: Path) -> tuple[float, float]:
    """From exec to the line that it is ready, and to both that and a 200 of /readyz."""
    began = time.perf_counter()
    with Program(folder, settings=HURRIED) as program:
        line = time.perf_counter() - began
        wait_until_ready(program.url)
        return line, time.perf_counter() - began


def wait_until_ready(url: str) -> None:
    with httpx.Client(base_url=url) as client:
        while client.get("/readyz").status_code != 200:
            time.sleep(0.005)


def memory_of(pid: int) -> Memory:
    process = psutil.Process(pid)
    own = process.memory_full_info()
    children = {}
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile, buried or not
            name = f"{child.pid} {' '.join(child.cmdline()[-2:])}"
            children[name] = child.memory_info().rss / 1e6
    return Memory(own.rss / 1e6, own.uss / 1e6, children)


class Pinger(threading.Thread):
    """Round trips of GET /healthz on one connection, in ms, until told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._netloc = urlsplit(url).netloc
        self._done = threading.Event()
        self.trips: list[float] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._netloc, timeout=30)
        while not self._done.wait(PING_EVERY):
            began = time.perf_counter()
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            self.trips.append((time.perf_counter() - began) * 1000)
        connection.close()

    def stop(self) -> list[float]:
        self._done.set()
        self.join()
        return self.trips


async def watch(url: str, video_id: str) -> Counter[str]:
    """How often each event came, over a bare socket: a client library would cost more than it."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    path = f"/v1/videos/{video_id}/events"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    seen: Counter[str] = Counter()
    while (line := await reader.readline()) not in (b"", b"0\r\n"):
        if line.startswith(b"event: "):
            seen[line.decode().split()[1]] += 1
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return seen


async def watch_all(url: str, video_id: str) -> tuple[Buckets, list[Counter[str]]]:
    """What the lag had been once all were connected, and what each was told."""
    async with asyncio.TaskGroup() as tasks:
        watching = [tasks.create_task(watch(url, video_id)) for _ in range(WATCHERS)]
        await asyncio.sleep(SETTLED)
        connected = await asyncio.to_thread(lag_at, url)
    return connected, [one.result() for one in watching]


def ask_for_clip(client: httpx.Client) -> str:
    files = {"input_reference": ("p.png", PICTURE.read_bytes())}
    answer = client.post("/v1/videos", data=LONG, files=files)
    answer.raise_for_status()
    return str(answer.json()["id"])


def under_load(url: str) -> Load:
    """A clip renders, one that everybody watches waits and then renders, one stays behind it."""
    with httpx.Client(base_url=url, timeout=60) as client:
        _, watched, last = (ask_for_clip(client) for _ in range(3))
        pinger = Pinger(url)
        before, began = lag_at(url), time.perf_counter()
        pinger.start()
        try:
            connected, told = asyncio.run(watch_all(url, watched))
        finally:
            trips = pinger.stop()
        seconds, after = time.perf_counter() - began, lag_at(url)
        client.post(f"/v1/videos/{last}/cancel")
    complete = sum(seen["completed"] == 1 and seen["failed"] == 0 for seen in told)
    lags = between(before, connected), between(connected, after)
    return Load(seconds, *lags, trips, sum(told, Counter()), complete)


def starts(folder: Path) -> float:
    """Seconds to ready, the median."""
    times = [start_seconds(folder / f"start-{index}") for index in range(STARTS)]
    line, ready = median(line for line, _ in times), median(ready for _, ready in times)
    each = ", ".join(f"{ready:.2f}" for _, ready in times)
    print(f"exec to ready: {ready:.2f} s (median of {each}); its line after {line:.2f} s")
    return ready


def resident(pid: int, when: str) -> Memory:
    memory = memory_of(pid)
    print(f"memory of the bot {when}: {memory.rss:.0f} MB RSS, {memory.uss:.0f} MB USS")
    for child, size in memory.children.items():
        print(f"  its child {child}: {size:.0f} MB RSS")
    return memory


def lags(buckets: Buckets) -> str:
    shares = (0.5, 0.95, 0.99)
    bounds = ", ".join(f"p{share * 100:.0f} ≤ {bound_ms(buckets, share):g} ms" for share in shares)
    return f"{bounds} ({buckets[math.inf]:.0f} observations)"


def loaded(url: str) -> Load:
    load = under_load(url)
    trips = quantiles(load.pings, n=100)
    print(f"{WATCHERS} watchers for {load.seconds:.1f} s, told {dict(load.events)}")
    print(f"event loop lag while they connect, all at once: {lags(load.connecting)}")
    print(f"event loop lag while they watch: {lags(load.lag)}")
    print(f"/healthz: p50 {trips[49]:.1f} ms, p99 {trips[98]:.1f} ms ({len(load.pings)} trips)")
    return load


def judge(
    ready: float, memory: Memory, load: Load, page: list[tuple[bool, str]], began: float
) -> None:
    """`began`: the machine's load average before anything here had begun."""
    lag = bound_ms(load.lag, 0.99)
    goals = (
        (ready < READY_GOAL, f"ready in {ready:.2f} s (under {READY_GOAL:g} s)"),
        (memory.rss < MEMORY_GOAL, f"{memory.rss:.0f} MB resident (under {MEMORY_GOAL:g} MB)"),
        (lag <= LAG_GOAL, f"loop lag p99 ≤ {lag:g} ms (at most {LAG_GOAL:g} ms)"),
        (load.complete == WATCHERS, f"{load.complete} of {WATCHERS} told once that it is done"),
        *page,
    )
    for met, text in goals:
        print(f"{'met   ' if met else 'MISSED'} {text}")
    cores = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(
        f"{cores}; load average {began:.1f} at the beginning, {os.getloadavg()[0]:.1f} at the end"
    )


def main() -> None:
    began = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ready = starts(folder)
        with Program(folder / "load", settings=HURRIED) as program:
            wait_until_ready(program.url)
            time.sleep(IDLE)
            memory = resident(program.pid, "without a job")
            load = loaded(program.url)
            resident(program.pid, "after the load")
            page = page_goals(
                program.url, lambda: psutil.Process(program.pid).memory_info().rss / 1e6
            )
    judge(ready, memory, load, page, began)


if __name__ == "__main__":
    main()
