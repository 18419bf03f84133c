"""Several statements are one fact also where the disk, the lock or the commit fails."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from generation.errors import Misconfigured, QueueFull
from generation.store.database import Database, Unwritable
from tests.fakes.disk.trouble import failing_commits, filled, locked, no_growth, small_disk
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, House, house, wish

KIM, LEO = "chat:kim", "chat:leo"
Doing = Callable[[House], Coroutine[Any, Any, object]]
Trouble = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder) as mounted:
        if not mounted:
            pytest.skip("no file system can be mounted here")
        yield folder


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Database]:
    database = await Database.open(folder / "photoplay.db")
    await database.rows("PRAGMA busy_timeout = 0")
    try:
        yield database
    finally:
        await database.close()


async def write(database: Database, text: str) -> None:
    async with database.transaction() as run:
        await run("INSERT INTO strikes VALUES (:text, 1)", {"text": text})
        await run("INSERT INTO strikes VALUES (:text, 2)", {"text": text})


async def write_half(database: Database) -> None:
    async with database.transaction() as run:
        await run("INSERT INTO strikes VALUES ('never', 1)")
        raise ZeroDivisionError


async def written(folder: Path) -> list[str]:
    """What another connection sees: a transaction left open would hide from it."""
    with closing(sqlite3.connect(folder / "photoplay.db")) as connection:
        return [str(row[0])[:5] for row in connection.execute("SELECT identity FROM strikes")]


async def test_a_transaction_that_cannot_commit_leaves_nothing_and_no_transaction(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as database:
        await database.rows("CREATE TABLE ones (one INTEGER PRIMARY KEY)")
        await database.rows(
            "CREATE TABLE twos (one REFERENCES ones (one) DEFERRABLE INITIALLY DEFERRED)"
        )
        with pytest.raises(sqlite3.IntegrityError):
            async with database.transaction() as run:
                await run("INSERT INTO twos VALUES (7)")
        assert await database.rows("SELECT * FROM twos") == []
        await write(database, "after")
        assert await written(tmp_path) == ["after", "after"]


async def test_a_disk_that_fills_up_at_the_commit_takes_everything_back(small: Path) -> None:
    async with opened(small) as database:
        await write(database, "first")
        with filled(small), pytest.raises(Unwritable, match="disk is full"):
            await write(database, "never" * 2000)
        await write(database, "after")
        assert await written(small) == ["first", "first", "after", "after"]


async def test_a_disk_that_reports_an_error_at_the_commit_takes_everything_back(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as database:
        await write(database, "first")
        with no_growth(tmp_path / "photoplay.db"), pytest.raises(Unwritable, match="errors"):
            await write(database, "never" * 2000)
        await write(database, "after")
        assert await written(tmp_path) == ["first", "first", "after", "after"]


async def test_what_sqlite_has_taken_back_by_itself_is_not_taken_back_twice(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as database:
        [(pages,)] = await database.rows("PRAGMA page_count")
        await database.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(Unwritable, match="disk is full"):
            await write(database, "never" * 9000)
        await database.rows("PRAGMA max_page_count = 1000000")
        await write(database, "after")
        assert await written(tmp_path) == ["after", "after"]


async def test_a_locked_database_is_said_and_waited_for(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        with locked(tmp_path / "photoplay.db"):
            with pytest.raises(Unwritable, match="another program"):
                await write(database, "never")
            with pytest.raises(Unwritable, match="another program"):
                await database.rows("DELETE FROM strikes")
        await write(database, "after")
        assert await written(tmp_path) == ["after", "after"]


async def test_who_is_cancelled_anywhere_leaves_no_transaction(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        for turns in range(12):
            writing = asyncio.create_task(write(database, "half"))
            for _ in range(turns):
                await asyncio.sleep(0.0002)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await write(database, "whole")
        texts = await written(tmp_path)
        assert texts.count("whole") == 24
        assert texts.count("half") % 2 == 0


async def test_an_error_of_the_callers_own_takes_everything_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        with pytest.raises(ZeroDivisionError):
            await write_half(database)
        await write(database, "after")
        assert await written(tmp_path) == ["after", "after"]


async def test_a_file_that_is_no_database_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "photoplay.db").write_bytes(b"these are my holidays" * 500)
    with pytest.raises(Misconfigured, match="not a database"):
        await Database.open(tmp_path / "photoplay.db")


async def test_a_database_that_others_hold_is_said_at_the_start(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    holder = sqlite3.connect(tmp_path / "photoplay.db", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("DELETE FROM strikes")
    try:
        with pytest.raises(Misconfigured, match="another program"):
            await Database.open(tmp_path / "photoplay.db", busy_timeout=0.05)
    finally:
        holder.close()


async def test_a_schema_that_finds_no_room_is_taken_back_and_made_at_the_next_start(
    small: Path,
) -> None:
    with filled(small), pytest.raises(Misconfigured, match="disk is full"):
        await Database.open(small / "photoplay.db")
    async with opened(small) as database:
        await write(database, "after")


async def block(home: House) -> None:
    await home.records.block(KIM, seconds=None, actor="chat:op")


async def unblock(home: House) -> None:
    await home.records.unblock(LEO, actor="chat:op")


async def strike(home: House) -> None:
    await home.records.strike(KIM, limit=1, seconds=60.0)


async def delete(home: House) -> None:
    [view] = await home.service.videos(ANN)
    await home.forgetting.delete([view.job.id])


async def forget(home: House) -> None:
    await home.forgetting.forget(ANN)


@contextmanager
def used_up(folder: Path) -> Iterator[None]:
    with no_growth(folder / "photoplay.db"):
        yield


@contextmanager
def uncommitted(folder: Path) -> Iterator[None]:
    with failing_commits(folder / "photoplay.db"):
        yield


@contextmanager
def held(folder: Path) -> Iterator[None]:
    with locked(folder / "photoplay.db"):
        yield


async def dump(home: House) -> list[tuple[Any, ...]]:
    tables = ("jobs", "blocks", "strikes", "audit")
    rows = [await home.database.rows(f"SELECT * FROM {table}") for table in tables]
    return [tuple(row) for table in rows for row in table]


@asynccontextmanager
async def with_a_history(folder: Path) -> AsyncGenerator[House]:
    """ANN has a clip, LEO is blocked; the database waits for no lock."""
    engine = SteppedEngine()
    async with house(folder, engine) as home:
        await home.database.rows("PRAGMA busy_timeout = 0")
        await home.records.block(LEO, seconds=None, actor="chat:op")
        async with home.at_work():
            ticket = await home.service.submit(wish(), ANN)
            engine.finish(await engine.begun.get())
            async for _ in home.service.watch(ticket.job_id):
                pass
        yield home


@pytest.mark.parametrize("doing", [block, unblock, strike, delete, forget])
@pytest.mark.parametrize("trouble", [used_up, uncommitted, held])
async def test_an_operators_and_a_persons_deed_is_done_whole_or_not_at_all(
    tmp_path: Path, doing: Doing, trouble: Trouble
) -> None:
    async with with_a_history(tmp_path) as home:
        before = await dump(home)
        with trouble(tmp_path), pytest.raises((Unwritable, sqlite3.IntegrityError)):
            await doing(home)
        assert await dump(home) == before
        await doing(home)
        assert await dump(home) != before


@pytest.mark.parametrize("doing", [block, unblock, strike, delete, forget])
async def test_a_full_disk_undoes_the_whole_deed(small: Path, doing: Doing) -> None:
    async with with_a_history(small) as home:
        before = await dump(home)
        with filled(small), pytest.raises(Unwritable, match="disk is full"):
            await doing(home)
        assert await dump(home) == before
        await doing(home)
        assert await dump(home) != before


async def test_who_asks_on_a_full_disk_is_told_and_can_ask_again(small: Path) -> None:
    async with with_a_history(small) as home:
        waiting = await home.service.submit(wish(), BEN)
        [made] = await home.service.videos(ANN)
        with filled(small):
            for asked in (
                home.service.delete(made.job.id),
                home.service.forget(ANN),
                home.service.cancel(waiting.job_id),
                home.service.submit(wish("y" * 1900), BEN),
            ):
                with pytest.raises(QueueFull, match="unwritable"):
                    await asked
        assert home.workspace.clip(made.job.id).exists()
        assert await home.service.forget(ANN) == 1
        assert not home.workspace.clip(made.job.id).exists()
        assert await home.service.cancel(waiting.job_id)
