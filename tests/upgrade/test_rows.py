"""What stands in a database of version 0.1.0 is read as it was meant, and goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.narrator import Narrator
from bot.language.catalogue import load_texts
from bot.platforms.web.schema import video_object
from generation.events import Failed, Succeeded
from generation.jobs import JobStatus, Requester
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Quota
from tests.fakes.engine.stepped import STEPPED, SteppedEngine
from tests.fakes.program.core import NO_LIMITS, Clock, House, house
from tests.fakes.program.transport import RecordingTransport, until
from tests.upgrade.old import KEPT, copied, old

LEFT = {
    ("web", "queued"): 2,
    ("discord", "queued"): 1,
    ("telegram", "queued"): 1,
    ("web", "running"): 1,
    ("discord", "running"): 1,
    ("telegram", "running"): 1,
}
"""What it had not ended; of the web's, one that waits is a remix."""


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[tuple[House, SteppedEngine]]:
    engine = SteppedEngine()
    engine.capabilities = replace(STEPPED, engine="camera")
    copied(folder)
    async with house(folder, engine, clock=Clock(time.time())) as home:
        yield home, engine


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_everything_that_had_ended_is_shown_as_it_was_written(
    locale: str, tmp_path: Path
) -> None:
    said, catalogue = old().said, load_texts().of(locale)
    async with opened(tmp_path / "data") as (home, _):
        for job, was in said.items():
            shown = video_object(await home.service.view(job), catalogue, keep_clips=60.0)
            assert shown.notes == was["notes"]
            match was["status"]:
                case "succeeded":
                    assert shown.status == "completed"
                    assert home.workspace.clip(job).stat().st_size > 1000
                case "failed":
                    assert shown.error is not None
                    assert (shown.error.code, shown.error.message) == (was["code"], was["message"])
                case "cancelled":
                    assert shown.error is not None
                    assert shown.error.code == "cancelled"
                case other:
                    raise AssertionError(f"{job} had not ended: {other}")
    statuses = [was["status"] for was in said.values()]
    assert {one: statuses.count(one) for one in statuses} == {
        "succeeded": 6,
        "failed": 5,
        "cancelled": 3,
    }


async def test_what_waited_and_ran_is_made_in_its_order(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as (home, engine):
        rows = await home.database.rows(
            "SELECT platform, status, count(*) AS jobs FROM jobs "
            "WHERE status IN ('queued', 'running') GROUP BY platform, status"
        )
        assert {(row["platform"], row["status"]): row["jobs"] for row in rows} == LEFT
        active = await home.history.active()
        assert await home.queue.recover() == 3
        order = []
        async with home.at_work():
            for _ in active:
                animation = await engine.begun.get()
                assert animation.image.exists()
                assert animation.request.num_frames == 9
                order.append(animation.job)
                engine.finish(animation)
            for job in active:
                async for _ in home.service.watch(job.id):
                    pass
        assert order == [job.id for job in active]
        assert (await home.history.ended_since(0.0))[JobStatus.SUCCEEDED] == 7 + 7


async def test_everybody_who_was_owed_an_answer_gets_it_once(tmp_path: Path) -> None:
    transports = {name: RecordingTransport(name) for name in ("discord", "telegram")}
    async with opened(tmp_path / "data") as (home, engine):
        await home.queue.recover()
        owed = {job.id for job in await home.deliveries.pending(transports)}
        narrator = Narrator(home.service, home.deliveries, transports)
        telling = asyncio.create_task(narrator.run())
        async with home.at_work():
            for _ in range(7):
                engine.finish(await engine.begun.get())
            await until(lambda: sum(len(one.delivered) for one in transports.values()) == 8)
            await until(lambda: not narrator.followed)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        assert await home.deliveries.pending(transports) == []
    for transport in transports.values():
        outcomes = [outcome for _, outcome in transport.delivered]
        clips = [outcome.clip.path for outcome in outcomes if isinstance(outcome, Succeeded)]
        assert len(clips) == 3
        assert all((tmp_path / "data" / "clips" / clip.name).samefile(clip) for clip in clips)
        assert sum(isinstance(outcome, Failed) for outcome in outcomes) == 1
    assert {job for one in transports.values() for job, _ in one.delivered} == owed


async def test_the_operators_records_and_what_the_forgotten_had_used_stay(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as (home, _):
        block = await home.records.blocked(["telegram:64"])
        assert block is not None
        assert block.until is not None
        assert await home.records.strike("telegram:63", limit=3, seconds=60.0)
        pseudonyms = Pseudonyms((KEPT / "secret").read_bytes())
        quota = Quota(home.database, pseudonyms=pseudonyms, clock=home.clock)
        limits = replace(NO_LIMITS, per_hour=10)
        assert (await quota.usage(Requester("telegram", "62"), limits)).hour == 1
        [row] = await home.database.rows("SELECT * FROM jobs WHERE deleted_at IS NOT NULL")
        assert "garden" not in repr(tuple(row))


async def test_what_left_the_weather_to_the_words_still_does(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as (home, _):
        rows = await home.database.rows("SELECT request ->> '$.effect' AS effect FROM jobs")
    effects = [row["effect"] for row in rows]
    assert "none" not in effects
    assert "auto" in effects
