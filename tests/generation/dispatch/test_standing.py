"""What goes on as long as the program does survives a database that cannot be read for a while."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.delivery.narrator import Narrator
from bot.runtime.housekeeping import sweep
from generation.events import Finished, Succeeded, Waiting
from generation.jobs import ReplyAddress, Requester
from tests.bot.platforms.discord.conversation import job_of
from tests.fakes.discord.server import server
from tests.fakes.disk.trouble import no_growth, unreadable
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, house, wish
from tests.fakes.program.transport import RecordingTransport, SteppedTime, settled, until

pytestmark = pytest.mark.slow

KIM = Requester("chat", "kim")
ROOM = ReplyAddress("room")


async def ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        assert not task.done()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_places_are_told_again_once_they_can_be_read_again(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        await home.service.submit(wish(), ANN)
        second = await home.service.submit(wish(), ANN)
        with home.watchers.mailbox(second.job_id) as mailbox:
            events = mailbox.events()
            async with unreadable(tmp_path / "photoplay.db"):
                running = asyncio.create_task(home.positions.run())
                await settled()
            home.queue.moved.set()
            async with asyncio.timeout(30):
                assert await anext(events) == Waiting(2, None, 2)
        await ended(running)


async def test_the_sweep_deletes_nothing_while_it_cannot_tell_what_is_needed_and_goes_on(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        old = home.workspace.input("old.png")
        old.write_bytes(b"png")
        home.clock.now = old.stat().st_mtime + 90_000
        async with unreadable(tmp_path / "photoplay.db"):
            sweeping = asyncio.create_task(sweep(home.workspace, home.core.store, every=0.01))
            await settled()
            assert old.exists()
        await until(lambda: not old.exists())
        await ended(sweeping)


async def test_stories_of_before_are_resumed_once_they_can_be_read(tmp_path: Path) -> None:
    transport, time = RecordingTransport(), SteppedTime()
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await home.service.submit(wish(), KIM, address=ROOM)
        narrator = Narrator(
            home.service,
            home.deliveries,
            {"chat": transport},
            clock=time,
            sleep=time.sleep,
            look=0.01,
        )
        async with unreadable(tmp_path / "photoplay.db"):
            telling = asyncio.create_task(narrator.run())
            await settled()
            assert transport.shown == []
        await until(lambda: transport.shown)
        assert transport.shown == [(ticket.job_id, Waiting(1, None, 1), True)]
        async with unreadable(tmp_path / "photoplay.db"):
            await settled()
        late = await home.service.submit(wish(), KIM, address=ROOM)
        await until(lambda: late.job_id in narrator.followed)
        await ended(telling)


async def test_the_last_deliveries_are_waited_for_also_where_they_cannot_be_read(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        narrator = Narrator(home.service, home.deliveries, {"chat": RecordingTransport()})
        async with unreadable(tmp_path / "photoplay.db"):
            finishing = asyncio.create_task(narrator.finish(5.0))
            await settled()
            assert not finishing.done()
        await asyncio.wait_for(finishing, 4.0)


async def test_a_token_is_erased_by_a_later_round_where_the_first_finds_no_table(
    tmp_path: Path,
) -> None:
    async with server(tmp_path) as at:
        await at.animate()
        job = job_of(at.messages[0])
        await at.begun()
        async with unreadable(tmp_path / "photoplay.db"):
            keeping = asyncio.create_task(at.front.upkeep(every=0.01))
            await settled()
        await at.pass_(22 * 60)

        async def erased() -> bool:
            address = (await at.home.service.view(job)).job.address
            return address is not None and "token" not in address

        async with asyncio.timeout(30):
            while not await erased():  # noqa: ASYNC110 (a row is waited for)
                await asyncio.sleep(0.01)
        await ended(keeping)


async def test_an_outcome_is_told_as_soon_as_its_row_can_be_read(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), ANN)
        animation = await engine.begun.get()
        with home.watchers.mailbox(ticket.job_id) as mailbox:
            with no_growth(tmp_path / "photoplay.db"):
                engine.finish(animation)
                await settled()
            async with asyncio.timeout(30):
                async for event in mailbox.events():
                    newest = event
        assert isinstance(newest, Finished)
        assert isinstance(newest.outcome, Succeeded)
