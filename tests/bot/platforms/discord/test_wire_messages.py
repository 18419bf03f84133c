"""Over the wire: what people write to the bot, and what old programs still send it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.discord.forms import OFFERED
from generation.store.message_references import ChatMessage
from tests.bot.platforms.discord.test_wire import PNG, Wire, wire
from tests.fakes.discord.double import BOT, CHANNEL, DM, Interaction, channel
from tests.fakes.discord.places import invite, open_channel
from tests.fakes.discord.rest import HISTORY, SEND
from tests.fakes.discord.writing import write

pytestmark = pytest.mark.slow

NAMED = f"<@{BOT}>"
EPHEMERAL = 64


async def test_a_picture_sent_directly_and_one_beside_a_mention_become_clips(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        for channel, words in ((DM, "make it rain"), (CHANNEL, f"{NAMED} make it rain")):
            file = at.discord.attach(PNG, "photo.png")
            asked = await write(at.discord, words, file, channel=channel)
            animation = await at.begun()
            assert animation.request.prompt == "make it rain"
            assert at.home.workspace.input(animation.request.image).read_bytes() == PNG
            await at.finish(animation)
            await at.discord.until(lambda: len(at.clips(channel)) == 2)  # noqa: B023
            reference: Any = at.clips(channel)[-1]["message_reference"]
            assert str(reference["message_id"]) == asked["id"]


async def test_an_answer_to_a_picture_that_discord_hides_is_told_how(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        shown = await write(at.discord, "mine", at.discord.attach(PNG, "photo.png"), who="77")
        await write(at.discord, f"{NAMED} make it rain", answers=shown)
        await at.discord.until(lambda: at.discord.shown(DM))
        assert "does not show me that picture" in at.discord.shown(DM)[0]["content"]
        named = f"{NAMED} animate this, please"
        seen = await write(at.discord, named, at.discord.attach(PNG, "b.png"), who="77")
        await at.finish()
        await write(at.discord, f"{NAMED} make it snow", answers=seen)
        assert (await at.begun()).request.prompt == "make it snow"


async def test_a_clip_is_answered_and_a_role_is_named_as_the_bot_is(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await at.discord.animate(PNG)
        first = await at.begun()
        await at.finish(first)
        clip: Any = await at.clip()
        await write(at.discord, "lovely!", answers=clip)
        await write(at.discord, "snow is falling", answers=clip, rings=True)
        second = await at.begun()
        request = second.request
        assert (request.prompt, request.remixed_from) == ("snow is falling", first.job)
        await at.finish(second)
        await write(at.discord, "<@&850> make it rain", at.discord.attach(PNG, "a.png"))
        await at.discord.until(lambda: at.discord.shown(DM))
        assert "does not show me that picture" in at.discord.shown(DM)[0]["content"]
        both = f"<@&850> {NAMED} make it rain"
        await write(at.discord, both, at.discord.attach(PNG, "a.png"), who="66")
        assert (await at.begun()).request.prompt == "make it rain"


async def test_of_several_pictures_it_is_said_that_the_first_was_taken(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        files = [at.discord.attach(PNG, name) for name in ("a.png", "b.png")]
        await write(at.discord, f"{NAMED} make it rain", *files)
        await at.begun()
        await at.discord.until(lambda: at.discord.shown(DM))
        assert "the first of these pictures" in at.discord.shown(DM)[0]["content"]


async def test_where_history_is_hidden_the_answer_is_a_message_of_its_own(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await open_channel(at.discord, "701", denied=HISTORY)
        await at.discord.until(lambda: at.front.client.get_channel(701))
        file = at.discord.attach(PNG, "photo.png")
        await write(at.discord, f"{NAMED} make it rain", file, channel="701")
        await at.finish()
        await at.discord.until(lambda: len(at.clips("701")) == 2)
        clip = at.clips("701")[-1]
        assert str(clip["content"]).startswith("<@55> ")
        assert "message_reference" not in clip


async def test_a_new_server_is_greeted_once_where_the_bot_may_speak(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        rules = [{"id": "801", "type": 0, "allow": "0", "deny": str(SEND)}]
        news = channel() | {"id": "710", "permission_overwrites": rules}
        chat = channel() | {"id": "711", "permission_overwrites": [], "position": 1}
        await at.discord.until(at.front.client.is_ready)  # what comes before it had already
        await invite(at.discord, "801", [news, chat])
        await at.discord.until(lambda: at.discord.shown("711"))
        [greeting] = at.discord.shown("711")
        assert greeting["content"].startswith("Hi! Send me a picture with </animate:")
        assert at.discord.heard("POST", "/channels/710/") == []


async def test_a_right_click_takes_what_a_message_shows_and_keeps_it_covered(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        thumbnail = {"type": 11, "id": 3, "media": media("b.png"), "spoiler": True}
        text = {"type": 10, "id": 4, "content": "words"}
        gallery = {"type": 12, "id": 5, "items": [{"media": media("a.png"), "spoiler": True}]}
        inside = {"type": 12, "id": 6, "items": [{"media": media("c.png"), "spoiler": False}]}
        layout = [
            gallery,
            {"type": 9, "id": 2, "components": [text], "accessory": thumbnail},
            {"type": 17, "id": 7, "spoiler": True, "components": [inside]},
            {"type": 13, "id": 8, "file": media("d.png"), "spoiler": False, "size": 9},
            {"type": 13, "id": 9, "file": media("SPOILER_e.png"), "spoiler": False, "size": 9},
        ]
        form = await clicked(at, components=layout, flags=1 << 15)
        offered = OFFERED.validate_json(await remembered(at, form)).sources
        assert [(one.name[-5], one.spoiler) for one in offered] == [
            ("a", True),
            ("b", True),
            ("c", True),
            ("d", False),
            ("e", True),
        ]
        for kind, answer in ((1, 9), (2, 9), (4, 9), (3, 4)):
            stickers = [{"id": "777", "name": "wave", "format_type": kind}]
            sticker = await clicked(at, sticker_items=stickers)
            assert (sticker.callback or {})["type"] == answer
        assert "drawn anew" in str(sticker.callback)


async def remembered(at: Wire, form: Interaction) -> str:
    """What a form is about; it is shown before that is written."""
    async with asyncio.timeout(30):
        where = ChatMessage("discord", 700, int(form.id))
        while (about := await at.home.references.about(where)) is None:  # noqa: ASYNC110 (a row)
            await asyncio.sleep(0.005)
    return about


async def clicked(at: Wire, **shows: Any) -> Interaction:
    """Somebody's message is animated by right click."""
    shown = await write(at.discord, "look", who="66") | shows
    data = {"id": "2", "name": "Animate this image", "type": 3, "target_id": shown["id"]}
    data["resolved"] = {"messages": {shown["id"]: shown}}
    interaction = await at.discord.interact(2, data)
    await at.discord.until(lambda: interaction.callback)
    return interaction


