"""The story of a request on Discord, from `/animate` to the clip."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import simcord

from generation.directions.vocabulary import Motion
from generation.engine.protocol import Phase, Preview, Step
from generation.events import Failed, PhaseName
from generation.jobs import Delivery
from generation.store.state import Mode
from tests.bot.platforms.discord.conversation import calls, job_of, labels
from tests.fakes.discord.server import PICTURE, server
from tests.fakes.engine.stepped import STEPPED
from tests.generation.media.clips import encoded

pytestmark = pytest.mark.slow

BUTTONS = (
    "Re-roll, Edit, Extend, Loop, Boomerang, More motion, Less motion, ×2, Recipe, Delete".split(
        ", "
    )
)

JPEG = b"\xff\xd8\xff\xe0 a preview"


async def test_a_picture_becomes_a_clip_in_the_message_that_showed_its_place(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate(prompt="the *sea* moves @everyone <@1> https://example.com")
        [status] = at.messages
        assert labels(status) == ["Cancel", "DM me when it is done"]
        assert status.attachments == []
        await at.finish()
        [clip] = at.messages
        assert clip.id == status.id
        assert [file.filename for file in clip.attachments] == ["photoplay.mp4"]
        assert clip.content.startswith("the \\*sea\\* moves @\u200beveryone \\<@\u200b1> https\\:")
        assert re.search(r"1 s · seed \d+", clip.content)
        assert labels(clip) == BUTTONS
        assert clip.mentions == []
        assert not clip.mention_everyone


async def test_the_first_answer_comes_before_anything_else_is_asked_of_discord(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.settle()
        before = len(at.env.http_requests)
        await at.animate()
        first = at.env.http_requests[before]
        assert first.path.endswith("/callback")


async def test_who_waits_sees_their_place_and_a_countdown_nobody_has_to_edit(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        at.home.estimator.learn(25 * 704 * 480, 25.0)
        await at.animate("ann")
        await at.animate("ben")
        await at.animate("kim")
        status = at.messages[-1]
        assert re.fullmatch(r"2nd of 2 in line, starts <t:\d+:R>\.", status.content)
        edits = calls(at, "PATCH", "/webhooks/")
        at.home.clock.pass_(5.0)
        await at.home.positions.tell()
        await at.settle()
        assert calls(at, "PATCH", "/webhooks/") == edits
        await at.finish()
        at.home.clock.pass_(5.0)
        await at.until(lambda: at.messages[-1].content.startswith("Next in line, starts <t:"))


async def test_who_waits_is_told_why_nothing_moves(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.home.queue.set_mode(Mode.PAUSED)
        await at.animate()
        assert at.messages[-1].content.startswith("Next in line.\nThe queue is paused by")
        await at.home.queue.set_mode(Mode.PAUSED, "The engine does not start.")
        async with asyncio.timeout(30):
            while "Something on my side is broken" not in at.messages[-1].content:
                at.home.clock.pass_(5.0)  # the edit before may have come only now
                await at.home.positions.tell()
                await at.settle()
        await at.home.queue.set_mode(Mode.DRAINING)
        await at.begun()


async def test_progress_has_a_bar_and_the_engines_preview(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        animation = await at.begun()
        at.engine.tell(animation, Phase(PhaseName.STEP), Step(3, 10))
        await at.settle()
        at.home.clock.pass_(4.0)
        at.engine.tell(animation, Preview(JPEG), Step(4, 10))
        await at.settle()
        [status] = at.messages
        assert status.content.startswith("▰▰▰▰▱▱▱▱▱▱ 4/10")
        assert [file.filename for file in status.attachments] == ["preview.jpg"]
        await at.finish(animation)
        [clip] = at.messages
        assert [file.filename for file in clip.attachments] == ["photoplay.mp4"]


async def test_a_clip_that_took_over_a_minute_is_a_new_message_that_calls_its_requester(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        animation = await at.begun()
        await at.pass_(90.0)
        await at.finish(animation)
        [clip] = at.messages
        assert clip.id != status.id
        assert [user.id for user in clip.mentions] == [at.member().id]
        assert clip.content.startswith(at.member().mention)


async def test_a_clip_that_took_longer_than_the_token_lives_comes_from_the_bot_itself(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        job = job_of(status)
        animation = await at.begun()
        await at.pass_(22 * 60)
        await at.front.tidy()
        address = (await at.home.service.view(job)).job.address
        assert address is not None
        assert "token" not in address
        posted = calls(at, "POST", r"/channels/\d+/messages$")
        await at.finish(animation)
        assert calls(at, "POST", r"/channels/\d+/messages$") == posted + 1
        [clip] = at.messages
        assert clip.id != status.id
        assert clip.attachments


async def test_a_token_is_erased_with_the_delivery(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        await at.finish()
        job = (await at.home.service.view(job_of(status))).job
        assert job.delivery is Delivery.DELIVERED
        assert job.address is not None
        assert "token" not in job.address


async def test_a_clip_that_cannot_be_made_is_said_so_with_its_number(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        animation = await at.begun()
        at.engine.tell(animation, Failed("out_of_memory", "size", {"nearest": "64x64"}))
        await at.settle()
        [ended] = at.messages
        assert ended.id == status.id
        assert "At 64×64 it should fit" in ended.content
        assert job_of(status) in ended.content
        assert labels(ended) == ["Re-roll", "Edit", "Delete"]


async def test_what_the_payload_tells_is_refused_before_anybody_else_sees_anything(
    tmp_path: Path,
) -> None:
    async with server(tmp_path, options=frozenset({"end_image"})) as at:
        for options, says in (
            ({"image": ("notes.txt", b"words")}, "not a picture"),
            ({"image": ("big.png", bytes(25_000_001))}, "25.0 MB"),
            ({"end_image": ("notes.txt", b"words")}, "not a picture"),
            ({"size": "huge"}, "`auto` or width x height"),
            ({"frames": 25}, "seconds or a number of frames"),
            ({"prompt": "gore"}, "not welcome"),
        ):
            reply = await at.animate(**options)
            simcord.assert_responded(reply, contains=says, ephemeral=True)
        assert at.messages == []


async def test_only_what_the_engine_can_do_is_offered(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        one_move = frozenset({Motion.PAN_LEFT})
        poor = replace(STEPPED, motions=one_move, effects=frozenset(), options=frozenset())
        at.engine.capabilities = poor
        await at.front.tidy()
        command = at.front.client.tree.get_command("animate")
        assert isinstance(command, discord.app_commands.Command)
        shown = [one.name for one in command.parameters]
        always = ["image", "prompt", "motion", "seconds", "size", "seed", "frames"]
        assert shown == [*always, "draft", "variations"]
        assert [one.value for one in command.parameters[2].choices] == ["auto", "pan-left"]
        reply = await at.member().slash(at.channel, "help")
        simcord.assert_responded(reply, contains="prompt, motion, seconds", ephemeral=True)


async def test_sizes_and_lengths_are_offered_in_words_and_taken_as_numbers(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        kim = at.member()
        offered = await kim.autocomplete(at.channel, "animate", "size", "")
        assert [one["value"] for one in offered][:2] == ["auto", "736x416"]
        assert [one["name"] for one in offered][1] == "Wide · 736x416"
        offered = await kim.autocomplete(at.channel, "animate", "size", "1920x1080")
        assert [one["value"] for one in offered] == ["1920x1080"]
        offered = await kim.autocomplete(at.channel, "animate", "seconds", "")
        assert [one["value"] for one in offered] == [3.0, 5.0, 7.0, 10.0]
        for size, shape in (("1920x1080", (1280, 704)), ("square", (576, 576))):
            await at.animate(size=size)
            animation = await at.begun()
            assert (animation.request.width, animation.request.height) == shape
            await at.finish(animation)


async def test_every_option_reaches_the_request(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate(
            motion="pan-left",
            effect="rain",
            seconds=2.0,
            size="256x192",
            negative="people",
            seed=7,
            steps=12,
            guidance=2.5,
            end_image=("end.png", b"end"),
        )
        request = (await at.begun()).request
        assert (request.motion, request.effect, request.num_frames) == ("pan-left", "rain", 49)
        assert (request.width, request.height, request.seed) == (256, 192, 7)
        assert (request.negative_prompt, request.num_inference_steps) == ("people", 12)
        assert request.guidance_scale == 2.5
        assert request.end_image is not None


async def test_a_clip_that_comes_back_is_made_again_with_other_words(tmp_path: Path) -> None:
    clip = ("clip.mp4", encoded(tmp_path).path.read_bytes())
    async with server(tmp_path / "server") as at:
        await at.animate(image=clip, prompt="the sun sets")
        request = (await at.begun()).request
        assert (request.prompt, request.seed, request.num_frames) == ("the sun sets", 7, 25)
        assert (request.width, request.height) == (64, 96)
        reply = await at.animate(image=PICTURE, end_image=clip)
        simcord.assert_responded(reply, contains="not a picture", ephemeral=True)


async def test_missing_permissions_are_named_before_anybody_waits(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        deny = discord.PermissionOverwrite(attach_files=False)
        channel = at.guild.create_text_channel("silent", overwrites={at.guild.default_role: deny})
        await at.settle()
        reply = await at.member().slash(channel, "animate", image=("photo.png", b"picture"))
        simcord.assert_responded(reply, contains="I lack: Attach Files", ephemeral=True)


async def test_what_somebody_else_answers_already_is_left_to_them(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        at.env.inject_error("POST", "/interactions/*/callback", status=400, code=40060)
        await at.animate()
        assert at.messages == []
        assert at.engine.begun.empty()


async def test_where_the_first_answer_comes_too_late_the_channel_gets_it(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        at.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
        await at.animate()
        [status] = at.messages
        assert labels(status) == ["Cancel", "DM me when it is done"]
        await at.finish()
        [clip] = at.messages
        assert clip.attachments
