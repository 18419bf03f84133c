"""What the bot says of itself, once and in every language, and what its operators see besides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.language.catalogue import LOCALES, load_texts
from bot.platforms.telegram.introduction import Introduction
from tests.bot.platforms.telegram.test_button_handlers import made
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import TOKEN, Telegram, telegram_double
from tests.fakes.telegram.profile import STRANGER

pytestmark = pytest.mark.slow

OPERATOR = 55
CODES = {"", *(one.partition("-")[0] for one in LOCALES[1:])}
WRITING = ("setMyCommands", "setMyDescription", "setMyShortDescription", "setChatMenuButton")


def written(at: Talk) -> int:
    return sum(len(at.telegram.called(method)) for method in WRITING)


async def introduced(at: Talk) -> None:
    """The operators' menus come last."""
    await at.telegram.until(lambda: set(at.telegram.profile.operators.get(OPERATOR, {})) == CODES)


async def test_it_introduces_itself_once_in_every_language_and_after_it_hears(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path, admins=(STRANGER, OPERATOR), introduces=True) as at:
        await introduced(at)
        profile = at.telegram.profile
        assert set(profile.menu) == set(profile.staff) == CODES
        assert [one["command"] for one in profile.staff["de"]][-1] == "settings"
        for texts in profile.said.values():
            assert set(texts) == CODES
            assert len(set(texts.values())) == len(CODES)
        own = [one["command"] for one in profile.operators[OPERATOR][""]]
        assert own == [*(one["command"] for one in profile.menu[""]), "admin"]
        assert profile.button == {"type": "commands"}
        methods = [call.method for call in at.telegram.calls]
        assert methods.index("getUpdates") < methods.index("getMyCommands")
        before = written(at)
        await at.restart()
        await made(at)
        await at.telegram.until(lambda: len(at.telegram.called("getChatMenuButton")) == 2)
        assert written(at) == before


async def test_what_its_owner_told_botfather_stays_where_that_is_set(tmp_path: Path) -> None:
    async with talk(tmp_path, admins=(OPERATOR,)) as at:
        await made(at)
        assert written(at) == 0


async def given(telegram: Telegram, url: str | None) -> dict[str, Any]:
    """The button, once the bot has introduced itself where people reach the page there."""
    async with Bot(TOKEN, base_url=f"{telegram.url}/bot") as bot:
        await Introduction(lambda: bot, load_texts(), (), url).give()
    return telegram.profile.button


async def test_the_button_opens_the_page_where_there_is_one_and_leaves_an_operators_own() -> None:
    async with telegram_double() as telegram:
        assert (await given(telegram, "http://example.org"))["type"] == "commands"
        for url in ("https://example.org/clips", "https://example.org"):
            assert (await given(telegram, url))["web_app"] == {"url": url}
        assert (await given(telegram, None))["type"] == "default"
        theirs = {"type": "web_app", "text": "Our shop", "web_app": {"url": "https://shop.org"}}
        telegram.profile.button = theirs
        assert await given(telegram, "https://example.org") == theirs


async def test_what_telegram_refuses_keeps_nothing_else_from_being_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does
    async with telegram_double() as telegram:
        later = {"retry_after": 9999}
        telegram.fail(
            "setMyDescription", 429, "Too Many Requests", times=len(CODES), parameters=later
        )
        await given(telegram, None)
        assert set(telegram.profile.said["short_description"]) == CODES
        assert telegram.profile.said["description"] == {}
