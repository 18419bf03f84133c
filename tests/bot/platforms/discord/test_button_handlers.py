"""Every button, on the day it was made and long after, for its owner and for everybody else."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
import simcord

from generation.jobs import JobStatus
from tests.bot.platforms.discord.conversation import clip_of, delete, job_of, labels
from tests.fakes.discord.server import server

pytestmark = pytest.mark.slow


async def test_a_reroll_is_a_clip_of_whoever_pressed(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        old = (await at.home.service.view(job_of(clip))).job
        await at.member("leo").click(clip, label="Re-roll")
        request = (await at.begun()).request
        assert (request.prompt, request.remixed_from) == ("the sea moves", old.id)
        assert request.seed != old.request.seed
        new = (await at.home.service.view(job_of(at.messages[-1]))).job
        assert new.requester.user == str(at.member("leo").id)


async def test_an_edit_begins_with_what_was_asked_and_takes_the_change(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        old = (await at.home.service.view(job_of(clip))).job
        shown = await at.member("leo").click(clip, label="Edit")
        form = str(shown.modal)
        assert "the sea moves" in form
        assert "'value': '1.0'" in form
        ids = inputs(shown)
        filled: dict[str, object] = {ids["prompt"]: "the sea freezes", ids["effect"]: ["snow"]}
        filled[ids["seconds"]] = "1.0"
        await at.member("leo").submit_modal(shown, filled)
        request = (await at.begun()).request
        assert (request.prompt, request.effect) == ("the sea freezes", "snow")
        assert (request.seed, request.num_frames) == (old.request.seed, 25)


async def test_a_form_takes_a_length_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        for typed, frames in (("2,0", 49), ("long", None)):
            shown = await at.member().click(clip, label="Edit")
            reply = await at.member().submit_modal(shown, {inputs(shown)["seconds"]: typed})
            if frames is None:
                simcord.assert_responded(reply, contains="as a number", ephemeral=True)
            else:
                animation = await at.begun()
                assert animation.request.num_frames == frames
                await at.finish(animation)


async def test_loop_and_extend_are_there_when_the_engine_can(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        await at.member().click(clip, label="Loop")
        animation = await at.begun()
        assert animation.request.loop
        await at.finish(animation)
        await at.member().click(clip, label="Extend")
        assert (await at.begun()).request.extends is not None
    async with server(tmp_path / "plain", options=frozenset()) as at:
        assert labels(await clip_of(at)) == ["Re-roll", "Edit", "Recipe", "Delete"]


async def test_a_draft_becomes_the_clip_in_full_and_goes(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate(size="256x192", draft=True)
        small = await at.begun()
        assert (small.request.width, small.request.height) == (128, 96)
        await at.finish(small)
        [draft] = at.messages
        assert labels(draft)[0] == "Render in full"
        await at.member().click(draft, label="Render in full")
        full = await at.begun()
        assert (full.request.width, full.request.seed) == (256, small.request.seed)
        await at.finish(full)
        [clip] = at.messages
        assert clip.id != draft.id
        assert labels(clip)[0] == "Re-roll"


async def test_a_recipe_is_said_in_private(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        reply = await at.member("leo").click(await clip_of(at), label="Recipe")
        simcord.assert_responded(reply, contains="Prompt: the sea moves", ephemeral=True)


async def test_only_the_owner_or_a_moderator_of_the_server_deletes_a_clip(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        reply = await at.member("leo").click(clip, label="Delete")
        assert "Only the person" in reply.followups[0].content
        assert reply.followups[0].ephemeral
        assert [one.id for one in at.messages] == [clip.id]
        role = at.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
        reply = await at.member("mo", roles=[role]).click(clip, label="Delete")
        [sure] = reply.followups
        assert sure.ephemeral
        assert [one["label"] for one in sure.components[0]["components"]] == ["Delete", "Keep"]
        assert labels(at.messages[0]) == labels(clip)
        await at.member("mo").click(sure, label="Keep")
        assert at.home.workspace.clip(job_of(clip)).exists()
        await delete(at, clip, "mo")
        assert at.messages == []
        assert not at.home.workspace.clip(job_of(clip)).exists()
        await delete(at, await clip_of(at))
        assert at.messages == []


async def test_only_the_owner_takes_a_request_back(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        [status] = at.messages
        reply = await at.member("leo").click(status, label="Cancel")
        simcord.assert_responded(reply, contains="Only the person", ephemeral=True)
        await at.begun()
        await at.member().click(status, label="Cancel")
        await at.settle()
        [ended] = at.messages
        assert ended.content == "Cancelled."
        assert labels(ended) == ["Re-roll", "Edit", "Delete"]
        job = (await at.home.service.view(job_of(status))).job
        assert job.status is JobStatus.CANCELLED


async def test_buttons_work_after_a_restart_and_years_later(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        await at.restart()
        reply = await at.member().click(clip, label="Recipe")
        simcord.assert_responded(reply, contains="Prompt: the sea moves", ephemeral=True)
        at.home.workspace.input(
            (await at.home.service.view(job_of(clip))).job.request.image
        ).unlink()
        reply = await at.member().click(clip, label="Re-roll")
        assert "no longer kept" in reply.followups[0].content


async def test_a_button_of_another_version_gets_a_sentence(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        for old in ("v0|again|123", "v1|reroll|video_short", "something else"):
            view = discord.ui.View(timeout=None)
            view.add_item(discord.ui.Button(label="Old", custom_id=old))
            channel = at.front.client.get_partial_messageable(at.channel.id)
            await channel.send("from long ago", view=view)
            at.front.client._connection._view_store._views.clear()
            reply = await at.member().click(at.messages[-1], label="Old")
            simcord.assert_responded(reply, contains="older version", ephemeral=True)


async def test_a_clip_that_nobody_knows_any_more_is_said_so(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        await at.home.service.forget((await at.home.service.view(job_of(clip))).job.requester)
        reply = await at.member("leo").click(clip, label="Edit")
        simcord.assert_responded(reply, ephemeral=True)


def inputs(shown: simcord.InteractionResult) -> dict[str, str]:
    """The ids of a form's fields by what they ask for."""
    assert shown.modal is not None
    names = {"What should happen": "prompt", "How the camera": "motion", "Weather": "effect"}
    names |= {"How long": "seconds", "Which picture": "picture"}
    found = {}
    for label in shown.modal["components"]:
        for start, name in names.items():
            if label["label"].startswith(start):
                found[name] = label["component"]["custom_id"]
    return found
