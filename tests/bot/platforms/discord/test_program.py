"""The real program with a token: a photograph goes in, an MP4 comes out, also after a power cut."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from generation.media.probe import probe
from tests.fakes.discord.double import BOT, Discord
from tests.fakes.discord.rest import discord_double
from tests.fakes.discord.writing import write
from tests.fakes.program.process import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

TOKEN = "canary-canary-canary-canary-canary"


def program(folder: Path, discord: Discord) -> Program:
    api_url = f"{discord.url}/api/v10"
    settings = {"PHOTOPLAY_DISCORD__TOKEN": TOKEN, "PHOTOPLAY_DISCORD__API_URL": api_url}
    return Program(folder / "data", settings=settings)


def clips(discord: Discord) -> list[bytes]:
    files = [one["attachments"][0] for one in discord.shown() if one["attachments"]]
    return [discord.uploads[file["id"]] for file in files if file["filename"].endswith(".mp4")]


async def test_a_photograph_comes_back_as_a_clip(tmp_path: Path, photograph_bytes: bytes) -> None:
    async with discord_double() as discord:
        running = program(tmp_path, discord)
        await asyncio.to_thread(running.start)
        try:
            await discord.until(lambda: discord.gateway.identified)
            await discord.animate(photograph_bytes)
            await discord.until(lambda: clips(discord), seconds=60)
        finally:
            assert await asyncio.to_thread(running.stop) == 0
        clip = tmp_path / "clip.mp4"
        clip.write_bytes(clips(discord)[0])
        made = probe(clip)
        assert (made.width, made.height, made.frames) == (576, 576, 25)
        assert TOKEN not in running.log
        assert "token-" not in running.log
        with closing(sqlite3.connect(tmp_path / "data" / "photoplay.db")) as database:
            [row] = database.execute("SELECT delivery, address FROM jobs").fetchall()
        assert row[0] == "delivered"
        assert "token" not in row[1]


@pytest.mark.soak
async def test_a_power_cut_in_mid_clip_costs_nobody_their_place(
    tmp_path: Path, photograph_bytes: bytes
) -> None:
    async with discord_double() as discord:
        running = program(tmp_path, discord)
        await asyncio.to_thread(running.start)
        try:
            await discord.until(lambda: discord.gateway.identified)
            for number in range(3):
                await discord.animate(photograph_bytes, user=str(50 + number))
            shown: Any = lambda: len([one for one in discord.shown() if one["components"]]) == 3  # noqa: E731
            await discord.until(shown)
            await asyncio.to_thread(running.kill)
            await asyncio.to_thread(running.start)
            await discord.until(lambda: len(clips(discord)) == 3, seconds=60)
        finally:
            await asyncio.to_thread(running.stop)
        assert len([one for one in discord.shown() if one["attachments"]]) == 3


@pytest.mark.soak
async def test_a_picture_that_was_still_coming_when_the_program_died_is_fetched_again(
    tmp_path: Path, photograph_bytes: bytes
) -> None:
    async with discord_double() as discord:
        running = program(tmp_path, discord)
        await asyncio.to_thread(running.start)
        try:
            await discord.until(lambda: discord.gateway.identified)
            discord.cdn.clear()
            kept = await discord.animate(photograph_bytes, user="55")
            gone = discord.attach(photograph_bytes, "gone.png")
            lost = await discord.animate(b"", user="56", file=gone)
            written = discord.attach(photograph_bytes, "photo.png")
            await write(discord, f"<@{BOT}> the sea moves", written, who="57")
            guilty = await discord.animate(photograph_bytes, user="58")
            await discord.until(lambda: len(requests_kept(tmp_path)) == 4, seconds=30)
            await asyncio.to_thread(running.kill)
            with closing(sqlite3.connect(tmp_path / "data" / "photoplay.db")) as database, database:
                database.execute("UPDATE inbox SET tries = 3 WHERE user = '58'")
            del discord.uploads[gone["id"]]
            discord.cdn.set()
            await asyncio.to_thread(running.start)
            await discord.until(lambda: len(clips(discord)) == 2, seconds=60)
            told: Any = lambda: "could not fetch" in discord.messages[str(lost.original)]["content"]  # noqa: E731
            await discord.until(told, seconds=30)
            assert discord.messages[str(kept.original)]["attachments"]
            sorry: Any = discord.messages[str(guilty.original)]
            assert "something went wrong on my side" in sorry["content"]
            await discord.until(lambda: requests_kept(tmp_path) == [], seconds=30)
        finally:
            await asyncio.to_thread(running.stop)


def requests_kept(folder: Path) -> list[str]:
    """What waits on the disk for its picture."""
    with closing(sqlite3.connect(folder / "data" / "photoplay.db")) as database:
        rows = database.execute("SELECT content FROM inbox WHERE content IS NOT NULL")
        return [row[0] for row in rows.fetchall()]


async def test_a_wrong_token_stops_its_platform_loudly_and_no_other(tmp_path: Path) -> None:
    async with discord_double() as discord:
        discord.fail("GET", "/users/@me", 401)
        running = program(tmp_path, discord)
        await asyncio.to_thread(running.start)
        try:
            async with httpx.AsyncClient(base_url=running.url) as http:
                told = (await http.get("/readyz")).json()["stopped"]["discord"]
                [model] = (await http.get("/v1/models")).json()["data"]
        finally:
            assert await asyncio.to_thread(running.stop) == 0
        assert told.startswith("Discord does not take discord.token")
        assert told in model["notice"]
        assert "platform_stopped" in running.log
