"""A picture without a command: sent directly, beside a mention, by right click on anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from tests.bot.platforms.discord.conversation import clip_of, job_of
from tests.bot.platforms.discord.test_button_handlers import inputs
from tests.fakes.discord.server import PICTURE, Server, server

pytestmark = pytest.mark.slow

CDN = "https://cdn.discordapp.com/attachments/1/2"
V2 = 1 << 15
"""The flag of a message that is laid out by components."""


def us(at: Server) -> str:
    user = at.front.client.user
    assert user is not None
    return user.mention


async def dm(at: Server, words: str, *files: tuple[str, bytes], **more: Any) -> None:
    kim = at.member()
    attached = at.env.backend.store_attachments(kim.user.dm_channel.id, files)
    await kim.send_dm(words, attachments=attached, **more)


def direct(at: Server) -> list[str]:
    """What stands in kim's direct messages of ours."""
    kim = at.member()
    history = kim.user.dm_channel.history()
    return [one.content for one in history if one.author.id != kim.id]


async def test_a_direct_message_with_a_picture_becomes_a_clip_there(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await dm(at, "the sea freezes", ("notes.txt", b"no"), PICTURE)
        animation = await at.begun()
        assert animation.request.prompt == "the sea freezes"
        assert at.home.workspace.input(animation.request.image).read_bytes() == PICTURE[1]
        await at.finish(animation)
        clip = at.member().user.dm_channel.history()[-1]
        assert [file.filename for file in clip.attachments] == ["photoplay.mp4"]
        await dm(at, "what can you do?")
        assert "Apps ▸ Animate this image" in direct(at)[-1]
        assert "</animate:" in direct(at)[-1]
        reference = {"message_id": str(clip.id), "channel_id": str(clip.channel.id)}
        await dm(at, "the sea melts", reference=reference)
        request = (await at.begun()).request
        assert (request.prompt, request.remixed_from) == ("the sea melts", animation.job)


async def test_a_mention_with_a_picture_becomes_a_clip_in_its_channel(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        asked = await at.member().send(
            at.channel, f"{us(at)} /animate make it rain", attachments=[PICTURE]
        )
        animation = await at.begun()
        assert animation.request.prompt == "make it rain"
        await at.finish(animation)
        clip = at.messages[-1]
        assert clip.attachments
        assert clip.reference is not None
        assert clip.reference.message_id == asked.id
        assert clip.mentions == []
        await at.member("leo").send(at.channel, f"{us(at)} make it snow", reply_to=clip)
        request = (await at.begun()).request
        assert (request.prompt, request.remixed_from) == ("make it snow", job_of(clip))


async def test_what_people_say_to_each_other_is_left_alone(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        await at.member().send(at.channel, "look", attachments=[PICTURE])
        await at.member("leo").send(at.channel, "lovely!", reply_to=clip)
        await at.settle()
        assert [one.content for one in at.messages[1:]] == ["look", "lovely!"]
        assert at.engine.begun.empty()


async def test_a_picture_that_discord_hides_is_told_how_to_show_as_privately_as_can_be(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        posted = await at.member("leo").send(at.channel, "mine", attachments=[PICTURE])
        await at.member().send(at.channel, f"{us(at)} make it rain", reply_to=posted)
        await at.settle()
        assert "Discord does not show me that picture" in direct(at)[-1]
        assert len(at.messages) == 2
        path = f"/channels/{at.member().user.dm_channel.id}/messages"
        at.env.inject_error("POST", path, status=403, code=50007)
        await at.member().send(at.channel, f"{us(at)} make it rain", reply_to=posted)
        await at.settle()
        assert at.messages[-1].content.startswith(f"{at.member().mention} Discord does not show")


async def test_where_the_bot_may_not_answer_a_mention_is_told_directly(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        deny = discord.PermissionOverwrite(attach_files=False)
        channel = at.guild.create_text_channel("silent", overwrites={at.guild.default_role: deny})
        await at.settle()
        stored = at.env.backend.store_attachments(channel.id, [PICTURE])
        at.env.backend.create_message(channel.id, at.member().id, us(at), attachments=stored)
        await at.settle()
        assert "I lack: Attach Files" in direct(at)[-1]


async def test_a_right_click_finds_the_pictures_of_every_kind_of_message(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        gallery = {"type": 12, "items": [{"media": media("a.png")}, {"media": media("b.mp4")}]}
        thumbnail = {"type": 11, "media": media("c.webp")}
        text = {"type": 10, "content": "words"}
        section = {"type": 9, "components": [text], "accessory": thumbnail}
        layout = [{"type": 17, "components": [gallery, section]}]
        for name in ("a.png", "c.webp"):
            at.env.backend.cdn._blobs[f"{CDN}/{name}"] = name.encode()
        posted = at.env.backend.create_message(
            at.channel.id, at.member("leo").id, "", components=layout, flags=V2
        )
        await at.settle()
        [shown_there] = [one for one in at.messages if one.id == posted.id]
        shown = await at.member().context_menu(at.channel, "Animate this image", shown_there)
        await at.member().submit_modal(shown, {inputs(shown)["picture"]: ["1"]})
        animation = await at.begun()
        assert at.home.workspace.input(animation.request.image).read_bytes() == b"c.webp"
        await at.finish(animation)
        clip = at.messages[-1]
        shown = await at.member("leo").context_menu(at.channel, "Animate this image", clip)
        await at.member("leo").submit_modal(shown, {inputs(shown)["prompt"]: "otherwise"})
        request = (await at.begun()).request
        assert (request.prompt, request.remixed_from) == ("otherwise", job_of(clip))


async def test_of_several_pictures_only_fitting_ones_are_offered(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        files = [("huge.png", bytes(25_000_001)), ("thin.png", b"thin"), ("good.png", b"good")]
        stored = at.env.backend.store_attachments(at.channel.id, files)
        stored[1] |= {"width": 3000, "height": 100}
        posted = at.env.backend.create_message(
            at.channel.id, at.member("leo").id, "look", attachments=stored
        )
        await at.settle()
        [shown_there] = [one for one in at.messages if one.id == posted.id]
        shown = await at.member().context_menu(at.channel, "Animate this image", shown_there)
        assert "picture" not in inputs(shown)
        await at.member().submit_modal(shown, {})
        image = at.home.workspace.input((await at.begun()).request.image)
        assert image.read_bytes() == b"good"


def media(name: str) -> dict[str, Any]:
    kind = "video/mp4" if name.endswith("mp4") else f"image/{name.rpartition('.')[2]}"
    url = f"{CDN}/{name}"
    return {"url": url, "proxy_url": url, "width": 640, "height": 480, "content_type": kind}
