"""No clip is lost: whatever Discord answers, there is another route, or a later time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import discord
import pytest

from generation.jobs import Delivery, Job
from tests.bot.platforms.discord.conversation import calls, job_of
from tests.fakes.discord.server import Server, server

pytestmark = pytest.mark.slow

BY_TOKEN = "/webhooks/*"


async def stored(at: Server, job_id: str) -> Job:
    return (await at.home.service.view(job_id)).job


@pytest.mark.parametrize(("status", "code"), [(401, 50027), (404, 10015), (404, 10062)])
async def test_a_token_that_ends_early_leaves_the_bots_own_message(
    tmp_path: Path, status: int, code: int
) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        at.env.inject_error("*", BY_TOKEN, status=status, code=code, times=None)
        await at.finish()
        [clip] = at.messages
        assert [file.filename for file in clip.attachments] == ["photoplay.mp4"]


async def test_a_deleted_status_message_is_replaced_by_the_clip(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        animation = await at.begun()
        [status] = at.messages
        at.env.backend.delete_message(at.channel.id, status.id)
        await at.finish(animation)
        [clip] = at.messages
        assert clip.attachments
        assert clip.content.startswith(at.member().mention)


async def test_a_place_that_is_closed_leaves_the_direct_message(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        at.env.inject_error("*", BY_TOKEN, status=404, code=10015, times=None)
        pattern = f"/channels/{at.channel.id}/*"
        at.env.inject_error("*", pattern, status=403, code=50001, times=None)
        await at.finish()
        [direct] = at.member().user.dm_channel.history()
        assert direct.content.startswith(f"I could not answer in <#{at.channel.id}>")
        assert direct.attachments


async def test_with_every_route_closed_the_clip_is_kept_for_videos(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        at.env.inject_error("*", BY_TOKEN, status=404, code=10015, times=None)
        at.env.inject_error("*", "/channels/*", status=403, code=50007, times=None)
        await at.finish()
        job = await stored(at, job_of(status))
        assert job.delivery is Delivery.UNDELIVERABLE
        at.env.backend.faults.clear()
        reply = await at.member().slash(at.channel, "videos")
        assert job.id in str(reply.response and reply.response.components)


async def ended_undelivered(at: Server) -> None:
    """The clip is there and the narrator is not: the next request to Discord hands it over."""
    animation = await at.begun()
    await at.stop_narrator()
    await at.finish(animation, delivered=False)
    async with asyncio.timeout(30):
        while (await stored(at, job_of(at.messages[0]))).finished_at is None:  # noqa: ASYNC110 (a row has no event)
            await asyncio.sleep(0.005)


async def test_a_clip_that_is_too_large_is_made_smaller_step_by_step(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        await ended_undelivered(at)
        at.env.inject_error("PATCH", BY_TOKEN, status=413, code=40005, times=2)
        await at.restart()
        await at.until(lambda: at.messages[0].attachments)
        [clip] = at.messages
        assert [file.filename for file in clip.attachments] == ["photoplay.mp4"]
        assert at.copies.made == [2, 1]


async def test_a_clip_that_cannot_be_made_small_enough_is_said_so(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        at.copies.smallest = 100
        await at.animate()
        await ended_undelivered(at)
        at.env.inject_error("PATCH", BY_TOKEN, status=413, code=40005, times=1)
        await at.restart()
        await at.until(lambda: "too large" in at.messages[0].content)
        [ended] = at.messages
        assert "too large for this chat" in ended.content
        assert ended.attachments == []


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_when_discord_asks_for_patience_the_clip_comes_later_and_once(
    tmp_path: Path, status: int
) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        at.env.inject_error("PATCH", BY_TOKEN, status=status, times=3)
        await at.finish(delivered=False)
        async with asyncio.timeout(30):
            while not any(message.attachments for message in at.messages):
                at.home.clock.pass_(20.0)
                await at.settle()
        at.home.clock.pass_(20.0)
        await at.settle()
        [clip] = at.messages
        assert len(clip.attachments) == 1


async def test_a_clip_that_was_swept_away_is_not_waited_for(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        animation = await at.begun()
        await at.stop_narrator()
        await at.finish(animation, delivered=False)
        at.home.workspace.clip(job_of(status)).unlink()
        await at.restart()
        [ended] = at.messages
        assert "no longer kept" in ended.content


async def test_after_a_restart_the_place_is_said_to_be_kept_and_the_clip_comes(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate("leo")
        first = await at.begun()
        await at.animate()
        await at.restart()
        status = at.messages[-1]
        assert status.content.startswith("I was restarted meanwhile; your place in line is kept.")
        await at.finish(first)
        await at.finish()
        assert [bool(message.attachments) for message in at.messages] == [True, True]


async def test_a_clip_finished_while_nobody_was_there_is_delivered_once(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        animation = await at.begun()
        await at.stop_narrator()
        await at.finish(animation, delivered=False)
        assert not at.messages[0].attachments
        await at.restart()
        sent = calls(at, "PATCH", "/webhooks/") + calls(at, "POST", r"/channels/\d+/messages$")
        await at.restart()
        [clip] = at.messages
        assert clip.attachments
        now = calls(at, "PATCH", "/webhooks/") + calls(at, "POST", r"/channels/\d+/messages$")
        assert now == sent


async def test_a_retry_carries_the_same_nonce(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        animation = await at.begun()
        [status] = at.messages
        await at.pass_(20 * 60)
        await at.finish(animation)
        posted = [one for one in at.env.http_requests if one.path.endswith("/messages")]
        nonce = str(posted[-1].json["nonce"])  # type: ignore[index]
        assert nonce == "r" + job_of(status).removeprefix("video_")
        assert len(nonce) <= 25
        assert posted[-1].json["enforce_nonce"] is True  # type: ignore[index]


async def test_nobody_is_called_but_the_requester(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        leo = at.member("leo")
        role = at.guild.create_role("all", mentionable=True)
        animated = await at.animate(prompt=f"{leo.mention} {role.mention} @here")
        assert animated.acknowledged
        animation = await at.begun()
        await at.pass_(90.0)
        await at.finish(animation)
        [clip] = at.messages
        assert [user.id for user in clip.mentions] == [at.member().id]
        assert clip.role_mentions == []
        assert not clip.mention_everyone


async def test_a_clip_in_a_place_for_adults_is_hidden_where_it_comes_directly(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        channel = at.guild.create_text_channel("adults")
        await at.settle()
        known = at.front.client.get_channel(channel.id)
        assert isinstance(known, discord.TextChannel)
        known.nsfw = True  # the stand-in for Discord has no such channels
        picture = ("photo.png", b"picture")
        await at.member().slash(channel, "animate", image=picture, seconds=1.0)
        at.env.inject_error("*", BY_TOKEN, status=404, code=10015, times=None)
        at.env.inject_error("*", f"/channels/{channel.id}/*", status=403, code=50001, times=None)
        await at.finish()
        [direct] = at.member().user.dm_channel.history()
        assert [file.filename for file in direct.attachments] == ["SPOILER_photoplay.mp4"]


async def test_in_a_direct_message_it_is_the_same(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        user = at.env.create_user("nia")
        await user.slash("animate", image=("photo.png", b"picture"), seconds=1.0)
        await at.finish()
        [clip] = user.dm_channel.history()
        assert clip.attachments
        reply = await user.slash("queue")
        assert reply.acknowledged
