"""A disk that fills up: nothing new is taken, nothing taken is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from generation.errors import QueueFull
from generation.events import Succeeded
from generation.jobs import JobStatus
from generation.notes import Note
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, Disk, House, house, wish
from tests.generation.dispatch.test_service import until_ended


async def test_a_nearly_full_disk_refuses_and_keeps_no_picture(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine(), disk=Disk(1000)) as home:
        picture = home.workspace.input("photo.png")
        picture.write_bytes(b"png")
        with pytest.raises(QueueFull, match="disk"):
            await home.service.submit(wish(), ANN)
        assert not picture.exists()


async def test_a_full_disk_refuses_new_requests_and_delays_outcomes_without_losing_them(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish("x" * 1500), ANN)
        animation = await engine.begun.get()
        [(pages,)] = await home.database.rows("PRAGMA page_count")
        await home.database.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(QueueFull, match="unwritable"):
            await fill(home)
        engine.tell(animation, *(Note("plain", text="z" * 3000) for _ in range(3)))
        engine.finish(animation)
        await asyncio.sleep(0.05)
        assert (await home.service.view(ticket.job_id)).job.status is JobStatus.RUNNING
        await home.database.rows("PRAGMA max_page_count = 1000000")
        assert isinstance((await until_ended(home, ticket.job_id)).outcome, Succeeded)
        [(verdict_of_sqlite,)] = await home.database.rows("PRAGMA integrity_check")
        assert verdict_of_sqlite == "ok"


async def fill(home: House) -> None:
    for _ in range(50):
        await home.service.submit(wish("y" * 1900), BEN)
