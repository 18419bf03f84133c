"""What a group's staff decides for it holds from the next request on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.language.catalogue import load_texts
from tests.bot.platforms.telegram.test_story import job_of
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE

pytestmark = pytest.mark.slow

LOG = -90001


async def answered(at: Talk, text: str, chat: int = GROUP, **more: Any) -> str:
    before = len(at.telegram.shown(chat))
    await at.telegram.say(chat=chat, text=text, **more)
    return await at.said(chat, before + 1)


async def test_a_groups_staff_decides_language_defaults_and_log(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        assert "Only those who manage" in await answered(at, "/settings language fr")
        at.telegram.chat(GROUP).staff.add(PRIVATE)
        assert "Saved" in await answered(at, "/settings language fr")
        await answered(at, "/settings Seconds 2")
        assert "Only those who manage" in await answered(at, f"/settings log {LOG}")
        at.telegram.chat(LOG).staff.add(PRIVATE)
        assert "Saved" in await answered(at, f"/settings log {LOG}")
        assert "Use: /settings" in await answered(at, "/settings seconds long")
        shown = await answered(at, "/settings")
        for line in ("everybody sees: Français", "seconds: 2", f"shown as well: {LOG}"):
            assert line in shown
        assert "servers and groups" in await answered(at, "/settings", PRIVATE)
        await at.photo("/animate the sea", chat=GROUP)
        animation = await at.begun()
        assert animation.request.num_frames == 49
        warming = load_texts().of("fr").say("chat.running.load")
        await at.telegram.until(lambda: warming in str(at.telegram.shown(GROUP)))
        await at.finish(animation)
        clip, copy = await at.clip(GROUP), await at.clip(LOG)
        assert "the sea" in copy["caption"]
        await at.telegram.press(clip, f"v1|erase|{job_of(clip)}")
        await at.telegram.until(lambda: not at.clips(GROUP) and not at.clips(LOG))
        await at.dealt_with()
        assert len(at.telegram.called("deleteMessage")) == 2


async def test_a_forum_may_have_its_topics(tmp_path: Path) -> None:
    async with talk(tmp_path) as at:
        at.telegram.chat(GROUP).staff.add(PRIVATE)
        inside: dict[str, Any] = {"message_thread_id": 7, "is_topic_message": True}
        at.telegram.forums.add(GROUP)
        assert "Saved" in await answered(at, "/settings topic on", **inside)
        before = len(at.telegram.shown(GROUP))
        await at.photo(chat=GROUP)
        refused = await at.said(GROUP, before + 1)
        assert refused == "Clips are not made here; please ask in t.me/c/-900/7."
        await at.photo(chat=GROUP, **inside)
        await at.finish()
        await at.clip(GROUP)
