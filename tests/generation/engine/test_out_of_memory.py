"""When memory has run out a fresh process goes on, and no other job pays for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from generation.engine.protocol import Done, Phase, WorkerLost
from generation.events import Failed, PhaseName
from tests.generation.engine.test_engine_process import all_reports, animation, engine

pytestmark = pytest.mark.slow


async def test_a_job_without_room_fails_with_its_reason_and_the_process_goes(
    tmp_path: Path,
) -> None:
    async with engine("out-of-room") as process:
        await process.start()
        [*_, outcome] = await all_reports(process, animation(tmp_path))
        assert outcome == Failed("out_of_memory", "length")
        async with asyncio.timeout(10):
            while process.ready:  # noqa: ASYNC110  (there is nothing to wait on from outside)
                await asyncio.sleep(0.01)


async def test_a_job_sent_to_a_process_that_is_leaving_is_not_blamed(tmp_path: Path) -> None:
    async with engine("out-of-room") as process:
        await process.start()
        first, second = await asyncio.gather(
            all_reports(process, animation(tmp_path)),
            all_reports(process, animation(tmp_path, "video_b")),
            return_exceptions=True,
        )
        assert isinstance(first, list)
        assert isinstance(first[-1], Failed)
        assert isinstance(second, WorkerLost)
        assert not second.guilty


async def test_the_clip_before_is_still_written_whole(tmp_path: Path) -> None:
    async with engine("second-is-too-large") as process:
        await process.start()
        reports = process.animate(animation(tmp_path, frames=257))
        async for report in reports:
            if report == Phase(PhaseName.ENCODE):
                break
        [*_, outcome] = await all_reports(process, animation(tmp_path, "video_b", frames=9))
        assert isinstance(outcome, Failed)
        assert isinstance([report async for report in reports][-1], Done)


@pytest.mark.parametrize("kind", ["no-memory", "no-memory-for-opencv"])
async def test_a_machine_without_memory_is_told_and_a_fresh_process_goes_on(
    kind: str, tmp_path: Path
) -> None:
    async with engine(kind) as process:
        await process.start()
        [*_, outcome] = await all_reports(process, animation(tmp_path))
        assert outcome == Failed("out_of_memory", "machine")
        async with asyncio.timeout(10):
            while process.ready:  # noqa: ASYNC110  (there is nothing to wait on from outside)
                await asyncio.sleep(0.01)
