"""A data folder that was moved while a clip waited for its delivery: nobody's clip is lost."""

from __future__ import annotations

from pathlib import Path

from generation.events import Succeeded
from tests.bot.delivery.test_narrator import KIM, narrate, submitted
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import house
from tests.fakes.program.transport import RecordingTransport, until


async def test_a_data_folder_that_was_moved_still_has_its_clips(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "elsewhere" / "after"
    engine, transport = SteppedEngine(), RecordingTransport()
    async with house(before, engine) as home, home.at_work():
        ticket = await submitted(home)
        engine.finish(await engine.begun.get())
        async for _ in home.service.watch(ticket.job_id):
            pass
    after.parent.mkdir()
    before.rename(after)
    async with house(after, SteppedEngine()) as home, narrate(home, transport):
        await until(lambda: transport.delivered)
        [job] = await home.history.clips_of(KIM, most=10)
    [(_, outcome)] = transport.delivered
    assert isinstance(outcome, Succeeded)
    assert outcome.clip.path.read_bytes() == b"clip"
    assert job.clip == outcome.clip
