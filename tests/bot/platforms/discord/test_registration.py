"""What is registered with Discord: once, in one place, and in words that Discord takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.language.catalogue import LOCALES, load_texts
from tests.bot.platforms.discord.conversation import calls
from tests.fakes.discord.server import Server, server

pytestmark = pytest.mark.slow

NAME = re.compile(r"^[-_'\w]{1,32}$")
CONTRACT = (
    "image",
    "prompt",
    "motion",
    "effect",
    "motion_strength",
    "seconds",
    "size",
    "negative",
    "seed",
    "steps",
    "guidance",
    "frames",
    "end_image",
    "draft",
    "variations",
)
ABROAD = {"de", "fr", "es-ES", "es-419", "ja", "zh-CN", "zh-TW", "pt-BR", "ru", "ko", "it"}
"""Discord's names of the languages that we have besides English."""


async def registered(at: Server) -> list[dict[str, Any]]:
    translator = at.front.client.tree.translator
    assert translator is not None
    commands = at.front.client.tree.get_commands()
    return [
        await command.get_translated_payload(at.front.client.tree, translator)
        for command in commands
    ]


def nodes(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield payload
    for option in payload.get("options", ()):
        yield from nodes(option)


async def test_the_commands_are_the_contracts(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        by_name = {payload["name"]: payload for payload in await registered(at)}
        plain = {"animate", "queue", "cancel", "quota", "videos", "help", "forget", "admin"}
        plain |= {"storyboard", "settings"}
        assert by_name.keys() == plain | {"Animate this image", "Animate avatar"}
        options = by_name["animate"]["options"]
        assert tuple(option["name"] for option in options) == CONTRACT
        assert [option["required"] for option in options] == [True] + [False] * 14
        admin = by_name["admin"]
        assert (
            int(admin["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
        )
        assert {option["name"] for option in admin["options"]} == {
            "pause",
            "resume",
            "drain",
            "cancel",
            "block",
            "unblock",
            "stats",
        }
        settings = by_name.pop("settings")
        assert (settings["contexts"], settings["integration_types"]) == ([0], [0])
        for payload in by_name.values():
            assert payload["contexts"] == [0, 1, 2]
            assert payload["integration_types"] == [0, 1]


async def test_every_language_fits_into_discords_menus(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        for payload in await registered(at):
            written = 0
            for node in nodes(payload):
                says = {
                    "": node.get("description", ""),
                    **(node.get("description_localizations") or {}),
                }
                assert all(len(text) <= 100 for text in says.values()), says
                names = {"": node["name"], **(node.get("name_localizations") or {})}
                if payload["type"] == 1:
                    assert all(NAME.match(n) and n == n.lower() for n in names.values()), names
                for choice in node.get("choices", ()):
                    translated = choice.get("name_localizations") or {}
                    assert all(len(name) <= 100 for name in translated.values())
                written += max(map(len, says.values())) + max(map(len, names.values()))
                if says[""]:
                    assert says.keys() >= ABROAD
            assert written <= 8000


async def test_no_two_options_have_one_name_in_any_language(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        [animate] = [one for one in await registered(at) if one["name"] == "animate"]
        for locale in ABROAD:
            names = [option["name_localizations"][locale] for option in animate["options"]]
            assert len(set(names)) == len(names), names


async def test_commands_are_registered_once_and_again_only_when_they_changed(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        assert calls(at, "PUT", r"/applications/\d+/commands$") == 1
        await at.restart()
        assert calls(at, "PUT", r"/applications/\d+/commands$") == 1
        at.front.client.tree.remove_command("quota")
        await at.front.client.setup_hook()
        assert calls(at, "PUT", r"/applications/\d+/commands$") == 2
        assert calls(at, "PUT", "/guilds/") == 0
        await at.restart()
        assert calls(at, "PUT", r"/applications/\d+/commands$") == 3


async def test_where_registering_fails_the_old_commands_still_serve(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        (tmp_path / "discord-commands").unlink()
        at.env.inject_error("PUT", "/applications/*/commands", status=400, code=50035)
        await at.restart()
        await at.animate()
        assert len(at.messages) == 1


async def test_the_presence_shows_how_long_the_queue_is(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        said = at.front.presence(3)
        assert str(said) == "3 in line"


def test_labels_and_fields_are_as_short_as_discord_wants_them() -> None:
    for locale in LOCALES:
        catalogue = load_texts().of(locale)
        for key in catalogue.keys:
            text = catalogue.sentence(key)
            if key.startswith("chat.button."):
                assert len(text) <= 80, key
            if key.startswith(("discord.form.", "discord.menu.")):
                most = {"discord.form.example": 100, "discord.form.not_a_number": 2000}
                assert len(text) <= most.get(key, 45 if "form" in key else 32), key


def test_every_sentence_of_discord_is_said_by_somebody() -> None:
    """Those that are put together of a table and a name are named here by their table."""
    built = (
        "discord.command.",
        "discord.option.",
        "discord.admin.",
        "chat.button.",
        "discord.admin_option.",
        "discord.form.",
        "discord.permission.",
        "discord.size.",
        "discord.motion_strength.",
        "discord.storyboard.",
        "discord.transition.",
        "directions.",
    )
    folder = Path(__file__).parents[4] / "bot"
    code = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    keys = [k for k in load_texts().of("en").keys if k.startswith(("discord.", "directions."))]
    unsaid = [k for k in keys if not k.startswith(built) and f'"{k}"' not in code]
    assert [k for k in unsaid if f"'{k}'" not in code] == []