def media(name: str) -> dict[str, Any]:
    url = f"https://cdn.discordapp.com/attachments/1/2/{name}"
    return {"url": url, "proxy_url": url, "width": 640, "height": 480, "content_type": "image/png"}


async def test_what_an_old_program_still_offers_is_answered_in_private(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        picture = at.discord.attach(PNG, "photo.png")
        image = {"name": "image", "type": 11, "value": picture["id"]}
        resolved = {"resolved": {"attachments": {picture["id"]: picture}}}
        stale = [
            command("gone"),
            command("animate", image, {"name": "style", "type": 3, "value": "oil"}) | resolved,
            command("animate", image, {"name": "motion", "type": 3, "value": "swirl"}) | resolved,
            command("animate", image, {"name": "seconds", "type": 3, "value": "5"}) | resolved,
            command("animate", {"name": "prompt", "type": 3, "value": "of what?"}),
        ]
        for data in stale:
            said = await answered(at, 2, data)
            assert "older version" in said["content"]
        form = {"custom_id": "v1|form|00ff00ff|0123456789abcdef", "components": []}
        assert "older version" in (await answered(at, 5, form))["content"]
        assert at.engine.begun.empty()


async def test_a_refusal_that_comes_too_late_is_sent_directly(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        at.discord.fail("POST", "/callback$", 404, 10062, times=2)
        await at.discord.animate(PNG, prompt="gore")
        await at.discord.until(lambda: at.discord.shown(DM))
        assert "not welcome" in at.discord.shown(DM)[0]["content"]
        at.discord.closed_dms = True
        at.discord.fail("POST", "/callback$", 404, 10062, times=2)
        await at.discord.interact(2, command("queue"))
        await at.discord.until(at.discord.shown)
        assert at.discord.shown()[0]["content"].startswith("<@55> Sorry")


def command(name: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "name": name, "type": 1, "options": list(options)}


async def answered(at: Wire, kind: int, data: dict[str, Any]) -> dict[str, Any]:
    """The first answer to an interaction, which nobody else sees."""
    interaction = await at.discord.interact(kind, data)
    await at.discord.until(lambda: interaction.callback)
    assert interaction.callback is not None
    assert interaction.callback["type"] == 4
    said: dict[str, Any] = interaction.callback["data"]
    assert said["flags"] & EPHEMERAL
    return said
