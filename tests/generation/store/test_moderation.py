"""The operator's records: blocks end, strikes add up, everything leaves a line."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from generation.store.database import Database
from generation.store.moderation import DAY, ModerationRecords
from tests.fakes.program.core import Clock

KIM, GUILD = "chat:kim", "discord-guild:7"


@asynccontextmanager
async def records(folder: Path) -> AsyncGenerator[tuple[ModerationRecords, Clock]]:
    clock = Clock()
    database = await Database.open(folder / "photoplay.db")
    try:
        yield ModerationRecords(database, clock=clock), clock
    finally:
        await database.close()


async def test_a_block_holds_for_any_of_the_identities_until_it_ends(tmp_path: Path) -> None:
    async with records(tmp_path) as (kept, clock):
        await kept.block(GUILD, seconds=60.0, actor="chat:op")
        block = await kept.blocked([KIM, GUILD])
        assert block is not None
        assert block.identity == GUILD
        assert await kept.blocked([KIM]) is None
        clock.pass_(61.0)
        assert await kept.blocked([KIM, GUILD]) is None


async def test_a_block_for_good_outweighs_one_that_ends(tmp_path: Path) -> None:
    async with records(tmp_path) as (kept, _):
        await kept.block(KIM, seconds=None, actor="chat:op")
        await kept.block(GUILD, seconds=60.0, actor="chat:op")
        block = await kept.blocked([GUILD, KIM])
        assert block is not None
        assert block.until is None


async def test_unblocking_tells_whether_there_was_a_block(tmp_path: Path) -> None:
    async with records(tmp_path) as (kept, _):
        await kept.block(KIM, seconds=None, actor="chat:op")
        assert await kept.unblock(KIM, actor="chat:op")
        assert not await kept.unblock(KIM, actor="chat:op")
        assert await kept.blocked([KIM]) is None


async def test_every_block_strike_and_unblocking_leaves_a_line(tmp_path: Path) -> None:
    async with records(tmp_path) as (kept, _):
        await kept.block(KIM, seconds=None, actor="chat:op")
        await kept.unblock(KIM, actor="chat:op")
        await kept.unblock(KIM, actor="chat:op")
        await kept.strike(KIM, limit=1, seconds=60.0)
    with closing(sqlite3.connect(tmp_path / "photoplay.db")) as database:
        lines = database.execute("SELECT actor, action, subject FROM audit ORDER BY seq").fetchall()
    assert lines == [
        ("chat:op", "block", KIM),
        ("chat:op", "unblock", KIM),
        ("photoplay", "strike", KIM),
        ("photoplay", "block", KIM),
    ]


async def test_one_strike_too_many_within_a_day_blocks_and_clears_the_slate(tmp_path: Path) -> None:
    async with records(tmp_path) as (kept, clock):
        assert not await kept.strike(KIM, limit=3, seconds=60.0)
        clock.pass_(DAY + 1)
        for _ in range(2):
            assert not await kept.strike(KIM, limit=3, seconds=60.0)
        assert await kept.blocked([KIM]) is None
        assert await kept.strike(KIM, limit=3, seconds=60.0)
        assert await kept.blocked([KIM]) is not None
        assert not await kept.strike(KIM, limit=3, seconds=60.0)
