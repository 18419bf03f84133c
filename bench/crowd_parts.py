"""A thousand people, ten thousand waiting, a hundred thousand rows of history, 200 who watch."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil

from bench.lag_parts import between, bound_ms, lag_at
from bench.report_parts import judged
from bench.watcher_parts import watchers
from generation.jobs import AnimationRequest, Clip, Requester
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits
from generation.store.rows import CLIP
from generation.workspace import Workspace
from tests.fakes.program.process import Program

PICTURE = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"
PEOPLE, WAITING, HISTORY, WATCHERS = 1000, 10_000, 100_000, 200
SECONDS = 20.0
"""For which requests are timed."""

READY_GOAL, MEMORY_GOAL = 3.0, 120.0
GET_GOAL, ACCEPT_GOAL, LAG_GOAL = 20.0, 250.0, 50.0
"""Milliseconds: p95, p95, p99."""

KEYS = {f"user{number}": f"a-key-of-user-number-{number:04}" for number in range(PEOPLE)}
SETTINGS = {
    "PHOTOPLAY_WEB__API_KEYS": json.dumps(KEYS),
    "PHOTOPLAY_LIMITS__QUEUED_PER_USER": "1000",
    "PHOTOPLAY_LIMITS__PER_HOUR": "100000",
    "PHOTOPLAY_LIMITS__PER_DAY": "100000",
    "PHOTOPLAY_LIMITS__QUEUE_SIZE": "100000",
}
WISH = AnimationRequest("the waves roll in " * 10, "photo.png", 64, 64, 9, 24, seed=7)
NUMBERS = "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < :count - 1)"
COPY = f"""
{NUMBERS} INSERT INTO jobs (id, platform, user, status, turn, created_at, engine, cost, request,
    notes, address, delivery)
SELECT 'video_w' || n, platform, 'user' || (n % :people), 'queued', turn + n / :people, created_at,
    engine, cost, request, notes, address, delivery FROM jobs, n WHERE jobs.id = :id
"""
PAST = f"""
{NUMBERS} INSERT INTO jobs (id, platform, user, status, turn, attempt, created_at, started_at,
    finished_at, engine, cost, render_seconds, request, clip, notes, delivery)
SELECT 'video_h' || n, platform, 'user' || (n % :people), 'succeeded', turn, 1,
    created_at - n * 50, created_at - n * 50 + 1, created_at - n * 50 + 5, engine, cost, 0.5,
    request, :clip, notes, 'none' FROM jobs, n WHERE jobs.id = :id
"""


async def fill(folder: Path) -> None:
    """What months of use would have left, and the queue of a bad day."""
    workspace = Workspace(folder, keep_inputs=86400, keep_clips=86400)
    workspace.create()
    workspace.input(WISH.image).write_bytes(PICTURE.read_bytes())
    database = await Database.open(folder / "photoplay.db")
    queue = JobQueue(database, pseudonyms=Pseudonyms(b"the benchmark's secret"))
    unlimited = Limits(None, None, None, queue_size=WAITING)
    put = await queue.put(WISH, Requester("web", "user0"), unlimited)
    await database.close()
    clip = Clip(workspace.clip("video_h"), 64, 64, 9, 24, 7, 4000)
    values = {"id": put.job_id, "people": PEOPLE, "clip": CLIP.dump_json(clip).decode()}
    with closing(sqlite3.connect(folder / "photoplay.db")) as connection, connection:
        connection.execute(PAST, values | {"count": HISTORY})
        connection.execute(COPY, values | {"count": WAITING - 1})


def somebody() -> dict[str, str]:
    return {"Authorization": f"Bearer {random.choice(list(KEYS.values()))}"}


def who_watch() -> list[tuple[str, str]]:
    """Key and video of each; they wait near the end of the queue."""
    last = WAITING - PEOPLE
    return [(KEYS[f"user{one}"], f"video_w{last + one}") for one in range(WATCHERS)]


async def timed(step: Callable[[], Awaitable[httpx.Response]]) -> float:
    began = time.perf_counter()
    answer = await step()
    answer.raise_for_status()
    return (time.perf_counter() - began) * 1000


async def ask(http: httpx.AsyncClient, picture: bytes) -> httpx.Response:
    return await http.post(
        "/v1/videos",
        data={"num_frames": "9", "size": "64x64"},
        files={"input_reference": ("p.png", picture)},
        headers=somebody(),
    )


@dataclass
class Answers:
    """Milliseconds as one client saw them, which has one request at a time and never two.

    `health` costs the program next to nothing: what the client, the wire and the machine take.
    """

    health: list[float] = field(default_factory=list)
    videos: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    accepted: list[float] = field(default_factory=list)

    def told(self) -> str:
        medians = {name: f"{median(times):.1f}" for name, times in vars(self).items()}
        return (
            f"one request at a time, median: /healthz {medians['health']} ms, a waiting video "
            f"{medians['videos']} ms, a page of 20 {medians['pages']} ms, an upload "
            f"{medians['accepted']} ms"
        )


async def requests(url: str) -> Answers:
    """Health, a waiting video, a page of videos, and another request; then a tenth of a second."""
    answers, content = Answers(), PICTURE.read_bytes()
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        due = time.perf_counter() + SECONDS
        while time.perf_counter() < due:
            user = random.randrange(PEOPLE)
            number = WAITING - 2 * PEOPLE + user
            headers = {"Authorization": f"Bearer {KEYS[f'user{user}']}"}
            get = partial(http.get, headers=headers)
            answers.health.append(await timed(partial(get, "/healthz")))
            answers.videos.append(await timed(partial(get, f"/v1/videos/video_w{number}")))
            answers.pages.append(await timed(partial(get, "/v1/videos?limit=20")))
            answers.accepted.append(await timed(lambda: ask(http, content)))
            await asyncio.sleep(0.1)
    return answers


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def goal(name: str, found: float, most: float, unit: str) -> None:
    print(judged(f"{name} under {most:g} {unit}", f"{found:.3g} {unit}", met=found < most))


async def report_crowd() -> None:
    random.seed(7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        await fill(folder)
        began = time.perf_counter()
        program = Program(folder, settings=SETTINGS)
        await asyncio.to_thread(program.start)
        ready = time.perf_counter() - began
        try:
            async with watchers(program.url, who_watch()):
                before = await asyncio.to_thread(lag_at, program.url)
                answers = await requests(program.url)
                after = await asyncio.to_thread(lag_at, program.url)
                process = psutil.Process(program.pid)
                memory, busy = process.memory_info().rss / 1e6, process.cpu_times().user
                print(f"{len(answers.accepted)} rounds of {answers.told()}")
                print(f"the program used {busy:.1f} s of processor, of {SECONDS:.0f} and the start")
        finally:
            await asyncio.to_thread(program.kill)
    goal("ready", ready, READY_GOAL, "s")
    goal("memory", memory, MEMORY_GOAL, "MB")
    goal("GET p95", p95(answers.videos + answers.pages), GET_GOAL, "ms")
    goal("accept p95", p95(answers.accepted), ACCEPT_GOAL, "ms")
    goal("loop lag p99", bound_ms(between(before, after), 0.99), LAG_GOAL, "ms")
