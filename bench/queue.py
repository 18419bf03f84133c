"""How long put, claim and position take with 1, 100 and 10,000 jobs waiting, beside one fsync.

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
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from generation.jobs import AnimationRequest, Requester
from generation.store.claims import Claimant
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits

ROUNDS = 60
SIZES = (1, 100, 10_000)
LIMITS = Limits(queued_per_user=50, per_hour=10_000, per_day=10_000, queue_size=100_000)
WISH = AnimationRequest("the waves roll in " * 20, "photo.png", 704, 480, 161, 24, seed=7)


async def timed(action: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await action()
    return (time.perf_counter() - began) * 1000


def somebody() -> Requester:
    return Requester("web", f"user-{random.randrange(1000)}")


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


async def measure(folder: Path, waiting: int) -> dict[str, float]:
    """Medians in ms with about `waiting` jobs in line; each round leaves it as long as it was."""
    database = await Database.open(folder / f"queue-{waiting}.db")
    queue = JobQueue(database, pseudonyms=Pseudonyms(b"the benchmark's secret"))
    await database.rows("PRAGMA synchronous = OFF")
    unlimited = Limits(None, None, None, queue_size=100_000)
    for _ in range(waiting):
        await queue.put(WISH, somebody(), unlimited)
    await database.rows("PRAGMA synchronous = FULL")
    times: dict[str, list[float]] = {"put": [], "claim": [], "position": []}
    for _ in range(ROUNDS):
        times["put"].append(await timed(lambda: queue.put(WISH, somebody(), LIMITS)))
        line = await queue.waiting()
        some = random.choice(list(line))
        times["position"].append(await timed(lambda job=some: queue.position(job)))  # type: ignore[misc]
        times["claim"].append(await timed(lambda: queue.take(Claimant("camera", "camera"))))
        await database.rows(
            "UPDATE jobs SET status = 'failed', finished_at = 0 WHERE status = 'running'"
        )
    await database.close()
    return {name: median(values) for name, values in times.items()}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    random.seed(7)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        print(f"one fsync of 4 kB: {fsync_ms(folder):.2f} ms (median)")
        print(f"{'waiting':>8} {'put ms':>8} {'claim ms':>9} {'position ms':>12}")
        results = {}
        for waiting in SIZES:
            results[waiting] = found = await measure(folder, waiting)
            print(
                f"{waiting:>8} {found['put']:>8.2f} {found['claim']:>9.2f} "
                f"{found['position']:>12.2f}"
            )
        growth = results[SIZES[-1]]["claim"] / results[SIZES[0]]["claim"]
        print(f"claim with {SIZES[-1]:,} waiting takes {growth:.2f} times what it takes with 1")


if __name__ == "__main__":
    asyncio.run(main())
