"""Every command but `/animate`, and the menus of a right click."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
import simcord

from generation.store.quota import Limits
from tests.bot.platforms.discord.conversation import clip_of, job_of
from tests.bot.platforms.discord.test_button_handlers import inputs
from tests.fakes.discord.server import PICTURE, server

pytestmark = pytest.mark.slow

CDN = "https://media.discordapp.net"
FEW = Limits(queued_per_user=2, per_hour=3, per_day=9, queue_size=99)


async def test_the_queue_begins_with_ones_own(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        reply = await at.member().slash(at.channel, "queue")
        simcord.assert_responded(reply, contains="Nobody is waiting", ephemeral=True)
        await at.animate("leo")
        await at.animate(prompt="my *own*")
        reply = await at.member().slash(at.channel, "queue")
        simcord.assert_responded(reply, contains="Next in line. my \\*own\\*", ephemeral=True)


async def test_cancel_takes_back_the_newest_request(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        reply = await at.member().slash(at.channel, "cancel")
        simcord.assert_responded(reply, contains="None of your clips", ephemeral=True)
        await at.animate("leo")
        await at.animate()
        await at.member().slash(at.channel, "cancel")
        await at.settle()
        assert [message.content for message in at.messages] == ["Warming up…", "Cancelled."]


async def test_the_quota_is_said_and_kept(tmp_path: Path) -> None:
    async with server(tmp_path, limits=FEW) as at:
        await at.animate()
        reply = await at.member().slash(at.channel, "quota")
        simcord.assert_responded(reply, contains="Last hour: 1 of 3", ephemeral=True)
        await at.animate()
        refused = await at.animate()
        assert refused.followups[0].ephemeral
        assert len(at.messages) == 2


async def test_a_role_can_be_without_limits(tmp_path: Path) -> None:
    async with server(tmp_path, limits=FEW) as at:
        role = at.guild.create_role("vip")
        at.exempt = (f"discord-role:{role.id}",)
        await at.restart()
        reply = await at.member("vip", roles=[role]).slash(at.channel, "quota")
        simcord.assert_responded(reply, contains="no limits", ephemeral=True)


async def test_earlier_clips_can_be_shown_again_to_their_owner_alone(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        reply = await at.member().slash(at.channel, "videos")
        simcord.assert_responded(reply, contains="no clip of yours", ephemeral=True)
        clip = await clip_of(at)
        reply = await at.member().slash(at.channel, "videos")
        assert reply.response is not None
        again = await at.member().select(reply.response, [job_of(clip)], custom_id="v1|videos")
        shown = again.response
        assert shown is not None
        assert shown.ephemeral
        assert [file.filename for file in shown.attachments] == ["photoplay.mp4"]


async def test_an_earlier_clip_that_cannot_be_shown_any_more_is_said_so(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        at.copies.smallest = 100
        job_id = job_of(await clip_of(at))
        reply = await at.member().slash(at.channel, "videos")
        assert reply.response is not None
        at.env.inject_error("POST", "/webhooks/*", status=413, code=40005, times=1)
        again = await at.member().select(reply.response, [job_id], custom_id="v1|videos")
        assert again.response is not None
        assert "too large for this chat" in again.response.content
        at.home.workspace.clip(job_id).unlink()
        again = await at.member().select(reply.response, [job_id], custom_id="v1|videos")
        assert again.response is not None
        assert "no longer kept" in again.response.content


async def test_help_promises_what_there_is_and_can_be_tapped(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        reply = await at.member().slash(at.channel, "help")
        for says in ("</animate:", "</forget:", "Apps ▸ Animate this image", "image, prompt"):
            simcord.assert_responded(reply, contains=says, ephemeral=True)
        simcord.assert_responded(reply, contains="Extend goes on", ephemeral=True)
    async with server(tmp_path / "plain", options=frozenset()) as at:
        reply = await at.member().slash(at.channel, "help")
        assert reply.response is not None
        assert "Extend" not in reply.response.content
        assert "end_image" not in reply.response.content


async def test_forget_deletes_what_is_known_about_a_person(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        reply = await at.member().slash(at.channel, "forget")
        simcord.assert_responded(reply, contains="cannot be undone", ephemeral=True)
        assert at.home.workspace.clip(job_of(clip)).exists()
        assert reply.response is not None
        await at.member().click(reply.response, label="Delete")
        await at.settle()
        assert at.messages == []
        assert not at.home.workspace.clip(job_of(clip)).exists()


async def test_a_message_with_a_picture_is_animated_by_right_click(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        posted = await at.member("leo").send(at.channel, "look", attachments=[PICTURE])
        shown = await at.member().context_menu(at.channel, "Animate this image", posted)
        assert shown.modal is not None
        ids = inputs(shown)
        assert "picture" not in ids
        await at.member().submit_modal(
            shown, {ids["prompt"]: "it smiles", ids["motion"]: ["zoom-in"]}
        )
        animation = await at.begun()
        assert (animation.request.prompt, animation.request.motion) == ("it smiles", "zoom-in")
        await at.pass_(90.0)
        await at.finish(animation)
        assert at.messages[-1].attachments


async def test_each_picture_that_is_chosen_becomes_a_clip_with_its_own_message(
    tmp_path: Path,
) -> None:
    async with server(tmp_path, limits=FEW) as at:
        files = [(f"{name}.png", name.encode()) for name in ("first", "second", "third", "more")]
        files.insert(1, ("notes.txt", b"words"))
        posted = await at.member("leo").send(at.channel, "look", attachments=files)
        shown = await at.member().context_menu(at.channel, "Animate this image", posted)
        ids = inputs(shown)
        chosen = {ids["picture"]: ["1", "2", "3"], ids["prompt"]: "it moves"}
        await at.member().submit_modal(shown, chosen)
        made = []
        for _ in range(2):
            animation = await at.begun()
            made.append(at.home.workspace.input(animation.request.image).read_bytes())
            assert animation.request.prompt == "it moves"
            await at.finish(animation)
        assert made == [b"second", b"third"]
        clips = [one for one in at.messages if one.attachments and one.author.bot]
        assert len({job_of(one) for one in clips}) == 2
        [told] = at.member().user.dm_channel.history()
        assert "2 is the limit" in told.content


async def test_an_embedded_picture_is_fetched_from_discord_alone(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        at.env.backend.cdn._blobs[f"{CDN}/shown.png"] = b"shown"
        hook = at.guild.create_webhook(at.channel)
        for url, taken in (
            (f"{CDN}/shown.png", True),
            ("http://127.0.0.1:8000/healthz", False),
            ("https://cdn.discordapp.com.example.org/x.png", False),
        ):
            embed = discord.Embed(title="a picture")
            embed._image = {"url": "http://example.org/x.png", "proxy_url": url}
            posted = await hook.send("", embeds=[embed])
            shown = await at.member().context_menu(at.channel, "Animate this image", posted)
            if not taken:
                simcord.assert_responded(shown, contains="no picture", ephemeral=True)
                continue
            await at.member().submit_modal(shown, {})
            animation = await at.begun()
            assert at.home.workspace.input(animation.request.image).read_bytes() == b"shown"
            await at.finish(animation)


async def test_a_message_without_a_picture_is_refused_at_once(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        posted = await at.member().send(at.channel, "no picture here")
        reply = await at.member().context_menu(at.channel, "Animate this image", posted)
        simcord.assert_responded(reply, contains="no picture in this message", ephemeral=True)


async def test_an_avatar_is_animated_by_right_click(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        leo = at.member("leo")
        user = await at.front.client.fetch_user(leo.id)
        url = user.display_avatar.replace(size=1024, static_format="png").url
        at.env.backend.cdn._blobs[url] = b"avatar"
        shown = await at.member().context_menu(at.channel, "Animate avatar", leo)
        await at.member().submit_modal(shown, {})
        image = at.home.workspace.input((await at.begun()).request.image)
        assert image.read_bytes() == b"avatar"


async def test_a_picture_that_is_gone_from_discord_is_asked_for_again(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        shown = await at.member().context_menu(at.channel, "Animate avatar", at.member("leo"))
        reply = await at.member().submit_modal(shown, {})
        assert "could not fetch" in reply.followups[0].content


async def test_what_was_typed_into_a_form_outlives_a_restart(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        files = [("a.png", b"first"), ("b.png", b"second")]
        posted = await at.member("leo").send(at.channel, "look", attachments=files)
        shown = await at.member().context_menu(at.channel, "Animate this image", posted)
        await at.restart()
        ids = inputs(shown)
        typed: dict[str, object] = {ids["prompt"]: "it smiles", ids["picture"]: ["1"]}
        await at.member().submit_modal(shown, typed)
        animation = await at.begun()
        image = at.home.workspace.input(animation.request.image)
        assert (animation.request.prompt, image.read_bytes()) == ("it smiles", b"second")
        await at.finish(animation)
        clip = at.messages[-1]
        shown = await at.member().click(clip, label="Edit")
        await at.restart()
        await at.member().submit_modal(shown, {inputs(shown)["prompt"]: "it frowns"})
        request = (await at.begun()).request
        assert (request.prompt, request.remixed_from) == ("it frowns", job_of(clip))


@pytest.mark.parametrize(
    ("command", "options", "says"),
    [
        ("admin pause", {}, "Paused"),
        ("admin resume", {}, "open"),
        ("admin drain", {}, "Draining"),
        ("admin stats", {}, "0 waiting"),
        ("admin cancel", {"clip": "video_aaaaaaaaaaaaaaaaaa"}, "There is no"),
        ("admin block", {"who": "telegram:5", "days": 7}, "telegram:5 is blocked"),
        ("admin block", {}, "choose a member"),
        ("admin unblock", {"who": "telegram:6"}, "was not blocked"),
        ("admin unblock", {"who": "nobody"}, "Use: pause"),
    ],
)
async def test_an_operator_steers_the_queue(
    tmp_path: Path, command: str, options: dict[str, object], says: str
) -> None:
    async with server(tmp_path) as at:
        operator = await at.appoint("op")
        reply = await operator.slash(at.channel, command, **options)
        simcord.assert_responded(reply, contains=says, ephemeral=True)


async def test_who_runs_a_server_is_no_operator_of_a_public_bot(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        role = at.guild.create_role("staff", permissions=discord.Permissions(manage_guild=True))
        reply = await at.member("staff", roles=[role]).slash(at.channel, "admin pause")
        simcord.assert_responded(reply, contains="Only the operator", ephemeral=True)


async def test_a_blocked_user_and_a_blocked_server_are_refused_in_private(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        operator = await at.appoint("op")
        await operator.slash(at.channel, "admin block", user=at.member())
        reply = await at.animate()
        assert reply.followups[0].ephemeral
        assert "does not take requests" in reply.followups[0].content
        who = f"discord-guild:{at.guild.id}"
        await operator.slash(at.channel, "admin block", who=who)
        reply = await at.animate("leo")
        assert "does not take requests" in reply.followups[0].content
        assert at.messages == []
