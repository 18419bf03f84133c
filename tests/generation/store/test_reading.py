"""Whoever looks waits for nobody who writes, and old rows keep only what the counts need."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from generation.errors import JobNotFound
from generation.jobs import JobStatus
from generation.store.database import Database, Unwritable
from generation.store.history import JobsPage
from generation.store.statements import delivery, jobs
from tests.fakes.disk.trouble import locked
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, House, house, wish


async def test_reads_are_answered_while_another_program_holds_the_write_lock(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await home.service.submit(wish(), ANN)
        with locked(tmp_path / "photoplay.db"):
            writing = asyncio.create_task(home.queue.cancel(ticket.job_id))
            await asyncio.sleep(0.05)
            async with asyncio.timeout(1):  # the write waits three seconds for the lock
                assert (await home.service.view(ticket.job_id)).job.status is JobStatus.QUEUED
                assert len(await home.service.videos(ANN)) == 1
            assert not writing.done()
        await writing


async def test_however_many_wait_for_another_programs_lock_each_is_told_in_time(
    tmp_path: Path,
) -> None:
    database = await Database.open(tmp_path / "photoplay.db", busy_timeout=0.25)
    change = "UPDATE queue_state SET mode = 'paused'"
    with locked(tmp_path / "photoplay.db"):
        began = time.monotonic()
        told = await asyncio.gather(
            *(database.rows(change) for _ in range(12)), return_exceptions=True
        )
        assert time.monotonic() - began < 1.5  # and not one after another
    assert {str(one) for one in told} == {"another program holds its database"}
    await asyncio.gather(*(database.rows(change) for _ in range(12)))
    [row] = await database.rows("SELECT mode FROM queue_state")
    assert row["mode"] == "paused"
    await database.close()


async def test_what_was_written_is_read_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        for number in range(20):
            ticket = await home.service.submit(wish(), ANN)
            assert (await home.service.view(ticket.job_id)).job.id == ticket.job_id
            assert len(await home.service.videos(ANN)) == number + 1


async def test_the_reader_changes_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        with pytest.raises(Unwritable, match="read-only"):
            await home.database.read("DELETE FROM jobs")


async def test_a_list_of_a_hundred_is_made_in_thirty_milliseconds(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        for _ in range(150):
            await home.service.submit(wish(), ANN)
        taken = [await seconds_of_a_list(home) for _ in range(5)]
    assert min(taken) < 0.03


async def seconds_of_a_list(home: House) -> float:
    """Of the processor: how long it has to wait for one says nothing about the program."""
    began = time.process_time()
    assert len(await home.service.videos(ANN, JobsPage(limit=100))) == 100
    return time.process_time() - began


async def test_old_rows_keep_their_place_in_the_counts_and_nothing_else(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish("a private thing"), ANN)
        engine.finish(await engine.begun.get())
        async for _ in home.service.watch(ticket.job_id):
            pass
        began = home.clock()
        home.clock.pass_(366 * 86400)
        fresh = await home.service.submit(wish("a new thing"), ANN)
        assert await home.service.thin(before=began + 1) == 1
        assert await home.service.thin(before=began + 1) == 0
        with pytest.raises(JobNotFound):
            await home.service.view(ticket.job_id)
        assert (await home.service.view(fresh.job_id)).job.request.prompt == "a new thing"
        [row] = await home.database.rows("SELECT * FROM jobs WHERE id = :id", {"id": ticket.job_id})
        assert "private" not in str(tuple(row))
        assert (row["status"], row["cost"] > 0) == ("succeeded", True)


async def test_a_page_is_read_in_order_and_without_a_sort(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "photoplay.db")
    values = {"platform": "web", "user": "ann", "seq": 5, "limit": 20}
    for statement in (jobs.NEWEST_OF_USER, jobs.OLDEST_OF_USER):
        plan = await database.rows(f"EXPLAIN QUERY PLAN {statement}", values)
        assert [row["detail"] for row in plan] == [
            "SEARCH jobs USING INDEX jobs_pages (platform=? AND user=? AND "
            + ("seq<?)" if "seq <" in statement else "seq>?)")
        ]
    await database.close()


async def test_what_is_looked_for_every_second_reads_nobody_who_waits(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "photoplay.db")
    values = {"now": 0.0, "longest": 1.0, "platforms": '["web"]', "id": "video_a"}
    expected = {
        delivery.ENDED_PENDING: "INDEX jobs_undelivered (platform=? AND finished_at>?)",
        jobs.WAITING: "COVERING INDEX jobs_waiting",
        jobs.POSITION: "COVERING INDEX jobs_waiting (turn<?)",
    }
    for statement, step in expected.items():
        plan = await database.rows(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row["detail"].partition(" USING ")[2] for row in plan if "jobs" in row["detail"]]
        assert step in steps
        assert "" not in steps  # the whole table
    await database.close()
