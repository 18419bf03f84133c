"""How long put, claim and position take with 1, 100 and 10,000 jobs waiting, beside one fsync.

Then with 100,000 that have ended as well; and how long an engine looks that can make none of them.

Usage: python bench/queue.py [--folder FOLDER]   (a folder on the disk that counts)
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where its name would hide the standard queue module

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from statistics import median
from typing import TypeVar

from generation.jobs import AnimationRequest, Requester
from generation.store.claims import FOR_ALL, Claimant, Lane
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits
from generation.store.rows import REQUEST

T = TypeVar("T")

ROUNDS = 60
SIZES = (1, 100, 10_000)
ENDED = 100_000
PEOPLE = 1000
LIMITS = Limits(queued_per_user=50, per_hour=10_000, per_day=10_000, queue_size=100_000)
UNLIMITED = Limits(None, None, None, queue_size=100_000)
WISH = AnimationRequest("the waves roll in " * 20, "photo.png", 704, 480, 161, 24, seed=7)

CAMERA, MODEL = frozenset({"loop"}), frozenset({"loop", "strength"})
ABLE = Claimant("ltx", "ltx", MODEL, (CAMERA,))
UNABLE = Claimant("camera", "camera", CAMERA, (MODEL,))

HISTORY = f"""
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :ended)
INSERT INTO jobs (id, platform, user, status, turn, attempt, created_at, started_at, finished_at,
                  engine, cost, request, delivery, made_on)
SELECT 'video_' || n, 'web', 'user-' || (n % {PEOPLE}), 'succeeded', 0, 1, n, n, n, 'ltx', 1e9,
       :request, 'none', 'ltx'
FROM numbers WHERE :ended
"""
SECRET = Pseudonyms(b"the benchmark's secret")
FAIL = "UPDATE jobs SET status = 'failed', finished_at = 0 WHERE status = 'running'"


async def timed(action: Awaitable[T]) -> tuple[float, T]:
    """How many ms it takes, and what comes of it."""
    began = time.perf_counter()
    found = await action
    return (time.perf_counter() - began) * 1000, found


def somebody() -> Requester:
    return Requester("web", f"user-{random.randrange(PEOPLE)}")


def fsync_ms(folder: Path) -> float:
    """The median time to append 4 kB to a file and have the disk confirm it."""
    times = []
    with (folder / "fsync.probe").open("wb") as file:
        for _ in range(ROUNDS):
            file.write(os.urandom(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return median(times)


async def filled(path: Path, waiting: int, ended: int, lane: Lane) -> tuple[Database, list[str]]:
    """A database with so many jobs, and the ids of those who wait."""
    database = await Database.open(path)
    queue = JobQueue(database, pseudonyms=SECRET)
    await database.rows("PRAGMA synchronous = OFF")
    values = {"ended": ended, "request": REQUEST.dump_json(WISH).decode()}
    await database.rows(HISTORY, values)
    ids = [(await queue.put(WISH, somebody(), UNLIMITED, lane=lane)).job_id for _ in range(waiting)]
    await database.rows("PRAGMA synchronous = FULL")
    return database, ids


async def measure(folder: Path, waiting: int, ended: int = 0) -> dict[str, float]:
    """Medians in ms with about `waiting` jobs in line; each round leaves it as long as it was."""
    path = folder / f"queue-{waiting}-{ended}.db"
    database, ids = await filled(path, waiting, ended, FOR_ALL)
    queue = JobQueue(database, pseudonyms=SECRET)
    times: dict[str, list[float]] = {"put": [], "claim": [], "position": []}
    for _ in range(ROUNDS):
        took, put = await timed(queue.put(WISH, somebody(), LIMITS))
        times["put"].append(took)
        ids.append(put.job_id)
        took, place = await timed(queue.position(random.choice(ids)))
        times["position"].append(took)
        took, job = await timed(queue.take(ABLE))
        times["claim"].append(took)
        assert place is not None
        assert job is not None
        ids.remove(job.id)
        await database.rows(FAIL)
    await database.close()
    return {name: median(values) for name, values in times.items()}


async def in_vain(folder: Path, waiting: int) -> float:
    """The median in ms of a claim by an engine that can make none of those who wait."""
    lane = Lane("ltx", frozenset({"strength"}), frozenset({"camera"}))
    database, _ = await filled(folder / f"vain-{waiting}.db", waiting, 0, lane)
    queue = JobQueue(database, pseudonyms=SECRET)
    times = [(await timed(queue.take(UNABLE)))[0] for _ in range(ROUNDS)]
    await database.close()
    return median(times)


def say(waiting: int, ended: int, found: dict[str, float]) -> None:
    print(
        f"{waiting:>8} {ended:>8} {found['put']:>8.2f} {found['claim']:>9.2f} "
        f"{found['position']:>12.2f}"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    random.seed(7)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        print(f"one fsync of 4 kB: {fsync_ms(folder):.2f} ms (median)")
        print(f"{'waiting':>8} {'ended':>8} {'put ms':>8} {'claim ms':>9} {'position ms':>12}")
        results = {}
        for waiting in SIZES:
            results[waiting] = await measure(folder, waiting)
            say(waiting, 0, results[waiting])
        most = SIZES[-1]
        say(most, ENDED, await measure(folder, most, ENDED))
        growth = results[most]["claim"] / results[SIZES[0]]["claim"]
        print(f"claim with {most:,} waiting takes {growth:.2f} times what it takes with 1")
        print(f"a claim in vain among {most:,} others: {await in_vain(folder, most):.2f} ms")


if __name__ == "__main__":
    asyncio.run(main())
