"""Three failures of the hardware in a row stop the line, and say so."""

from __future__ import annotations

from pathlib import Path

from generation.events import Failed
from generation.store.job_queue import Mode
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, CAT, House, house, wish

NO_ROOM = Failed("out_of_memory", "length")


async def ends(one: House, engine: SteppedEngine, *outcomes: Failed | None) -> None:
    """Have a job made for each outcome; `None` is a clip."""
    for number, outcome in enumerate(outcomes):
        requester = (ANN, BEN, CAT)[number % 3]
        ticket = await one.service.submit(wish(), requester)
        animation = await engine.begun.get()
        if outcome is None:
            engine.finish(animation)
        else:
            engine.tell(animation, outcome)
        async for _ in one.service.watch(ticket.job_id):
            pass


async def test_three_hardware_failures_in_a_row_pause_the_queue_with_a_reason(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, NO_ROOM, NO_ROOM, NO_ROOM)
        assert await one.queue.mode() is Mode.PAUSED
        assert "3 jobs in a row" in str((await one.queue.state()).reason)


async def test_a_clip_in_between_begins_the_count_anew(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, NO_ROOM, NO_ROOM, None, NO_ROOM, NO_ROOM)
        assert await one.queue.mode() is Mode.OPEN


async def test_failures_that_are_not_the_hardwares_do_not_count(tmp_path: Path) -> None:
    engine = SteppedEngine()
    broken = Failed("generation_failed", "engine_defect")
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, broken, broken, broken, broken)
        assert await one.queue.mode() is Mode.OPEN


async def test_what_failed_costs_nobody_anything_and_what_waits_is_made_after_resume(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as one, one.at_work():
        await ends(one, engine, NO_ROOM, NO_ROOM, NO_ROOM)
        await one.service.submit(wish(), ANN)
        assert engine.begun.empty()
        await one.queue.set_mode(Mode.OPEN)
        animation = await engine.begun.get()
        engine.finish(animation)
        assert (await one.queue.state()).reason is None
