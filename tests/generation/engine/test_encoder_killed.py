"""An encoder killed beside a healthy engine: the job is tried again, nothing is reloaded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from generation.engine.protocol import Done, WorkerLost
from generation.events import Failed, Succeeded
from generation.media.probe import probe
from tests.fakes.program.core import ANN, house, wish
from tests.generation.dispatch.test_service import until_ended
from tests.generation.engine.test_engine_process import all_reports, animation, engine

pytestmark = pytest.mark.slow


async def test_a_killed_encoder_is_a_crash_of_the_job_and_the_engine_stays_warm(
    tmp_path: Path,
) -> None:
    async with engine("encoder-killed-once") as process:
        await process.start()
        pid, began = process.pid, time.monotonic()
        with pytest.raises(WorkerLost, match="ffmpeg ended with -9") as lost:
            await all_reports(process, animation(tmp_path, frames=33))
        assert lost.value.guilty
        assert time.monotonic() - began < 5
        assert (process.ready, process.pid) == (True, pid)
        again = animation(tmp_path, "video_b", attempt=2)
        assert isinstance((await all_reports(process, again))[-1], Done)
    assert not list(tmp_path.glob("video_a*"))


async def test_a_job_whose_encoder_was_killed_is_made_at_the_next_try(tmp_path: Path) -> None:
    async with engine("encoder-killed-once") as process, house(tmp_path, process) as home:
        async with home.at_work():
            ticket = await home.service.submit(wish(frames=33), ANN)
            outcome = (await until_ended(home, ticket.job_id)).outcome
        assert isinstance(outcome, Succeeded)
        assert probe(outcome.clip.path).frames == 33
        job = (await home.service.view(ticket.job_id)).job
        assert (job.attempt, job.crashes) == (2, 1)


async def test_a_job_whose_encoder_is_always_killed_fails_in_the_end(tmp_path: Path) -> None:
    async with engine("encoder-killed") as process, house(tmp_path, process) as home:
        async with home.at_work():
            ticket = await home.service.submit(wish(frames=33), ANN)
            outcome = (await until_ended(home, ticket.job_id)).outcome
        assert isinstance(outcome, Failed)
        assert outcome.code == "engine_crashed"
        assert (await home.service.view(ticket.job_id)).job.crashes == 3
