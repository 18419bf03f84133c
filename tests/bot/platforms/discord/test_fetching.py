"""Pictures on Discord's servers: larger than they are said to be, or never coming."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.platforms.discord.pictures import PATIENCE
from bot.submission.fetching import Patience
from tests.bot.platforms.discord.test_wire import PNG, wire
from tests.fakes.discord.double import CHANNEL
from tests.fakes.engine.stepped import STEPPED

pytestmark = pytest.mark.slow


async def test_a_file_that_is_larger_than_it_says_is_not_fetched_to_its_end(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        file = at.discord.attach(bytes(60_000_000), "photo.png")
        interaction = await at.discord.animate(PNG, file=file | {"size": 1000})
        await at.discord.until(lambda: "25 MB" in str(at.discord.shown(CHANNEL)))
        assert interaction.callback == {"type": 5}
        assert list(at.home.workspace.inputs.iterdir()) == []


async def test_a_picture_that_never_comes_is_told_in_half_a_minute(tmp_path: Path) -> None:
    assert PATIENCE.limit < 30
    hurried = Patience(limit=0.5, silence=0.2, pause=0.01)
    async with wire(tmp_path, patience=hurried) as at:
        at.engine.capabilities = replace(STEPPED, options=frozenset({"end_image"}))
        await at.discord.until(at.front.client.is_ready)
        await at.front.tidy()
        at.discord.cdn.clear()
        began = time.monotonic()
        end = at.discord.attach(PNG, "end.png")
        interaction = await at.discord.animate(PNG, end=end)
        await at.discord.until(lambda: "could not fetch" in str(at.discord.shown()))
        assert time.monotonic() - began < 10
        assert interaction.callback == {"type": 5}
        at.discord.cdn.set()


async def test_a_picture_of_which_its_first_byte_never_comes_is_told_and_costs_no_other(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        at.discord.cdn.clear()
        waiting = [await at.discord.animate(PNG, user="666") for _ in range(9)]
        await at.discord.until(lambda: all(one.callback for one in waiting))
        at.discord.cdn.set()
        await at.discord.animate(PNG, user="55")
        assert (await at.begun()).request.prompt == "the sea moves"
