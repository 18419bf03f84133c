"""One object owns the connections: every change has one place to wait, and no look waits."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import aiosqlite

from generation.errors import Misconfigured

Row = sqlite3.Row
Values = Mapping[str, Any]
Run = Callable[..., Awaitable[list[Row]]]
"""Runs a statement, with its values where it has any, inside a transaction."""

BUSY_TIMEOUT = 3.0
"""Seconds that a change waits for its turn and for another program's lock, both together."""

NOTICED = 0.05
"""Seconds in line after which a change waits the less for the other program."""

ERASE_TRIES, ERASE_PAUSES = 40, (0.005, 0.1)
"""How often the log is emptied while somebody reads it, and after how many seconds: we read it for
a moment ourselves, another program for longer."""


class InstanceLock:
    """Keeps a second process away from the same data folder; the kernel frees it at any death."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Raises `Misconfigured` while another process holds it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise Misconfigured(
                "Another photoplay is running on this data folder; stop it first, "
                "or give this one its own data_dir."
            ) from None
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Unwritable(Exception):
    """Nothing was read or changed, and it may be tried again; the text says why, for a person."""


class Database:
    """SQLite behind one lock: `rows` runs one statement, `transaction` several as one fact.

    What only looks goes through `reader`: it waits neither for our own changes nor for another
    program's, and sees everything that was committed before.
    """

    def __init__(
        self, connection: aiosqlite.Connection, folder: Path, busy_timeout: float = BUSY_TIMEOUT
    ) -> None:
        self.folder = folder
        """The data folder: what rows name lies in it."""
        self._connection = connection
        self._busy_timeout = self._patience = busy_timeout
        self._reader = connection
        self._lock = asyncio.Lock()
        self._reading = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path, *, busy_timeout: float = BUSY_TIMEOUT) -> Database:
        """Open or create the file and bring it to the newest schema.

        Raises `Misconfigured` where it cannot be used.
        """
        try:
            connection = await aiosqlite.connect(path, isolation_level=None)
            database = cls(connection, path.absolute().parent, busy_timeout)
        except sqlite3.Error:
            raise Misconfigured("The database in data_dir cannot be opened.") from None
        try:
            await database._prepare()
            database._reader = await _reader(path)
        except (sqlite3.Error, Unwritable) as error:
            await database.close()
            raise Misconfigured(f"The database in data_dir cannot be used: {error}.") from None
        except Misconfigured:
            await database.close()
            raise
        return database

    @classmethod
    async def open_read_only(cls, path: Path) -> Database:
        """Look into a file that no running instance owns; raises `Misconfigured` if it can't."""
        if not path.is_file():
            raise Misconfigured("There is no queue yet in this data_dir.")
        try:
            connection = await aiosqlite.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
        except sqlite3.Error:
            raise Misconfigured("The database in data_dir cannot be read.") from None
        connection.row_factory = Row
        return cls(connection, path.absolute().parent)

    async def _prepare(self) -> None:
        self._connection.row_factory = Row
        for pragma in (
            f"busy_timeout = {self._busy_timeout * 1000:.0f}",
            "journal_mode = WAL",
            "synchronous = FULL",  # an accepted job survives a power cut
            "foreign_keys = ON",
            "secure_delete = ON",  # what is taken back is overwritten, not only let go
        ):
            await self.rows(f"PRAGMA {pragma}")
        await self._migrate()

    async def _migrate(self) -> None:
        scripts = sorted(
            (
                entry
                for entry in resources.files("generation.store.migrations").iterdir()
                if entry.name.endswith(".sql")
            ),
            key=lambda entry: entry.name,
        )
        [row] = await self.rows("PRAGMA user_version")
        version: int = row[0]
        if version > len(scripts):
            raise Misconfigured(
                "The database was written by a newer photoplay; install that one or a later."
            )
        for number, script in enumerate(scripts[version:], start=version + 1):
            async with self.transaction() as run:
                for statement in _statements(script.read_text("utf-8")):
                    await run(statement)
                await run(f"PRAGMA user_version = {number}")

    async def rows(self, statement: str, values: Values | None = None) -> list[Row]:
        """Run one statement; every row is consumed, so a RETURNING has always taken full effect.

        Raises `Unwritable`.
        """
        if statement.lstrip().startswith("SELECT"):
            return await self.read(statement, values)
        async with self._turn():
            return await self._run(statement, values)

    async def read_in_turn(self, statement: str, values: Values | None = None) -> list[Row]:
        """Look after every change that was asked for before; raises `Unwritable`.

        For what is told to somebody who is told of changes too: an older look may not come later.
        """
        async with self._lock:
            return await self._run(statement, values)

    async def read(self, statement: str, values: Values | None = None) -> list[Row]:
        """Run a statement that only looks; it waits for no change. Raises `Unwritable`."""
        if self._reader is self._connection:
            async with self._lock:
                return await self._run(statement, values)
        async with self._reading:
            return await _fetched(self._reader, statement, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Run]:
        """Several statements as one fact; an exception inside takes all of them back.

        The caller shields it where it can be cancelled half-way. Raises `Unwritable`.
        """
        async with self._turn():
            try:
                await self._run("BEGIN IMMEDIATE")
                yield self._run
                await self._run("COMMIT")
            except BaseException:
                # no ROLLBACK of ours: SQLite may have rolled back by itself, and says no to another
                await self._connection.rollback()
                raise

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One change at a time; those in line behind one that waited in vain wait no longer."""
        now = asyncio.get_running_loop().time
        asked = now()
        async with self._lock:
            waited = now() - asked
            left = self._busy_timeout - (waited if waited > NOTICED else 0.0)
            await self._wait_for_others(max(left, 0.0))
            yield

    async def _wait_for_others(self, seconds: float) -> None:
        if seconds != self._patience:
            self._patience = seconds
            await self._run(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")

    async def erase(self) -> None:
        """What was taken back is still in the log beside the file: the log is emptied.

        Raises `Unwritable`.
        """
        soon, later = ERASE_PAUSES
        for times in range(ERASE_TRIES):
            [row] = await self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            if not row[0]:
                return
            await asyncio.sleep(min(soon * 2**times, later))
        raise Unwritable("another program holds its database")

    async def _run(self, statement: str, values: Values | None = None) -> list[Row]:
        return await _fetched(self._connection, statement, values)

    async def close(self) -> None:
        if self._reader is not self._connection:
            await self._reader.close()
        await self._connection.close()


async def _reader(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = Row
    await connection.execute("PRAGMA query_only = ON")
    return connection


async def _fetched(
    connection: aiosqlite.Connection, statement: str, values: Values | None
) -> list[Row]:
    try:
        return list(await connection.execute_fetchall(statement, values or {}))
    except sqlite3.DatabaseError as error:
        reason = _passing(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR))
        if reason is None:
            raise
        raise Unwritable(reason) from error


_FULL = "its disk is full"
_PASSING = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: _FULL,  # as it shows where it hits the log's index
    sqlite3.SQLITE_IOERR: "its disk reports errors",
    sqlite3.SQLITE_READONLY: "its database is read-only",
    sqlite3.SQLITE_CANTOPEN: "its database cannot be opened",
    sqlite3.SQLITE_BUSY: "another program holds its database",
    sqlite3.SQLITE_LOCKED: "another program holds its database",
    sqlite3.SQLITE_PROTOCOL: "another program holds its database",
    sqlite3.SQLITE_CORRUPT: "its database is damaged",
}
"""What the machine has to answer for, by code; the others are defects of our statements."""


def _passing(code: int) -> str | None:
    return _PASSING.get(code) or _PASSING.get(code & 0xFF)  # the low byte is the kind


def _statements(script: str) -> list[str]:
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
