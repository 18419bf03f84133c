"""The estimate people are told: silent without data, honest after five clips, absent in a pause."""

from __future__ import annotations

import random
from contextlib import aclosing
from pathlib import Path
from statistics import median

import pytest

from generation.events import PhaseName, Running, Waiting
from generation.store.state import Mode
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, Clock, House, house, wish
from tests.generation.dispatch.test_service import PREPARE, until_ended


async def test_the_estimate_is_absent_without_data_and_learned_within_five_jobs(
    tmp_path: Path,
) -> None:
    clock, engine = Clock(), SteppedEngine()
    chance = random.Random(7)
    errors = []
    async with house(tmp_path, engine, clock=clock) as home, home.at_work():
        for number in range(30):
            frames, side = chance.choice([9, 25, 97, 161]), chance.choice([64, 256, 480])
            request = wish(frames=frames, side=side)
            takes = (0.4 + request.cost * 2e-7) * chance.uniform(0.85, 1.15)
            ticket = await home.service.submit(request, ANN)
            if number == 0:
                assert ticket.eta_seconds is None
            if number >= 5 and ticket.eta_seconds is not None:
                errors.append(abs(ticket.eta_seconds - takes) / takes)
            animation = await engine.begun.get()
            engine.tell(animation, PREPARE)
            await until_running(home, ticket.job_id)
            clock.pass_(takes)
            engine.finish(animation)
            await until_ended(home, ticket.job_id)
        tickets = [await home.service.submit(wish(frames=97, side=256), ANN) for _ in range(3)]
        await home.queue.set_mode(Mode.PAUSED)
        waiting = (await home.service.view(tickets[2].job_id)).event
    together = 3 * (0.4 + wish(frames=97, side=256).cost * 2e-7)
    assert tickets[2].eta_seconds == pytest.approx(together, rel=0.25)
    assert isinstance(waiting, Waiting)
    assert waiting.eta_seconds is None
    assert len(errors) >= 20
    assert median(errors) < 0.25


async def until_running(home: House, job_id: str) -> None:
    async with aclosing(home.service.watch(job_id)) as events:
        async for event in events:
            if isinstance(event, Running) and event.phase is PhaseName.PREPARE:
                return
