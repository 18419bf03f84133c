"""Variations on Discord: one message that shows whichever of them somebody picks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bot.platforms.discord.conversation import job_of, labels
from tests.fakes.discord.server import server

pytestmark = pytest.mark.slow


async def test_one_message_shows_the_variation_that_is_picked(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate(variations=2)
        await at.finish()
        clip = at.messages[-1]
        assert "Variation 1 of 2." in clip.content
        assert labels(clip)[0] == "#2"
        first = job_of(clip)
        reply = await at.member().click(clip, label="#2")
        assert "not finished yet" in reply.followups[-1].content
        second = await at.begun()
        await at.finish(second)
        before = len(at.messages)
        await at.member().click(clip, label="#2")
        shown = at.messages[-1]
        assert (len(at.messages), shown.id, job_of(shown)) == (before, clip.id, second.job)
        assert "Variation 2 of 2." in shown.content
        assert len(shown.attachments) == 1
        reply = await at.member("leo").click(shown, label="#1")
        assert reply.followups, "whose it is picks"
        await at.member().click(shown, label="#1")
        assert job_of(at.messages[-1]) == first


async def test_whoever_waited_for_the_others_is_told_alone(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        reply = await at.animate(variations=2)
        await at.finish()
        await at.pass_(20.0)
        await at.finish()
        async with asyncio.timeout(30):
            while not reply.followups:  # noqa: ASYNC110 (a message of Discord's)
                await asyncio.sleep(0.01)
        told = reply.followups[-1]
        assert told.content == "Ready to pick under the clip: #2."
        assert told.flags.ephemeral
