"""What somebody has forgotten is gone: rows, words, keys, and every message that showed it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.discord.test_wire import PNG, Wire, wire
from tests.fakes.discord.double import CHANNEL, DM, Interaction

pytestmark = pytest.mark.slow

SECRET = "a word nobody else would write: xylobalsamum"


async def asked(at: Wire, answer: str = "yes") -> Interaction:
    """`/forget` and what is pressed under its question; the messages that only they see go."""
    began = await at.discord.interact(2, {"id": "1", "name": "forget", "type": 1})
    await at.discord.until(lambda: at.discord.heard("PATCH", f"{began.token}/messages/@original"))
    question = at.discord.messages.pop(str(began.original))
    assert "cannot be undone" in question["content"]
    at.discord.messages[question["id"]] = question | {"channel_id": "seen by them alone"}
    pressed = await at.discord.press(question, f"v1|forget|{answer}")
    await at.discord.until(lambda: _last(at, pressed) or question["id"] not in at.discord.messages)
    return pressed


def _last(at: Wire, pressed: Interaction) -> str:
    edits = at.discord.heard("PATCH", f"{pressed.token}/messages/@original")
    return str(edits[-1].body["content"]) if edits else ""


async def clip_of(at: Wire, *, late: bool = False, **more: Any) -> dict[str, Any]:
    before = len(at.clips())
    await at.discord.animate(PNG, prompt=SECRET, **more)
    if late:
        at.home.clock.pass_(90.0)
    await at.finish()
    await at.discord.until(lambda: len(at.clips()) > before)
    await settled(at)
    return at.clips()[-1]


async def settled(at: Wire) -> None:
    async with asyncio.timeout(30):
        while await at.home.deliveries.pending(["discord"]):  # noqa: ASYNC110 (a row)
            await asyncio.sleep(0.01)


def on_disk(folder: Path, words: str) -> list[str]:
    """The files in which these words can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


async def test_what_waits_is_told_every_clip_goes_and_no_word_is_left(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await clip_of(at)
        await clip_of(at, late=True)  # its own message, not the status
        waiting = await at.discord.animate(PNG, prompt=SECRET)
        await at.discord.until(lambda: at.discord.heard("PATCH", f"{waiting.token}/.*@original"))
        assert on_disk(tmp_path, SECRET)
        assert on_disk(tmp_path, waiting.token)
        kept = await asked(at, "no")
        assert _last(at, kept) == ""
        assert len(at.discord.shown()) == 3
        said = _last(at, await asked(at))
        assert said.startswith("Done: your clips, pictures and prompts are deleted (requests: 3)")
        assert "yourself" not in said
        assert [one["content"] for one in at.discord.shown()] == ["Cancelled."]
        assert on_disk(tmp_path, SECRET) == on_disk(tmp_path, waiting.token) == []


async def test_a_request_whose_picture_is_still_coming_is_taken_back_too(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        at.discord.cdn.clear()
        coming = await at.discord.animate(PNG, prompt=SECRET)
        await at.discord.until(lambda: at.discord.fetched)
        await asked(at)
        at.discord.cdn.set()
        await at.discord.until(lambda: "Cancelled." in str(at.discord.shown()))
        await at.discord.until(lambda: coming.original not in at.discord.messages)
        assert await at.home.service.active(at.requester("55")) == []
        assert list(at.home.workspace.inputs.iterdir()) == []
        assert on_disk(tmp_path, SECRET) == on_disk(tmp_path, coming.token) == []


async def test_what_may_not_be_removed_is_said_and_what_is_gone_already_is_not(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        clips = [await clip_of(at) for _ in range(3)]
        at.discord.fail("DELETE", f"/messages/{clips[0]['id']}", 403, 50001, times=9)
        del at.discord.messages[str(clips[1]["id"])]
        said = _last(at, await asked(at))
        assert "(1); please delete them yourself" in said
        assert [one["id"] for one in at.clips()] == [clips[0]["id"]]


async def test_a_clip_that_came_directly_goes_and_one_out_of_reach_is_said(tmp_path: Path) -> None:
    async with wire(tmp_path, member=False) as at:
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        await at.discord.until(lambda: at.discord.heard("PATCH", "@original"))
        interaction.expired = True
        await at.finish(animation)
        await at.discord.until(lambda: at.clips(DM))
        await settled(at)
        out_of_reach = await clip_of(at)
        said = _last(at, await asked(at))
        assert at.clips(DM) == []
        assert "(1); please delete them yourself" in said
        assert out_of_reach in at.clips()


async def test_the_key_of_a_clip_that_nobody_could_be_handed_is_not_kept(tmp_path: Path) -> None:
    async with wire(tmp_path, member=False) as at:
        at.discord.closed_dms = True
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        await at.discord.until(lambda: at.discord.heard("PATCH", "@original"))
        interaction.expired = True
        await at.finish(animation)
        await settled(at)
        [job] = await at.home.history.clips_of(at.requester("55"), most=9)
        assert job.delivery == "undeliverable"
        assert interaction.token not in str(job.address)


@pytest.mark.parametrize("says", ["metadata", "mention", "answer"])
async def test_an_old_clip_can_be_deleted_by_whom_discord_says_it_is_for(
    tmp_path: Path, says: str
) -> None:
    async with wire(tmp_path) as at:
        clip = await clip_of(at, late=says == "mention")
        if says == "answer":
            del clip["interaction_metadata"]
            author = {"id": "55", "username": "kim", "discriminator": "0", "avatar": None}
            question = {**clip, "id": "5", "author": author, "mentions": [clip["author"]]}
            clip |= {"message_reference": {"message_id": "5", "channel_id": CHANNEL}}
            clip |= {"type": 19, "referenced_message": question, "mentions": []}
        await at.home.service.forget(at.requester("55"))
        before = _buttons(clip)
        [delete] = [one for one in _buttons(clip) if "|delete|" in one]
        plain = str((1 << 46) - 1 - (1 << 13))  # everything but Manage Messages
        refused = await at.discord.press(clip, delete, user="66", permissions=plain)
        path = f"/webhooks/.*{refused.token}"
        await at.discord.until(lambda: at.discord.heard("POST", path))
        assert "There is no" in str(at.discord.heard("POST", path)[-1].body)
        pressed = await at.discord.press(clip, delete, permissions=plain)
        await at.discord.until(lambda: len(pressed.messages) == 1)
        question = at.discord.messages[pressed.messages[0]]
        assert (question["flags"], _buttons(clip)) == (64, before)
        [sure] = [one for one in _buttons(question) if "|erase|" in one]
        await at.discord.press(question, sure, permissions=plain)
        await at.discord.until(lambda: clip["id"] not in at.discord.messages)
        await at.discord.until(lambda: "Deleted" in question["content"])


def _buttons(message: dict[str, Any]) -> list[str]:
    return [one["custom_id"] for row in message["components"] for one in row["components"]]
