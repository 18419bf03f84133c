"""What nobody asks for and everybody notices: who is told, who is rung, what stands in a text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat import summaries
from bot.language.catalogue import load_texts
from bot.language.wording import brief
from bot.platforms.discord.formatting import discord_formatting
from generation.directions.vocabulary import Effect, Motion
from generation.notes import Note, duration
from tests.bot.platforms.discord.test_forgetting import settled
from tests.bot.platforms.discord.test_gallery import job_of_wire
from tests.bot.platforms.discord.test_wire import PNG, Wire, wire
from tests.fakes.discord.double import CHANNEL, DM, GUILD
from tests.fakes.program.chat import SEA, chatting


async def waiting(at: Wire) -> dict[str, object]:
    """A status message in the channel."""
    began = await at.discord.animate(PNG)
    await at.discord.until(lambda: began.original and at.discord.heard("PATCH", began.token))
    return at.discord.messages[str(began.original)]


@pytest.mark.slow
async def test_whoever_wants_to_is_told_directly_when_it_is_done(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        status = await waiting(at)
        job_id = job_of_wire(status)
        assert f"v1|notify|{job_id}" in str(status["components"])
        stranger = await at.discord.press(status, f"v1|notify|{job_id}", user="66")
        await at.discord.until(lambda: at.discord.heard("POST", f"/webhooks/.*{stranger.token}"))
        pressed = await at.discord.press(status, f"v1|notify|{job_id}")
        await at.discord.until(lambda: at.discord.heard("POST", f"/webhooks/.*{pressed.token}"))
        assert "|notify|" not in str(status["components"])
        await at.finish()
        await at.discord.until(lambda: at.discord.shown(DM))
        [told] = at.discord.shown(DM)
        [clip] = at.clips()
        link = f"https://discord.com/channels/{GUILD}/{CHANNEL}/{clip['id']}"
        assert told["content"] == f"Your clip is ready: {link}"
        await waiting(at)
        await at.finish()
        await at.discord.until(lambda: len(at.clips()) == 2)
        await settled(at)
        assert at.discord.shown(DM) == [told]


@pytest.mark.slow
async def test_a_reroll_says_whose_it_is_and_rings_nobody(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await at.discord.animate(PNG)
        await at.finish()
        clip = await at.clip()
        again = f"v1|reroll|{job_of_wire(clip)}"
        pressed = await at.discord.press(clip, again, user="66")
        await at.discord.until(
            lambda: pressed.original and at.discord.heard("PATCH", pressed.token)
        )
        status = at.discord.messages[str(pressed.original)]
        assert str(status["content"]).startswith("<@66> ")
        await at.finish()
        await at.discord.until(lambda: len(at.clips()) == 2)
        assert str(at.clips()[-1]["content"]).startswith("<@66> the sea moves")
        edits = at.discord.heard("PATCH", "/messages/")
        rung = [one.body["allowed_mentions"] for one in edits if "content" in one.body]
        assert all(not one.get("users") and one["parse"] == [] for one in rung)


@pytest.mark.slow
async def test_a_stage_for_adults_has_its_clip_covered_where_it_is_sent_directly(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path, member=False) as at:
        stage = {"id": CHANNEL, "type": 13, "nsfw": True, "name": "stage", "position": 0}
        stage |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "parent_id": None}
        stage |= {"permissions": "0", "guild_id": GUILD, "last_message_id": None}
        interaction = await at.discord.animate(PNG, channel=stage)
        animation = await at.begun()
        await at.discord.until(lambda: at.discord.heard("PATCH", "@original"))
        interaction.expired = True
        await at.finish(animation)
        await at.discord.until(lambda: at.clips(DM))
        assert "SPOILER_photoplay.mp4" in str(at.clips(DM))


@pytest.mark.parametrize(
    ("prompt", "written"),
    [
        ("see www.example.com", "see www\u200b.example.com"),
        ("discord.gg/abc", "discord\u200b.gg/abc"),
        ("Discord.com/invite/abc", "Discord\u200b.com/invite/abc"),
        ("http://x.org", "http\\://x.org"),
        ("a wwwild, discordant sea", "a wwwild, discordant sea"),
    ],
)
def test_no_address_or_invitation_in_a_prompt_unfolds(prompt: str, written: str) -> None:
    assert discord_formatting().escape(prompt) == written


@pytest.mark.parametrize("prompt", ["", " \n", "\u200b\u2060", "\u3164", "\ufe0f", "\u2800"])
def test_a_prompt_of_which_nothing_is_seen_has_a_label(prompt: str) -> None:
    english = load_texts().of("en")
    assert brief(prompt, discord_formatting(), english) == "(no prompt)"
    assert brief(f"{prompt}海", discord_formatting(), english).endswith("海")


async def test_a_recipe_says_each_thing_once(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job = await at.commands.job(await at.made(options=SEA))
    english, formatting = load_texts().of("en"), discord_formatting()
    request = replace(job.request, motion=Motion.PAN_LEFT, effect=Effect.RAIN)
    notes = (
        duration(25, 24),
        Note("camera", shots=("pan-left normal normal",)),
        Note("weather", effects=("rain",)),
        Note("cut_off", percent=3),
    )
    said = summaries.recipe(english, formatting, replace(job, request=request, notes=notes))
    for once in ("25 frames", "Pan", "Rain"):
        assert said.count(once) == 1, said
    assert "(3 %)" in said
    slow = (Note("camera", shots=("pan-left slow normal",)),)
    said = summaries.recipe(english, formatting, replace(job, request=request, notes=slow))
    assert "slow pan to the left" in said
