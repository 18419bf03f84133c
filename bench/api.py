"""What the HTTP API takes: accepting a picture, a status, a page of the list, two hundred streams.

Usage: python bench/api.py
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import httpx
import numpy as np
from PIL import Image

from bench.frontend import HURRIED, ask_for_clip, wait_until_ready
from bench.lag_parts import between, bound_ms, lag_at
from bench.report_parts import judged, machine
from generation.store.put_values import new_job_id
from tests.fakes.program.process import Program

VIDEOS, PAGE, WATCHERS = 1000, 100, 200
ROUNDS, ACCEPTED = 300, 20
SETTLED = 2.0
BETWEEN = 1.0
"""Seconds between two pictures: a decoder is good for one, and the next is loaded meanwhile."""
TINY = {"prompt": "zoom in", "size": "64x64", "num_frames": "9"}

SMALL_GOAL, LARGE_GOAL, STATUS_GOAL, LIST_GOAL, LAG_GOAL = 60.0, 250.0, 20.0, 30.0, 20.0
"""ms: accepting 200 kB and 5 MB, a status at p99, a page, the loop's lag at p99."""


def noise(side: int) -> bytes:
    """A PNG of about side² times three bytes: nothing in it can be packed."""
    pixels = np.random.default_rng(7).integers(0, 256, (side, side, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def timed(action: Callable[[], httpx.Response], rounds: int, pause: float = 0.0) -> list[float]:
    times = []
    for _ in range(rounds):
        time.sleep(pause)
        began = time.perf_counter()
        action().raise_for_status()
        times.append((time.perf_counter() - began) * 1000)
    return times


def prepared(folder: Path) -> str:
    """A data folder with so many finished videos and a paused queue; the id of one of them."""
    with Program(folder, settings=HURRIED) as program:
        wait_until_ready(program.url)
        with httpx.Client(base_url=program.url, timeout=60) as client:
            files = {"input_reference": ("p.png", noise(128))}
            made = client.post("/v1/videos", data=TINY, files=files).json()["id"]
            while client.get(f"/v1/videos/{made}").json()["status"] != "completed":
                time.sleep(0.05)
    with closing(sqlite3.connect(folder / "photoplay.db")) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(jobs)")]
        copied = ", ".join(name for name in names if name not in ("seq", "id"))
        statement = f"INSERT INTO jobs (id, {copied}) SELECT ?, {copied} FROM jobs WHERE id = ?"
        database.executemany(statement, [(new_job_id(), made) for _ in range(VIDEOS - 1)])
        database.execute("UPDATE queue_state SET mode = 'paused'")
        database.commit()
    return str(made)


def answering(folder: Path) -> list[str]:
    made, small, large = prepared(folder), noise(256), noise(1290)
    print(f"pictures of {len(small) / 1e3:.0f} kB and {len(large) / 1e6:.1f} MB; {VIDEOS} videos")
    with (
        Program(folder, settings=HURRIED) as program,
        httpx.Client(base_url=program.url, timeout=60) as client,
    ):
        wait_until_ready(program.url)

        def accepted(picture: bytes, pause: float = 0.0) -> float:
            files = {"input_reference": ("p.png", picture)}
            form = partial(client.post, "/v1/videos", data=TINY, files=files)
            return median(timed(form, ACCEPTED, pause)[1:])

        kept, heavy = accepted(small, BETWEEN), accepted(large, BETWEEN)
        in_a_row = accepted(small)
        status = quantiles(timed(lambda: client.get(f"/v1/videos/{made}"), ROUNDS), n=100)[98]
        page = median(timed(lambda: client.get(f"/v1/videos?limit={PAGE}"), ROUNDS // 5))
    return [
        f"{'':13}accepting 200 kB, one right after the other: {in_a_row:.0f} ms",
        judged("accepting 200 kB under 60 ms", f"{kept:.0f} ms", met=kept < SMALL_GOAL),
        judged("accepting 5 MB under 250 ms", f"{heavy:.0f} ms", met=heavy < LARGE_GOAL),
        judged("status p99 under 20 ms", f"{status:.1f} ms", met=status < STATUS_GOAL),
        judged(f"a page of {PAGE} under 30 ms", f"{page:.1f} ms", met=page < LIST_GOAL),
    ]


async def listen(url: str, done: asyncio.Event) -> int:
    """How many events one stream of everything brings, over a bare socket."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET /v1/events HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    heard = 0
    while not done.is_set():
        line = await reader.readline()
        heard += line.startswith(b"event: ")
        if line.startswith(b"event: completed"):
            done.set()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return heard


async def streams(url: str) -> tuple[int, float]:
    """Events in all, and the loop's lag at p99 in ms once all are connected."""
    done = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        listening = [tasks.create_task(listen(url, done)) for _ in range(WATCHERS)]
        await asyncio.sleep(SETTLED)
        connected = await asyncio.to_thread(lag_at, url)
        await done.wait()
    lag = between(connected, await asyncio.to_thread(lag_at, url))
    return sum(one.result() for one in listening), bound_ms(lag, 0.99)


def watched(folder: Path) -> list[str]:
    with Program(folder, settings=HURRIED) as program:
        wait_until_ready(program.url)
        with httpx.Client(base_url=program.url, timeout=60) as client:
            for _ in range(2):
                ask_for_clip(client)
            events, lag = asyncio.run(streams(program.url))
    print(f"{WATCHERS} streams of everything while a clip renders brought {events} events")
    return [
        judged(f"{WATCHERS} streams, lag p99 at most 20 ms", f"{lag:g} ms", met=lag <= LAG_GOAL)
    ]


def main() -> None:
    print(f"{machine()}, load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as name:
        lines = answering(Path(name) / "answering") + watched(Path(name) / "watched")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
