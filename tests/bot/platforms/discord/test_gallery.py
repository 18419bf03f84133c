"""`/videos`: one's kept clips as pages of pictures, what can be done with one, and showing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import discord
import pytest

from generation.jobs import Requester
from tests.bot.platforms.discord.conversation import clip_of, delete, job_of, labels
from tests.bot.platforms.discord.test_wire import PNG, wire
from tests.fakes.discord.server import Server, server
from tests.fakes.program.core import wish

pytestmark = pytest.mark.slow


async def made(at: Server, prompt: str) -> str:
    requester = Requester("discord", str(at.member().id))
    ticket = await at.home.service.submit(wish(prompt), requester)
    at.engine.finish(await at.begun())
    async for _ in at.home.service.watch(ticket.job_id):
        pass
    at.home.workspace.thumbnail(ticket.job_id).write_bytes(b"\xff\xd8 a jpeg")
    return ticket.job_id


async def opened(at: Server) -> Any:
    reply = await at.member().slash(at.channel, "videos")
    assert reply.response is not None
    assert reply.response.ephemeral
    return reply.response


async def chosen(at: Server, page: Any, job_id: str) -> Any:
    reply = await at.member().select(page, [job_id], custom_id="v1|videos")
    assert reply.response is not None
    assert reply.response.ephemeral
    return reply.response


def listed(page: Any) -> list[tuple[str, bool]]:
    """What each clip says of itself, and whether a picture stands beside it."""
    found = []
    for part in page.message.components:
        if isinstance(part, discord.SectionComponent):
            [text] = part.children
            assert isinstance(text, discord.TextDisplay)
            found.append((text.content.splitlines()[0], True))
        elif isinstance(part, discord.TextDisplay) and "\n-# " in part.content:
            found.append((part.content.splitlines()[0], False))
    return found


def buttons(shown: Any) -> list[str]:
    return labels(shown.message)


async def test_the_pages_show_only_what_is_kept_behind_whatever_was_cancelled(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        ids = [await made(at, f"*number* {n}") for n in range(7)]
        for _ in range(26):
            at.home.clock.pass_(1.0)
            ticket = await at.home.service.submit(wish(), Requester("discord", str(at.member().id)))
            await at.home.service.cancel(ticket.job_id)
        at.home.workspace.clip(ids[3]).unlink()
        at.home.workspace.thumbnail(ids[6]).unlink()
        page = await opened(at)
        assert listed(page) == [(f"\\*number\\* {n}", n != 6) for n in (6, 5, 4, 2, 1)]
        assert [file.filename for file in page.attachments] == [f"{n}.jpg" for n in (2, 3, 4, 5)]
        await at.member().click(page, label="Older ▶")
        assert (listed(page), buttons(page)) == ([("\\*number\\* 0", True)], ["◀ Newer"])
        assert [file.filename for file in page.attachments] == ["6.jpg"]


async def test_a_chosen_clip_has_its_buttons_a_mark_and_can_be_shown_to_all(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        job_id = job_of(clip)
        alone = await chosen(at, await opened(at), job_id)
        rest = [
            "Re-roll",
            "Edit",
            "Extend",
            "Loop",
            "Boomerang",
            "More motion",
            "Less motion",
            "×2",
            "Recipe",
        ]
        assert buttons(alone) == [*rest, "☆ Favourite", "Show it here", "Delete"]
        shown = await at.member().click(alone, label="Show it here")
        assert shown.response is not None
        assert not shown.response.ephemeral
        everybody = at.messages[-1]
        assert everybody.content.startswith(f"<@{at.member().id}> ")
        assert [file.filename for file in everybody.attachments] == ["photoplay.mp4"]
        assert labels(everybody) == [*rest, "Delete"]


async def test_a_mark_is_kept_stands_in_the_list_and_picks_from_it(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        first, second = await made(at, "first"), await made(at, "second")
        page = await opened(at)
        assert "★ Favourites" not in buttons(page)
        await at.member().click(await chosen(at, page, first), label="☆ Favourite")
        assert (await at.home.service.view(first)).job.favorite
        await at.restart()
        page = await opened(at)
        assert [text for text, _ in listed(page)] == ["second", "★ first"]
        await at.member().click(page, label="★ Favourites")
        assert ([text for text, _ in listed(page)], buttons(page)) == (["★ first"], ["All clips"])
        alone = await chosen(at, page, first)
        await at.member().click(alone, label="★ Favourite")
        assert "☆ Favourite" in buttons(alone)
        await at.member().click(page, label="All clips")
        assert [text for text, _ in listed(page)] == ["second", "first"]
        assert second in str(page.components)


async def test_deleting_from_the_list_takes_the_clip_out_of_the_channel_too(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        alone = await chosen(at, await opened(at), job_of(clip))
        await at.member().click(alone, label="Show it here")
        assert len(at.messages) == 2
        await delete(at, alone)
        assert at.messages == []
        assert not at.home.workspace.clip(job_of(clip)).exists()


async def test_over_the_wire_a_page_has_its_pictures_and_covers_what_was_covered(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path) as at:
        file = at.discord.attach(PNG, "SPOILER_photo.png")
        await at.discord.animate(PNG, file=file)
        await at.finish()
        clip = await at.clip()
        job_id = job_of_wire(clip)
        at.home.workspace.thumbnail(job_id).write_bytes(b"\xff\xd8 a jpeg")
        began = await at.discord.interact(2, {"id": "1", "name": "videos", "type": 1})
        path = f"{began.token}/messages/@original"
        await at.discord.until(lambda: at.discord.heard("PATCH", path))
        [edit] = at.discord.heard("PATCH", path)
        assert edit.files == {"1.jpg": b"\xff\xd8 a jpeg"}
        assert edit.body["flags"] == 1 << 15
        [section] = [one for one in edit.body["components"] if one["type"] == 9]
        assert section["accessory"]["media"]["url"] == "attachment://1.jpg"
        assert section["accessory"]["spoiler"]


def job_of_wire(message: dict[str, Any]) -> str:
    """The clip that the first button of a message is about."""
    return str(message["components"][0]["components"][0]["custom_id"].rpartition("|")[2])
