"""A stream of events: kept alive through silence, ended at once when the program stops."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.language.catalogue import load_texts
from bot.platforms.web.sse import Streams
from generation.engine.protocol import Phase, Step
from generation.events import PhaseName
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, house, wish


async def test_a_silent_stream_says_that_it_is_still_here_and_then_goes_on(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        stream = Streams(home.service, quiet=0.02).job(ticket.job_id, load_texts().of("en"))
        animation = await engine.begun.get()
        heard = [await anext(stream) for _ in range(3)]
        assert b": still here\n\n" in heard
        engine.tell(animation, Phase(PhaseName.PREPARE), Step(1, 2))
        engine.finish(animation)
        rest = [chunk async for chunk in stream]
    assert rest[-1].startswith(b"event: completed\n")
    assert sum(chunk.startswith(b"event: completed") for chunk in rest) == 1


async def test_closing_ends_every_stream_at_once_with_restarting(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await home.service.submit(wish(), ANN)
        streams = Streams(home.service)
        listening = [asyncio.create_task(collect(streams, ticket.job_id)) for _ in range(3)]
        await asyncio.sleep(0.05)
        streams.close()
        async with asyncio.timeout(1):
            told = await asyncio.gather(*listening)
    assert [chunks[-1] for chunks in told] == [b"event: restarting\ndata: {}\n\n"] * 3


async def collect(streams: Streams, job_id: str) -> list[bytes]:
    return [chunk async for chunk in streams.job(job_id, load_texts().of("en"))]
