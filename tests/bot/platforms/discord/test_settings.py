"""What those who manage a server decide for it holds from the next request on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.language.catalogue import load_texts
from generation.store.quota import Limits
from tests.bot.platforms.discord.conversation import clip_of, delete
from tests.bot.platforms.discord.test_forgetting import settled
from tests.bot.platforms.discord.test_wire import PNG, Wire, wire
from tests.fakes.discord.double import CHANNEL, EVERYTHING, GUILD, channel
from tests.fakes.discord.places import open_channel
from tests.fakes.discord.rest import ATTACH, SEND
from tests.fakes.discord.server import PICTURE, Server, server

pytestmark = pytest.mark.slow

GERMAN = load_texts().of("de").say("chat.running.load")
FRENCH = load_texts().of("fr").sentence("chat.result.facts").split()[-2]
AS_SEEN: dict[str, Any] = {"permissions": EVERYTHING, "guild_id": GUILD}
THREAD: dict[str, Any] = {"archived": False, "auto_archive_duration": 60, "locked": False}
THREAD |= {"archive_timestamp": "2026-01-01T00:00:00+00:00"}
POST = {"type": 11, "parent_id": "704", "owner_id": "1", "thread_metadata": THREAD}
POST |= {"message_count": 0, "member_count": 1}
SIX = Limits(queued_per_user=3, per_hour=6, per_day=9, queue_size=99)


def manager(at: Server) -> simcord.MemberActor:
    role = at.guild.create_role("staff", permissions=discord.Permissions(manage_guild=True))
    return at.member("staff", roles=[role])


async def test_language_and_defaults_hold_where_nobody_says_otherwise(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        staff = manager(at)
        await staff.slash(at.channel, "settings language", language="de")
        given = {"seconds": 2.0, "size": "512x320", "motion": "tilt-up"}
        await staff.slash(at.channel, "settings defaults", **given)
        await at.member().slash(at.channel, "animate", image=PICTURE)
        await at.until(lambda: at.messages[-1].content == GERMAN)
        request = (await at.begun()).request
        size = (request.width, request.height)
        assert (request.num_frames, size, request.motion) == (49, (512, 320), "tilt-up")
        shown = await staff.slash(at.channel, "settings show")
        assert shown.response is not None
        assert shown.response.ephemeral
        for line in ("everybody sees: Deutsch", "seconds: 2", "512x320", "motion: Tilt up"):
            assert line in shown.response.content
        await staff.slash(at.channel, "settings reset")
        again = await staff.slash(at.channel, "settings show")
        assert again.response is not None
        assert "Deutsch" not in again.response.content


async def test_words_and_options_come_before_what_is_usual(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        staff = manager(at)
        given = {"seconds": 2.0, "motion": "tilt-up"}
        await staff.slash(at.channel, "settings defaults", **given)
        await at.animate(prompt="pan to the left")
        animation = await at.begun()
        assert (animation.request.num_frames, animation.request.motion) == (25, "auto")
        await at.finish(animation)
        await at.animate(prompt="", motion="zoom-in")
        assert (await at.begun()).request.motion == "zoom-in"


async def test_clips_are_made_only_where_they_are_allowed(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        staff, other = manager(at), at.guild.create_text_channel("clips")
        await staff.slash(at.channel, "settings channel", channel=other)
        reply = await at.animate()
        says = f"Clips are not made here; please ask in <#{other.id}>."
        simcord.assert_responded(reply, contains=says, ephemeral=True)
        assert at.messages == []
        await at.member().slash(other, "animate", image=PICTURE, seconds=1.0)
        await at.finish()
        assert other.history()[-1].attachments
        await staff.slash(at.channel, "settings channel", channel=other, allowed=False)
        await at.animate()
        assert len(at.messages) == 1


async def test_a_roles_limits_are_never_above_the_operators(tmp_path: Path) -> None:
    async with server(tmp_path, limits=SIX) as at:
        staff, fans = manager(at), at.guild.create_role("fans")
        fan = at.member("fan", roles=[fans])
        for given, says in (
            ({"hour": 2}, "Last hour: 0 of 2"),
            ({"hour": 50}, "Last hour: 0 of 6"),
            ({"hour": 0}, "Last hour: 0 of 0"),
            ({}, "Last hour: 0 of 6"),
        ):
            await staff.slash(at.channel, "settings limits", role=fans, **given)
            reply = await fan.slash(at.channel, "quota")
            simcord.assert_responded(reply, contains=says, ephemeral=True)
            reply = await at.member().slash(at.channel, "quota")
            simcord.assert_responded(reply, contains="Last hour: 0 of 6", ephemeral=True)


async def test_the_log_shows_every_clip_and_lets_go_of_a_deleted_one(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        staff, log = manager(at), at.guild.create_text_channel("log")
        await staff.slash(at.channel, "settings log", channel=log)
        await at.restart()
        clip = await clip_of(at)
        [copy] = log.history()
        assert copy.content.startswith(f"<@{at.member().id}> <#{at.channel.id}>\n")
        assert [file.filename for file in copy.attachments] == ["photoplay.mp4"]
        await delete(at, clip)
        assert at.messages == log.history() == []


async def test_only_who_manages_the_server_decides(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        for name in ("reset", "show", "language", "defaults", "channel", "log", "limits"):
            changed = await settings(at, name, permissions="0")
            assert changed == "Only those who manage this place can do that."
        assert await settings(at, "reset") == "Saved; it applies from now on."
        assert at.discord.heard("POST", "/webhooks/") == []  # nobody is answered twice


async def test_what_the_bot_may_not_use_is_refused_and_what_is_gone_can_be_taken_back(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        await open_channel(at.discord, "701", denied=SEND | ATTACH)
        forums = await open_channel(at.discord, "704", type=15, available_tags=[])
        client = at.front.client
        await at.discord.until(lambda: client.get_channel(704))
        for name in ("log", "channel"):
            said = await settings(at, name, {"name": "channel", "type": 7, "value": "701"})
            assert said.startswith("In <#701> I lack: Send Messages, Attach Files.")
        unknown = await settings(at, "log", {"name": "channel", "type": 7, "value": "702"})
        assert "I lack: View Channel" in unknown
        forum = {"name": "channel", "type": 7, "value": "704"}
        assert "Saved" in await settings(at, "channel", forum)
        post = channel() | POST | {"id": "705"}
        asked = await at.discord.animate(PNG, place="705", channel=post | AS_SEEN)
        await at.discord.until(lambda: asked.callback)
        assert asked.callback == {"type": 5}
        await at.discord.gateway.tell("CHANNEL_DELETE", forums)
        await at.discord.until(lambda: client.get_channel(704) is None)
        asked = await at.discord.animate(PNG)
        await at.discord.until(lambda: asked.callback and "data" in asked.callback)
        assert "no longer exist" in str(asked.callback)
        assert "deleted channel (704)" in await settings(at, "show")
        remove = {"name": "remove", "type": 3, "value": "", "focused": True}
        [offered] = await choices(at, "channel", remove)
        assert offered == {"name": "deleted channel (704)", "value": "704"}
        assert "Saved" in await settings(at, "channel", remove | {"value": "704"})
        asked = await at.discord.animate(PNG)
        await at.discord.until(lambda: asked.callback)
        assert asked.callback == {"type": 5}


async def test_a_usual_size_is_said_in_words_as_in_a_request(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        typed = {"name": "size", "type": 3, "value": "wid", "focused": True}
        assert "736x416" in str(await choices(at, "defaults", typed))
        said = await settings(at, "defaults", {"name": "size", "type": 3, "value": "Wide"})
        assert "Saved" in said
        assert "736x416" in await settings(at, "show")


async def test_over_the_wire_a_setting_is_registered_for_managers_and_kept(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        [group] = [one for one in at.discord.commands if one["name"] == "settings"]
        assert int(group["default_member_permissions"]) == 1 << 5
        assert (group["contexts"], group["integration_types"]) == ([0], [0])
        language = {"name": "language", "type": 3, "value": "fr"}
        assert "Saved" in await settings(at, "language", language)
        at.discord.fail("POST", f"/channels/{CHANNEL}/messages", 403, 50001)  # a courtesy, no more
        log = {"name": "channel", "type": 7, "value": CHANNEL}
        await settings(at, "log", log)
        await at.discord.animate(PNG)
        await at.finish()
        clip = await at.clip()
        await settled(at)
        await at.discord.until(lambda: at.discord.heard("POST", f"/channels/{CHANNEL}/messages"))
        assert f"· {FRENCH}" in str(clip["content"])


async def choices(at: Wire, name: str, option: dict[str, object]) -> list[dict[str, str]]:
    """What is offered while somebody types."""
    kind = {"name": name, "type": 1, "options": [option]}
    data = {"id": "1", "name": "settings", "type": 1, "options": [kind]}
    began = await at.discord.interact(4, data)
    await at.discord.until(lambda: began.callback)
    offered: list[dict[str, str]] = (began.callback or {})["data"]["choices"]
    return offered


async def settings(
    at: Wire, name: str, *options: dict[str, object], permissions: str = EVERYTHING
) -> str:
    """What came of a command for this server."""
    kind = {"name": name, "type": 1, "options": list(options)}
    found = {CHANNEL: channel() | {"permissions": "0", "guild_id": GUILD}}
    data = {"id": "1", "name": "settings", "type": 1, "options": [kind]}
    found |= {one["id"]: one | {"permissions": "0"} for one in at.discord.channels}
    found |= {"702": channel() | {"id": "702"} | AS_SEEN}
    data["resolved"] = {"channels": found}
    began = await at.discord.interact(2, data, permissions=permissions)
    path = f"{began.token}/messages/@original"
    await at.discord.until(lambda: began.callback and "data" in began.callback)
    said = (began.callback or {})["data"].get("content")
    if said is None:
        await at.discord.until(lambda: at.discord.heard("PATCH", path))
        said = at.discord.heard("PATCH", path)[-1].body["content"]
    return str(said)
