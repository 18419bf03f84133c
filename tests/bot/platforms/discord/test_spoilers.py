"""What somebody covered stays covered, whatever becomes of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from generation.engine.protocol import Preview
from tests.bot.platforms.discord.conversation import job_of
from tests.bot.platforms.discord.test_wire import PNG, wire
from tests.fakes.discord.double import CHANNEL, EVERYTHING, GUILD, channel
from tests.fakes.discord.server import Server, server

pytestmark = pytest.mark.slow

COVERED = ("SPOILER_photo.png", PNG)


def files(at: Server) -> list[list[str]]:
    """What hangs on each message of the channel."""
    return [[file.filename for file in message.attachments] for message in at.messages]


async def test_the_clip_of_a_covered_picture_is_covered_and_so_is_what_is_made_of_it(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate(image=COVERED)
        await at.finish()
        assert files(at) == [["SPOILER_photoplay.mp4"]]
        clip = at.messages[-1]
        for label in ("Re-roll", "Extend"):
            await at.member("leo").click(clip, label=label)
            await at.pass_(90.0)
            await at.finish()
            assert files(at)[-1] == ["SPOILER_photoplay.mp4"]
        shown = await at.member("leo").click(at.messages[-1], label="Edit")
        await at.member("leo").submit_modal(shown, {})
        await at.finish()
        assert files(at)[-1] == ["SPOILER_photoplay.mp4"]
        listed = await at.member().slash(at.channel, "videos")
        assert listed.response is not None
        again = await at.member().select(listed.response, [job_of(clip)], custom_id="v1|videos")
        assert again.response is not None
        assert [file.filename for file in again.response.attachments] == ["SPOILER_photoplay.mp4"]


async def test_a_covered_end_or_a_covered_picture_of_a_message_covers_the_clip(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate(end_image=COVERED)
        await at.finish()
        posted = await at.member("leo").send(at.channel, "look", attachments=[COVERED])
        shown = await at.member().context_menu(at.channel, "Animate this image", posted)
        await at.member().submit_modal(shown, {})
        await at.finish()
        await at.animate()
        await at.finish()
        first, _, by_click, plain = files(at)
        assert first == by_click == ["SPOILER_photoplay.mp4"]
        assert plain == ["photoplay.mp4"]


async def test_what_is_for_adults_is_covered_elsewhere_and_so_is_what_is_made_of_that(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        adults = channel() | {"id": "703", "nsfw": True, "guild_id": GUILD}
        adults |= {"permissions": EVERYTHING}
        await at.discord.animate(PNG, place="703", channel=adults)
        await at.finish()
        clip: dict[str, Any] = await at.clip("703")
        assert "SPOILER_" not in str(clip["attachments"])
        for place, shown, name in (
            ("703", "703", "photoplay.mp4"),
            (CHANNEL, CHANNEL, "SPOILER_photoplay.mp4"),
            (CHANNEL, CHANNEL, "SPOILER_photoplay.mp4"),
        ):
            button = re.search(r"v1\|reroll\|video_[a-z2-7]+", str(clip["components"]))
            assert button is not None
            more: dict[str, Any] = {"place": place, "channel": adults} if place == "703" else {}
            pressed = await at.discord.press(clip, button[0], **more)
            await at.finish()
            await at.discord.until(
                lambda: at.discord.messages.get(pressed.original or "", {}).get("attachments")  # noqa: B023
            )
            clip = at.discord.messages[str(pressed.original)]
            assert [one["filename"] for one in clip["attachments"]] == [name]
            assert clip["channel_id"] == shown


async def test_a_preview_of_a_covered_picture_is_covered(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        file = at.discord.attach(PNG, "SPOILER_photo.png")
        await at.discord.animate(PNG, file=file)
        animation = await at.begun()
        at.engine.tell(animation, Preview(b"\xff\xd8 a jpeg"))
        await at.discord.until(lambda: at.clips())
        assert [one.files for one in at.discord.requests if one.files] == [
            {"SPOILER_preview.jpg": b"\xff\xd8 a jpeg"}
        ]
        await at.finish(animation)
        await at.discord.until(lambda: "SPOILER_photoplay.mp4" in str(at.clips()))
