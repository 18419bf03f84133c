"""How soon a person on Discord is answered, and has their clip, while fifty others watch theirs.

Usage: python bench/discord_front.py   (a Discord on loopback, over real HTTP and WebSocket, in the
same process: its own work counts as ours)
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles

import structlog

from bench.report_parts import judged, machine
from bot.delivery.narrator import Narrator
from generation.engine.protocol import Animation, Phase, Preview, Step
from generation.events import PhaseName
from tests.fakes.discord.double import Discord
from tests.fakes.discord.rest import discord_double
from tests.fakes.discord.server import Copies, Followed, front_of, parts_of
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import House, house

WATCHED, ROUNDS = 50, 40
STEPS = 1000
PACE = 0.2
"""Seconds between two steps of each of the others: a small model on a fast card."""

PICTURE = b"\x89PNG as far as anybody looks"
PREVIEW = b"\xff\xd8" + bytes(8000)
ACKNOWLEDGED, DELIVERED = 100.0, 300.0
"""Milliseconds: the goals."""


async def others(discord: Discord, engine: SteppedEngine) -> list[Animation]:
    """Fifty people, each in a channel of their own, whose clips are being made."""
    begun = []
    for number in range(WATCHED):
        place = str(7000 + number)
        await discord.animate(PICTURE, user=str(100 + number), place=place)
        begun.append(await engine.begun.get())
        engine.tell(begun[-1], Phase(PhaseName.STEP))
    return begun


async def keep_stepping(engine: SteppedEngine, animations: list[Animation]) -> None:
    for step in range(1, 100 * STEPS):
        for animation in animations:
            engine.tell(animation, Preview(PREVIEW), Step(step % STEPS, STEPS))
        await asyncio.sleep(PACE)


async def one(discord: Discord, engine: SteppedEngine) -> tuple[float, float]:
    """Milliseconds until the first answer, and from the file to the upload."""
    told = await discord.animate(PICTURE, user="55")
    animation = await engine.begun.get()
    await discord.until(lambda: told.answered is not None)
    await discord.until(lambda: discord.heard("PATCH", f"{told.token}/messages/@original"))
    loop = asyncio.get_running_loop()
    done = loop.time()
    engine.finish(animation)
    path = rf"{told.token}/messages/"

    def uploaded() -> list[float]:
        return [one.at for one in discord.heard("PATCH", path) if "photoplay.mp4" in one.files]

    await discord.until(uploaded)
    assert told.answered is not None
    times = (told.answered - told.at) * 1000, (uploaded()[0] - done) * 1000
    discord.requests.clear()
    return times


async def measured(folder: Path) -> tuple[list[float], list[float], int]:
    engine = SteppedEngine(capacity=WATCHED + 1)
    async with discord_double() as discord, house(folder, engine) as home:
        home.clock.now = time.time()
        async with serving(discord, home, folder):
            animations = await others(discord, engine)
            stepping = asyncio.create_task(keep_stepping(engine, animations))
            await asyncio.sleep(3)
            edits = len(discord.heard("PATCH", "/messages/"))
            pairs = [await one(discord, engine) for _ in range(ROUNDS)]
            stepping.cancel()
    return [ack for ack, _ in pairs], [handed for _, handed in pairs], edits


@asynccontextmanager
async def serving(discord: Discord, home: House, folder: Path) -> AsyncGenerator[None]:
    followed = Followed()
    api_url = f"{discord.url}/api/v10"
    parts = parts_of(home, Copies(folder))
    front = front_of(home, parts, followed, api_url=api_url, shards=None)
    transports = {"discord": front.transport}
    narrator = followed.narrator = Narrator(home.service, home.deliveries, transports)
    async with home.at_work():
        await front.log_in()
        tasks = [asyncio.create_task(front.run()), asyncio.create_task(narrator.run())]
        await discord.until(front.client.is_ready)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def report(name: str, times: list[float], goal: float) -> None:
    found = f"median {median(times):.0f} ms, p95 {quantiles(times, n=20)[-1]:.0f} ms"
    print(judged(f"{name} within {goal:.0f} ms", found, met=median(times) <= goal))


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("discord").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        acknowledged, handed, edits = asyncio.run(measured(Path(folder)))
    print(machine())
    print(
        f"{WATCHED} clips with {1 / PACE:.0f} steps and previews a second each; "
        f"{edits} edits of status messages in the three seconds before"
    )
    report("acknowledged after the event", acknowledged, ACKNOWLEDGED)
    report("clip uploaded after its file exists", handed, DELIVERED)


if __name__ == "__main__":
    main()
