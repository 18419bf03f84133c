"""A form that is refused loses nothing: a button opens it again, as it was filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import simcord
from simcord.results import ResponseMessage

from tests.bot.platforms.discord.conversation import clip_of, job_of
from tests.fakes.discord.server import Server, server

pytestmark = pytest.mark.slow

AUTO = {"motion": ["auto"], "effect": ["auto"]}
"""What stands in a form about a new picture before anything is chosen."""

ONE, TWO = ("one.png", b"one"), ("two.png", b"two")


def stands_in(shown: simcord.InteractionResult) -> dict[str, Any]:
    """What somebody sees in the fields of a form before they touch one."""
    assert shown.modal is not None
    found: dict[str, Any] = {}
    for label in shown.modal["components"]:
        field = label["component"]
        chosen = [one["value"] for one in field.get("options", ()) if one.get("default")]
        if chosen or field.get("value"):
            found[field["custom_id"]] = chosen or field["value"]
    return found


async def refused(
    at: Server, shown: simcord.InteractionResult, typed: dict[str, Any], says: str
) -> ResponseMessage:
    """The refusal, which only they see."""
    reply = await at.member().submit_modal(shown, stands_in(shown) | typed)
    simcord.assert_responded(reply, contains=says, ephemeral=True)
    assert reply.response is not None
    assert "'label': 'Edit again'" in str(reply.response.components)
    return reply.response


async def test_an_edit_goes_on_from_what_was_typed_until_it_is_taken(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        clip = await clip_of(at)
        shown = await at.member().click(clip, label="Edit")
        typed = {"prompt": "the sea freezes", "effect": ["snow"], "seconds": "long"}
        no_number = await refused(at, shown, typed, "as a number")
        await at.restart()
        shown = await at.member().click(no_number, label="Edit again")
        assert stands_in(shown) == {"motion": ["auto"]} | typed
        blocked = {"prompt": "gore", "seconds": "2,0"}
        shown = await at.member().click(
            await refused(at, shown, blocked, "not welcome"), label="Edit again"
        )
        await at.member().submit_modal(shown, stands_in(shown) | {"prompt": "it thaws"})
        request = (await at.begun()).request
        assert (request.prompt, request.effect, request.num_frames) == ("it thaws", "snow", 49)
        assert request.remixed_from == job_of(clip)
        await at.home.forgetting.forget((await at.home.service.view(job_of(clip))).job.requester)
        reply = await at.member().click(no_number, label="Edit again")
        simcord.assert_responded(reply, contains="older version", ephemeral=True)


async def test_pictures_that_were_chosen_are_still_chosen(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        posted = await at.member("leo").send(at.channel, "look", attachments=[ONE, TWO])
        shown = await at.member().context_menu(at.channel, "Animate this image", posted)
        again = await refused(at, shown, {"prompt": "gore", "picture": ["1"]}, "not welcome")
        shown = await at.member().click(again, label="Edit again")
        assert stands_in(shown) == {"prompt": "gore", "picture": ["1"]} | AUTO
        await at.member().submit_modal(shown, stands_in(shown) | {"prompt": "it smiles"})
        animation = await at.begun()
        assert Path(at.home.workspace.input(animation.request.image)).read_bytes() == b"two"


async def test_a_storyboard_keeps_its_lines_and_its_pictures(tmp_path: Path) -> None:
    async with server(tmp_path) as at:
        shown = await at.member().slash(at.channel, "storyboard", transition="crossfade")
        typed = {"scenes": "the sea\ngore", "seconds": "1"}
        given = typed | {"pictures": [ONE, TWO]}
        shown = await at.member().click(
            await refused(at, shown, given, "not welcome"), label="Edit again"
        )
        assert stands_in(shown) == typed | {"transition": ["crossfade"]}
        assert "Other pictures (else the same: 2)" in str(shown.modal)
        shown = await at.member().click(
            await refused(at, shown, {"seconds": "long"}, "as a number"), label="Edit again"
        )
        calm = {"scenes": "the sea\ncalm", "seconds": "1"}
        await at.member().submit_modal(shown, stands_in(shown) | calm)
        request = (animation := await at.begun()).request
        assert (request.prompt, request.num_frames) == ("the sea", 25)
        assert Path(animation.image).read_bytes() == b"one"
