"""Variations on Telegram: one message that shows whichever of them somebody picks."""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.events import Failed
from tests.bot.platforms.telegram.test_button_handlers import pressed
from tests.bot.platforms.telegram.test_story import job_of, labels
from tests.fakes.program.transport import settled
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


async def test_whoever_waited_for_the_others_is_told_once_of_the_last(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate variations=4 seconds=1 the sea moves")
        await at.finish()
        clip = await at.clip()
        for number in range(3):
            at.home.clock.pass_(20.0)
            animation = await at.begun()
            if number == 1:
                at.engine.tell(animation, Failed("generation_failed", "no_frames"))
            else:
                await at.finish(animation)
        await at.telegram.until(lambda: len(at.telegram.shown()) == 2)
        await settled()
        told = at.telegram.shown()[-1]
        assert told["text"] == "Ready to pick under the clip: #2 and #4."
        assert await pressed(at, clip, "pick4") is None


async def test_a_draft_in_full_takes_its_place_among_the_variations(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        await at.photo("/animate variations=2 draft=yes seconds=1 seed=7 the sea moves")
        for _ in range(2):
            await at.finish()
        clip = await at.clip()
        assert await pressed(at, clip, "pick2") is None
        shown = await at.clip()
        assert labels(shown)[:2] == ["Render in full", "#1"]
        assert await pressed(at, shown, "full") is None
        full = await at.begun()
        assert (full.request.seed, full.request.draft) == (8, None)
        await at.finish(full)
        await at.telegram.until(lambda: [job_of(one) for one in at.clips()] == [full.job])
        whole = await at.clip()
        assert "Variation 2 of 2." in whole["caption"]
        assert labels(whole)[0] == "#1"
        await pressed(at, whole, "recipe")
        recipe = str(at.telegram.shown()[-1]["text"])
        assert "It is a draft, rendered in full." in recipe
        assert await pressed(at, whole, "pick1") is None
        draft = await at.clip()
        assert labels(draft)[:2] == ["Render in full", "#2"]
        assert await pressed(at, draft, "pick2") is None
        assert job_of(await at.clip()) == full.job
