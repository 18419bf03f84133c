"""Films for the tests of this folder, and an engine's hand that makes their scenes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from generation.engine.protocol import Animation, Done
from generation.events import Failed, Finished
from generation.jobs import Clip, FilmRequest, JobStatus, NewScene, Ticket
from generation.media.joining.film import FilmStyle
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, House, wish

BROKEN = Failed("timed_out", "too_slow")


def film(scenes: int, *, goes_on: bool = True, style: FilmStyle | None = None) -> FilmRequest:
    """The first scene has a picture, each other one goes on from the one before it."""
    new = [
        NewScene(
            replace(wish(f"scene {place}"), image=f"picture-{place}.png"),
            goes_on=goes_on and place > 1,
        )
        for place in range(1, scenes + 1)
    ]
    return FilmRequest(tuple(new), style or FilmStyle())


async def put(home: House, scenes: int = 2, *, goes_on: bool = True) -> Ticket:
    return await home.service.submit_film(film(scenes, goes_on=goes_on), ANN)


async def made(engine: SteppedEngine, content: bytes, *, broken: bool = False) -> Animation:
    """The next animation, made to its end."""
    animation = await asyncio.wait_for(engine.begun.get(), 30)
    if broken:
        engine.tell(animation, BROKEN)
        return animation
    Path(animation.clip).write_bytes(content)
    engine.tell(animation, Done(Clip(Path(animation.clip), 64, 64, 9, 24, 7, len(content))))
    return animation


async def ended(home: House, job_id: str) -> Finished:
    async with asyncio.timeout(30), aclosing(home.service.watch(job_id)) as events:
        async for event in events:
            if isinstance(event, Finished):
                return event
    raise AssertionError("a stream ended without an end")


async def scenes_of(home: House, film_id: str) -> list[JobStatus]:
    return [view.job.status for view in (await home.service.view(film_id)).scenes]
