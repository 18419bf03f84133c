"""Variations on Telegram: one message that shows whichever of them somebody picks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.platforms.telegram.test_button_handlers import pressed
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.telegram.chat import talk

pytestmark = pytest.mark.slow


async def test_one_message_shows_the_variation_that_is_picked(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate variations=2 seconds=1 seed=7 the sea moves")
        await at.finish()
        clip = await at.clip()
        assert "Variation 1 of 2." in clip["caption"]
        assert labels(clip)[0] == "#2"
        first = job_of(clip)
        assert "not finished yet" in str(await pressed(at, clip, "pick2"))
        second = await at.begun()
        await at.finish(second)
        await at.restart()
        assert await pressed(at, clip, "pick2") is None
        shown = await at.clip()
        assert (shown["message_id"], job_of(shown)) == (clip["message_id"], second.job)
        assert "Variation 2 of 2." in shown["caption"]
        assert await pressed(at, shown, "pick1") is None
        assert job_of(await at.clip()) == first


async def test_cancelling_ends_all_of_them(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate variations=4 seconds=1 the sea moves")
        await at.begun()
        await at.said()
        await pressed(at, at.telegram.shown()[-1], "cancel")
        await at.telegram.until(lambda: "Cancelled" in str(at.telegram.shown()[-1]))
        counts = await at.home.core.store.history.counts()
        assert (counts["queued"], counts["running"]) == (0, 0)
