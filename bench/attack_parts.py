"""What somebody else's upload takes beside each attack, and what memory the program has by then."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from PIL import Image

from bench.connection_parts import CHUNKED, FILLING, GET, Stranger
from bench.honest_parts import honest
from bench.report_parts import judged
from tests.fakes.discord.double import Discord
from tests.fakes.discord.rest import discord_double
from tests.fakes.program.attackers import (
    BEGIN,
    FORM,
    KEYS,
    SETTINGS,
    brackets,
    large_files,
    large_urls,
    many,
    peak,
    slow_uploads,
)
from tests.fakes.program.process import Program
from tests.fakes.telegram.double import TOKEN, Telegram, telegram_double

HONEST_GOAL, HEALTH_GOAL, MEMORY_GOAL = 3.0, 200.0, 300.0
"""Seconds of an honest upload, milliseconds of /healthz, megabytes of the program."""

JSON = {"Content-Type": "application/json"}
HELD = 5.0
"""Seconds for which slow uploads are kept open."""


@dataclass
class Besieged:
    """The program with all its fronts, and the people who use them."""

    program: Program
    telegram: Telegram
    discord: Discord

    async def files(self) -> None:
        await many(self.program, large_files(60), FORM)

    async def urls(self) -> None:
        await many(self.program, large_urls(60), JSON)

    async def brackets(self) -> None:
        await many(self.program, brackets(60), JSON)

    async def pictures(self) -> None:
        """As many pixels and scans as are taken, which is the longest that a JPEG can do."""
        body = BEGIN + await asyncio.to_thread(long_picture) + b"\r\n--x--\r\n"
        await many(self.program, [body] * 10, FORM)

    async def pictures_of_two(self) -> None:
        """The same of two people, who would have both decoders to themselves."""
        body = BEGIN + await asyncio.to_thread(long_picture) + b"\r\n--x--\r\n"
        names = ("mallory", "trudy")
        await asyncio.gather(*(many(self.program, [body] * 5, FORM, name) for name in names))

    async def slowly(self) -> None:
        async with slow_uploads(self.program, 8):
            await asyncio.sleep(HELD)

    async def in_telegram(self) -> None:
        file = self.telegram.picture(bytes(19_000_000)) | {"mime_type": "image/png"}
        before = len(self.telegram.shown())
        for _ in range(40):
            await self.telegram.say(document=file, caption="/animate the sea")
        await self.telegram.until(lambda: len(self.telegram.shown()) >= before + 40, seconds=120)

    async def in_discord(self) -> None:
        """Files of 200 MB that Discord calls small, each asked for by another person."""
        file = self.discord.attach(bytes(200_000_000), "photo.png") | {"size": 1000}
        asked = [
            await self.discord.animate(b"", file=file, user=str(800 + number))
            for number in range(10)
        ]
        await self.discord.until(
            lambda: str(self.discord.shown()).count("25 MB") >= len(asked), seconds=120
        )


def long_picture() -> bytes:
    """64 megapixels of which every scan costs as much as the picture has blocks."""
    whole = io.BytesIO()
    Image.new("RGB", (8000, 8000), (90, 120, 150)).save(whole, "JPEG", progressive=True)
    data = whole.getvalue()
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * 50 + b"\xff\xd9"


@asynccontextmanager
async def besieged() -> AsyncGenerator[Besieged]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        telegram = await stack.enter_async_context(telegram_double())
        discord = await stack.enter_async_context(discord_double())
        settings = SETTINGS | {
            "PHOTOPLAY_TELEGRAM__TOKEN": TOKEN,
            "PHOTOPLAY_TELEGRAM__API_URL": telegram.url,
            "PHOTOPLAY_DISCORD__TOKEN": "a-token-for-the-double",
            "PHOTOPLAY_DISCORD__API_URL": f"{discord.url}/api/v10",
        }
        program = Program(folder / "data", settings=settings)
        await asyncio.to_thread(program.start)
        try:
            await discord.until(lambda: discord.gateway.identified, seconds=60)
            yield Besieged(program, telegram, discord)
        finally:
            await asyncio.to_thread(program.kill)


async def report(name: str, attack: Awaitable[None], program: Program) -> None:
    """Somebody honest uploads and looks for as long as the attack goes on, and once at least."""
    before = len(program.log)
    async with honest(program.url, KEYS["ann"]) as ann:
        await asyncio.sleep(0.5)
        await attack
    slowest, health, memory = max(ann.uploads), p95(ann.health), peak(program)
    told = program.log[before:].splitlines()
    written = len([line for line in told if '"event": "job_' not in line])
    print(f"beside {name}: {len(ann.uploads)} honest uploads; {written} lines of log not of jobs")
    print(judged(f"under {HONEST_GOAL:.0f} s", f"{slowest:.2f} s", met=slowest < HONEST_GOAL))
    fast = health < HEALTH_GOAL
    found = f"{health:.0f} ms (p95 of {len(ann.health)}; {1000 * max(ann.health):.0f} at most)"
    print(judged(f"/healthz under {HEALTH_GOAL:.0f} ms", found, met=fast))
    fine = memory < MEMORY_GOAL
    print(judged(f"under {MEMORY_GOAL:.0f} MB", f"{memory:.0f} MB (peak so far)", met=fine))


def p95(seconds: list[float]) -> float:
    """In milliseconds."""
    return 1000 * (quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0])


Attacks = dict[str, Callable[[], Awaitable[None]]]


def attacks(at: Besieged) -> Attacks:
    return {
        "nobody": lambda: asyncio.sleep(3),
        "60 files of 25 MB with one key": at.files,
        "60 data URLs of 33 MB with one key": at.urls,
        "60 bodies of 33 MB of brackets": at.brackets,
        "10 pictures that take the decoder long": at.pictures,
        "5 such pictures each of two people": at.pictures_of_two,
        "8 slow uploads": at.slowly,
        "40 files of 19 MB of one Telegram user": at.in_telegram,
        "10 files of 200 MB on Discord": at.in_discord,
    }


def attacks_without_a_key(stranger: Stranger) -> Attacks:
    requests = (GET + b"\r\n") * 1000
    return {
        "1,100 idle connections": lambda: stranger.idle(1100),
        "4 heads of 80 MB": lambda: stranger.large(GET + b"a: ", FILLING, 4),
        "4 requests with 80 MB after the body": lambda: stranger.large(CHUNKED, FILLING, 4),
        "4 times 80 MB of requests in a row": lambda: stranger.large(b"", requests, 4),
        "500 heads that trickle": lambda: stranger.slow_heads(500),
        "500 requests with two hosts": lambda: stranger.two_hosts(500),
        "a flood of connections": lambda: stranger.flood(50),
    }


async def report_attacks() -> None:
    async with besieged() as at:
        known, stranger = attacks(at), Stranger(at.program.url)
        for name, attack in (known | attacks_without_a_key(stranger)).items():
            await report(name, attack(), at.program)
