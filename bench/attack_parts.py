"""What somebody else's upload takes beside each attack, and what memory the program has by then."""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

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

PICTURE = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"
HONEST_GOAL, MEMORY_GOAL = 3.0, 300.0
"""Seconds of an honest upload beside an attack; megabytes of the program."""

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


def honest_seconds(url: str) -> float:
    """Of one upload from its first byte to its answer; the request is cancelled afterwards."""
    content = PICTURE.read_bytes()
    headers = {"Authorization": f"Bearer {KEYS['ann']}"}
    with httpx.Client(base_url=url, headers=headers, timeout=300) as ann:
        began = time.perf_counter()
        answer = ann.post(
            "/v1/videos",
            data={"num_frames": "9", "size": "64x64"},
            files={"input_reference": ("p.png", content)},
        )
        took = time.perf_counter() - began
        answer.raise_for_status()
        ann.delete(f"/v1/videos/{answer.json()['id']}")
    return took


async def beside(attack: Coroutine[Any, Any, None], url: str) -> list[float]:
    """Honest uploads, one after another, for as long as the attack goes on."""
    attacking = asyncio.create_task(attack)
    await asyncio.sleep(0.2)
    times: list[float] = []
    while not (times and attacking.done()):
        times.append(await asyncio.to_thread(honest_seconds, url))
    await attacking
    return times


async def report_attacks() -> None:
    attacks: dict[str, Callable[[Besieged], Awaitable[None]]] = {
        "nobody": lambda _: asyncio.sleep(1),
        "60 files of 25 MB with one key": Besieged.files,
        "60 data URLs of 33 MB with one key": Besieged.urls,
        "60 bodies of 33 MB of brackets": Besieged.brackets,
        "10 pictures that take the decoder long": Besieged.pictures,
        "8 slow uploads": Besieged.slowly,
        "40 files of 19 MB of one Telegram user": Besieged.in_telegram,
        "10 files of 200 MB on Discord": Besieged.in_discord,
    }
    async with besieged() as at:
        for name, attack in attacks.items():
            times = await beside(attack(at), at.program.url)  # type: ignore[arg-type]
            worst, memory = max(times), peak(at.program)
            print(f"beside {name}: {len(times)} honest uploads")
            print(judged(f"under {HONEST_GOAL:.0f} s", f"{worst:.2f} s", met=worst < HONEST_GOAL))
            fine = memory < MEMORY_GOAL
            print(judged(f"under {MEMORY_GOAL:.0f} MB", f"{memory:.0f} MB (peak)", met=fine))
