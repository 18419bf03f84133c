"""Over the wire: what people write to the bot, and what old programs still send it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.discord.test_wire import PNG, Wire, wire
from tests.fakes.discord.double import BOT, CHANNEL, DM
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


async def test_what_an_old_program_still_offers_is_answered_in_private(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        picture = at.discord.attach(PNG, "photo.png")
        image = {"name": "image", "type": 11, "value": picture["id"]}
        resolved = {"resolved": {"attachments": {picture["id"]: picture}}}
        stale = [
            command("gone"),
            command("animate", image, {"name": "style", "type": 3, "value": "oil"}) | resolved,
            command("animate", image, {"name": "motion", "type": 3, "value": "swirl"}) | resolved,
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
