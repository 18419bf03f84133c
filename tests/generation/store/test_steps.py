"""However long somebody's history is and whoever else waits, the queue's statements do the same."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from importlib import resources
from pathlib import Path

import pytest

from generation.jobs import AnimationRequest, Requester
from generation.store.claims import FOR_ALL, Claimant, Lane
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.pseudonym import Pseudonyms
from generation.store.put_values import limits_of, row_of, told_of
from generation.store.quota import Limits
from generation.store.statements import claim, jobs, variations

ANN = Requester("web", "ann")
WISH = AnimationRequest("the waves roll in", "photo.png", 704, 480, 161, 24, seed=7)
LIMITS = Limits(queued_per_user=50, per_hour=100, per_day=1000, queue_size=10_000)
UNLIMITED = Limits(None, None, None, queue_size=10_000)
OF_ANN = {"platform": "web", "user": "ann"}
MODEL = Lane("ltx", frozenset({"strength"}), frozenset({"camera"}))
CAMERA = Claimant("camera", "camera", frozenset({"loop"}), (frozenset({"strength"}),))

HISTORY = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
INSERT INTO jobs (id, platform, user, status, turn, attempt, created_at, started_at, finished_at,
                  engine, cost, request, delivery, made_on)
SELECT 'video_' || n, 'web', 'ann', 'succeeded', n, 1, n, n, n, 'camera', 1, :request, 'none',
       'camera'
FROM numbers
"""
VARIATION = json.dumps({"variation": {"number": 1, "count": 4, "first": "video_1"}})


@pytest.fixture
async def open_database(tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    database = await Database.open(tmp_path / "photoplay.db")
    await database.close()
    connection = sqlite3.connect(tmp_path / "photoplay.db", isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[JobQueue]:
    database = await Database.open(tmp_path / "photoplay.db")
    await database.rows("PRAGMA synchronous = OFF")
    yield JobQueue(database, pseudonyms=Pseudonyms(b"a secret"))
    await database.close()


def of_put(lane: Lane = FOR_ALL) -> dict[str, object]:
    asked = {**row_of(WISH, ANN, lane), **told_of(None, None, None)}
    return {**asked, **limits_of(LIMITS, "forgotten-ann", time.time())}


def steps(
    connection: sqlite3.Connection, statement: str, values: Mapping[str, object] | None = None
) -> int:
    """How many instructions of SQLite's machine it takes; what it changes is taken back."""
    count = 0

    def another() -> int:
        nonlocal count
        count += 1
        return 0

    connection.execute("BEGIN")
    connection.set_progress_handler(another, 1)
    connection.execute(statement, values or {}).fetchall()
    connection.set_progress_handler(None, 1)
    connection.execute("ROLLBACK")
    return count


def test_nobodys_history_is_looked_through(open_database: sqlite3.Connection) -> None:
    asked = {**OF_ANN, "first": "video_1", "id": "video_2"}
    windows = {"hour": 1e9, "day": 1e9, "soon": 2e9, "hour_back": 0, "day_back": 0}
    statements: dict[str, Mapping[str, object]] = {
        jobs.PUT: of_put(),
        claim.CLAIM: {"now": 1.0, **CAMERA.values()},
        jobs.USAGE: {**OF_ANN, "pseudonym": "forgotten-ann", **windows},
        jobs.COUNTS: {},
        jobs.ACTIVE: {"limit": 10, "skip": 0},
        jobs.ACTIVE_OF_USER: OF_ANN,
        jobs.ENDED_SINCE: {"moment": 1e9, "soon": 2e9},
        jobs.CLIPS_BY_ENGINE: {"moment": 1e9, "soon": 2e9},
        variations.OF: asked,
        variations.IN_FULL: asked,
    }
    taken = []
    for count in (10, 2000):
        open_database.execute("DELETE FROM jobs")
        open_database.execute(HISTORY, {"count": count, "request": VARIATION})
        open_database.execute(
            "UPDATE jobs SET asked_with = 'video_1' WHERE id IN ('video_1', 'video_2', 'video_3')"
        )
        taken.append([steps(open_database, one, values) for one, values in statements.items()])
    short, long = taken
    assert long == short


async def test_an_engine_passes_all_at_once_who_wait_for_another(
    queue: JobQueue, open_database: sqlite3.Connection
) -> None:
    values = {"now": 1.0, **CAMERA.values()}
    taken = []
    for count in (2, 100):
        for _ in range(count):
            await queue.put(WISH, ANN, UNLIMITED, lane=MODEL)
        taken.append(steps(open_database, claim.CLAIM, values))
        assert await queue.take(CAMERA) is None
    few, many = taken
    assert many <= few


async def test_each_engine_gets_the_first_in_order_that_it_can_make(queue: JobQueue) -> None:
    """Beside the plain reading of the rule: one after another, from the front."""
    chance = random.Random(7)
    features = ["loop", "strength", "keyframes"]
    engines = {"a": {"loop"}, "b": {"loop", "strength"}, "c": set()}
    needs: dict[str, set[str]] = {}
    for _ in range(60):
        needed = set(chance.sample(features, chance.choice([0, 0, 1, 2])))
        person = Requester("web", chance.choice(["ann", "bob", "eve"]))
        put = await queue.put(WISH, person, UNLIMITED, lane=Lane("", frozenset(needed)))
        needs[put.job_id] = needed
    while needs:
        name = chance.choice("abc")
        others = [engines[one] for one in "abc" if one != name]
        due = next(
            (
                job
                for job in await queue.waiting()
                if needs[job] <= engines[name] or not any(needs[job] <= one for one in others)
            ),
            None,
        )
        claimant = Claimant(
            name, "", frozenset(engines[name]), tuple(frozenset(one) for one in others)
        )
        job = await queue.take(claimant)
        assert (job and job.id) == due
        if job is not None:
            del needs[job.id]


async def test_variations_from_before_still_know_of_each_other(tmp_path: Path) -> None:
    scripts = sorted(
        (one for one in resources.files("generation.store.migrations").iterdir()),
        key=lambda one: one.name,
    )
    with sqlite3.connect(tmp_path / "photoplay.db") as old:
        old.execute("PRAGMA synchronous = OFF")
        for script in scripts:
            if script.name.endswith(".sql") and script.name < "019":
                old.executescript(script.read_text("utf-8"))
        old.execute("PRAGMA user_version = 18")
        old.execute(HISTORY, {"count": 2, "request": VARIATION})
    old.close()
    database = await Database.open(tmp_path / "photoplay.db")
    values = {"id": "video_2", "first": "video_1"}
    found = await database.rows(variations.OF, values)
    assert [row["id"] for row in found] == ["video_1", "video_2"]
    await database.close()
