"""Over real HTTP and a real WebSocket: what the library does with what Discord really sends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.delivery.narrator import Narrator
from bot.platforms.discord.front import DiscordFront
from bot.platforms.discord.pictures import PATIENCE
from bot.platforms.discord.token_check import check_token
from bot.submission.fetching import Patience
from generation.engine.protocol import Animation, Step
from generation.errors import Misconfigured
from generation.jobs import Requester
from tests.fakes.discord.double import CHANNEL, DM, Discord
from tests.fakes.discord.rest import discord_double
from tests.fakes.discord.server import Copies, Followed, front_of, parts_of
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import House, house

pytestmark = pytest.mark.slow

PNG = b"\x89PNG\r\n\x1a\n as far as anybody looks"


@dataclass
class Wire:
    discord: Discord
    home: House
    engine: SteppedEngine
    front: DiscordFront
    copies: Copies

    async def begun(self) -> Animation:
        async with asyncio.timeout(30):
            return await self.engine.begun.get()

    async def finish(self, animation: Animation | None = None) -> None:
        self.engine.finish(animation or await self.begun())

    def requester(self, user: str) -> Requester:
        return Requester("discord", user)

    def clips(self, channel: str = CHANNEL) -> list[dict[str, object]]:
        return [one for one in self.discord.shown(channel) if one["attachments"]]

    async def clip(self, channel: str = CHANNEL) -> dict[str, object]:
        await self.discord.until(lambda: self.clips(channel))
        [clip] = self.clips(channel)
        return clip


@asynccontextmanager
async def wire(
    folder: Path, *, member: bool = True, retry: float = 5.0, patience: Patience = PATIENCE
) -> AsyncGenerator[Wire]:
    engine = SteppedEngine()
    async with discord_double(member=member) as discord, house(folder, engine) as home:
        home.clock.now = time.time()  # as the interactions' ids have it
        copies, followed = Copies(home.workspace.clips), Followed()
        api_url = f"{discord.url}/api/v10"
        parts = parts_of(home, copies)
        front = front_of(home, parts, followed, api_url=api_url, shards=None, patience=patience)
        narrator = followed.narrator = Narrator(
            home.service, home.deliveries, {"discord": front.transport}
        )
        async with home.at_work():
            await front.log_in()
            tasks = [
                asyncio.create_task(front.run(retry=retry)),
                asyncio.create_task(narrator.run()),
            ]
            await discord.until(lambda: front.client.guilds or not member)
            await discord.until(lambda: discord.gateway.identified)
            try:
                yield Wire(discord, home, engine, front, copies)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_picture_is_fetched_and_a_clip_is_uploaded(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        picture = at.home.workspace.input(animation.request.image)
        assert picture.read_bytes() == PNG
        assert interaction.callback == {"type": 5}
        await at.finish(animation)
        clip = await at.clip()
        assert clip["id"] == interaction.original
        [edit] = [one for one in at.discord.heard("PATCH", "/messages/") if one.files]
        assert edit.files == {"photoplay.mp4": b"clip"}


async def test_the_first_answer_waits_for_no_picture(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        at.discord.cdn.clear()
        interaction = await at.discord.animate(PNG)
        await at.discord.until(lambda: interaction.callback)
        assert at.engine.begun.empty()
        at.discord.cdn.set()
        await at.finish()
        await at.clip()


async def test_a_dropped_connection_is_resumed_and_no_command_is_lost(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await at.discord.gateway.drop()
        interaction = await at.discord.animate(PNG)
        await at.discord.until(lambda: interaction.callback)
        assert at.discord.gateway.resumed == 1
        assert at.discord.gateway.identified == 1
        await at.finish()
        await at.clip()


async def test_a_forgotten_session_begins_anew_at_the_same_gateway(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await at.discord.gateway.forget()
        await at.discord.until(lambda: at.discord.gateway.identified == 2, seconds=20)
        await at.discord.animate(PNG)
        await at.finish()
        await at.clip()


async def test_an_event_that_nobody_understands_does_not_end_the_front(tmp_path: Path) -> None:
    async with wire(tmp_path, retry=0.01) as at:
        await at.discord.gateway.tell("INTERACTION_CREATE", {"type": 2})
        await at.discord.until(lambda: at.discord.gateway.identified == 2)
        await at.discord.until(lambda: at.front.client.guilds)
        await at.discord.animate(PNG)
        await at.finish()
        await at.clip()


async def test_a_rate_limit_is_obeyed_and_the_clip_comes(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        await at.discord.until(
            lambda: interaction.original and at.discord.heard("PATCH", "@original")
        )
        at.discord.fail("PATCH", "/messages/", 429, retry_after=0.4, **{"global": False})
        before = len(at.discord.heard("PATCH", "/messages/"))
        await at.finish(animation)
        await at.clip()
        refused, *taken = at.discord.heard("PATCH", "/messages/")[before:]
        assert taken
        assert all(one.at - refused.at >= 0.4 for one in taken)


async def test_a_stumbling_discord_gets_the_clip_once_it_stands_again(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        await at.discord.until(
            lambda: interaction.original and at.discord.heard("PATCH", "@original")
        )
        at.discord.fail("PATCH", "/messages/", 500)
        await at.finish(animation)
        await at.clip()


async def test_too_large_a_clip_is_uploaded_again_smaller(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        await at.discord.until(
            lambda: interaction.original and at.discord.heard("PATCH", "@original")
        )
        at.discord.fail("PATCH", "/messages/", 413, 40005)
        await at.finish(animation)
        await at.clip()
        assert at.copies.made == [2]


async def test_a_token_refused_in_mid_job_leaves_the_bots_own_message(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        await at.discord.until(
            lambda: interaction.original and at.discord.heard("PATCH", "@original")
        )
        interaction.expired = True
        at.engine.tell(animation, Step(1, 4))
        await at.finish(animation)
        await at.clip()
        assert at.discord.heard("PATCH", f"/channels/{CHANNEL}/messages/")


async def test_an_interaction_near_its_end_is_not_used_any_more(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await at.discord.animate(PNG, age=14 * 60 + 57)
        await at.finish()
        await at.clip()
        uploads = [one for one in at.discord.requests if one.files]
        assert [one.path.split("/")[1] for one in uploads] == ["channels"]


async def test_where_only_the_command_is_installed_a_late_clip_comes_directly(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path, member=False) as at:
        at.home.estimator.learn(25 * 704 * 480, 1200.0)
        interaction = await at.discord.animate(PNG, authorizing_integration_owners={"1": "55"})
        animation = await at.begun()
        await at.discord.until(lambda: at.discord.heard("PATCH", "@original"))
        interaction.expired = True
        await at.finish(animation)
        clip = await at.clip(DM)
        assert f"I could not answer in <#{CHANNEL}>" in str(clip["content"])


async def test_with_direct_messages_closed_as_well_nothing_is_tried_for_ever(
    tmp_path: Path,
) -> None:
    async with wire(tmp_path, member=False) as at:
        at.discord.closed_dms = True
        interaction = await at.discord.animate(PNG)
        animation = await at.begun()
        interaction.expired = True
        await at.finish(animation)
        await at.discord.until(lambda: at.discord.heard("POST", f"/channels/{DM}/messages"))
        async with asyncio.timeout(30):
            while await at.home.deliveries.pending(["discord"]):  # noqa: ASYNC110 (a row)
                await asyncio.sleep(0.01)
        assert at.clips(DM) == []


async def test_the_queue_stands_in_the_presence(tmp_path: Path) -> None:
    async with wire(tmp_path) as at:
        await at.discord.animate(PNG)
        await at.begun()
        await at.discord.animate(PNG)
        await at.discord.until(lambda: len(at.discord.heard("PATCH", "@original")) == 2)
        await at.discord.until(at.front.client.is_ready)
        await at.front.tidy()
        await at.discord.until(lambda: at.discord.gateway.presences)
        assert at.discord.gateway.presences[-1]["activities"][0]["state"] == "1 in line"


async def test_a_wrong_token_is_said_at_the_start(tmp_path: Path) -> None:
    async with discord_double() as discord:
        discord.fail("GET", "/users/@me", 401)
        async with house(tmp_path, SteppedEngine()) as home:
            parts = parts_of(home, Copies(tmp_path))
            front = front_of(home, parts, Followed(), api_url=f"{discord.url}/api/v10")
            with pytest.raises(Misconfigured, match=r"Discord does not take discord\.token"):
                await front.log_in()


async def test_a_discord_out_of_reach_does_not_keep_the_others_from_starting(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        parts = parts_of(home, Copies(tmp_path))
        front = front_of(home, parts, Followed(), api_url="http://127.0.0.1:9/api/v10")
        await front.log_in()
        running = asyncio.create_task(front.run())
        await asyncio.sleep(0.05)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_doctor_sees_a_good_token_a_bad_one_and_no_network() -> None:
    async with discord_double() as discord:
        found = await check_token("token", f"{discord.url}/api/v10")
        assert found.ok
        assert "client_id=900" in found.message
        assert "permissions=274878008320" in found.message
        discord.guilds = [
            {"id": "1", "name": "Friends", "permissions": "274878008320"},
            {"id": "2", "name": "Studio", "permissions": "3072"},
            {"id": "3", "name": "Admins", "permissions": "8"},
        ]
        found = await check_token("token", f"{discord.url}/api/v10")
        assert not found.ok
        lacking = "attach files, read message history, send messages in threads"
        assert found.message == f"photoplay lacks permissions in Studio: {lacking}."
        del discord.guilds[1]
        found = await check_token("token", f"{discord.url}/api/v10")
        assert (found.ok, "all its servers (2)" in found.message) == (True, True)
        discord.fail("GET", "/oauth2/", 401)
        found = await check_token("token", f"{discord.url}/api/v10")
        assert (found.ok, found.message) == (False, "Discord does not take discord.token.")
    found = await check_token("token", "http://127.0.0.1:9/api/v10")
    assert found.message == "Discord cannot be reached."
