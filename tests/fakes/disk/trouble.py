"""Disks that take no more and commits that fail: SQLite's own errors, not ones we invented."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import subprocess
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

SMALL = "1m"


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of a megabyte over this folder; False where this user may mount none."""
    mount = ("mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", str(folder))
    try:
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(("umount", "--lazy", str(folder)), check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """No byte is free on this folder's disk."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(512))
    except OSError:
        pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def no_growth(database: Path) -> Iterator[None]:
    """No file of this process may grow beyond the database's log: a quota that is used up."""
    size = database.with_name(f"{database.name}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def failing_commits(database: Path) -> Iterator[None]:
    """Every change of jobs and of the audit breaks a promise that SQLite checks at the commit."""
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(_BROKEN_PROMISE)
    try:
        yield
    finally:
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript("DROP TABLE promises; " + _TRIGGERS_OUT)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes and does not end."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


@asynccontextmanager
async def unreadable(database: Path) -> AsyncGenerator[None]:
    """Whoever looks for a job meets an error."""
    await _rename(database, "jobs", "jobs_elsewhere")
    try:
        yield
    finally:
        await _rename(database, "jobs_elsewhere", "jobs")


async def _rename(database: Path, table: str, other: str) -> None:
    """Whoever writes at the moment may need this very loop to come to an end."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as connection:
        async with asyncio.timeout(30):
            while not _begun(connection):  # noqa: ASYNC110 (a lock of another)
                await asyncio.sleep(0.001)
        connection.execute(f"ALTER TABLE {table} RENAME TO {other}")
        connection.execute("COMMIT")


def _begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


_BROKEN_PROMISE = """
CREATE TABLE promises (
    kept INTEGER REFERENCES jobs (seq) DEFERRABLE INITIALLY DEFERRED
);
CREATE TRIGGER break_with_job AFTER UPDATE ON jobs
    BEGIN INSERT INTO promises VALUES (-1); END;
CREATE TRIGGER break_with_audit AFTER INSERT ON audit
    BEGIN INSERT INTO promises VALUES (-1); END;
"""
_TRIGGERS_OUT = "DROP TRIGGER break_with_job; DROP TRIGGER break_with_audit;"
