"""What every chat does alike with a status message and a result, on the smallest chat there is."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.delivery.sending import Closed, TooLarge
from bot.delivery.transport import Delivered, Gone, Later, Shown, Undeliverable
from bot.delivery.transport_parts import REMEMBERED
from generation.events import Cancelled, Failed, Finished, Succeeded, Waiting
from generation.jobs import Job, Requester, Ticket, Variation
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.chat_platform import Room, RoomTransport
from tests.fakes.program.core import House, house, wish

pytestmark = pytest.mark.slow

KIM = Requester("chat", "kim")
ROOM = Room(locale="en", token="secret")
NEXT, SECOND = Waiting(1, None, 1), Waiting(2, None, 2)
FAILED = Failed("timed_out", "It took too long.")


@dataclass
class Chat:
    home: House
    transport: RoomTransport
    engine: SteppedEngine

    async def submitted(self, *, key: str | None = None) -> Ticket:
        return await self.home.service.submit(wish(), KIM, key=key, address=ROOM.to_reply())

    async def announced(self) -> Job:
        """A job whose status message stands in the room."""
        ticket = await self.submitted()
        await self.transport.announce(ticket, ROOM, self.transport.send())
        return await self.job(ticket)

    async def ended(self, job_id: str) -> Job:
        async for _ in self.home.service.watch(job_id):
            pass
        return (await self.home.service.view(job_id)).job

    async def job(self, ticket: Ticket) -> Job:
        return (await self.home.service.view(ticket.job_id)).job


@asynccontextmanager
async def chat(folder: Path) -> AsyncGenerator[Chat]:
    engine = SteppedEngine()
    async with house(folder, engine) as home:
        yield Chat(home, RoomTransport(home), engine)


async def test_a_request_is_announced_once_however_often_it_comes(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        for _ in range(2):
            ticket = await at.submitted(key="the same")
            await at.transport.announce(ticket, ROOM, at.transport.send())
        assert (await at.job(ticket)).message == "1"
        assert list(at.transport.messages) == [1]
        assert at.transport.followed == [ticket.job_id]


@pytest.mark.parametrize("result", [Closed("no right"), Later(5.0)])
async def test_without_a_status_message_the_job_is_followed_all_the_same(
    tmp_path: Path, result: Closed | Later
) -> None:
    async with chat(tmp_path) as at:
        at.transport.results.append(result)
        job = await at.announced()
        assert job.message is None
        assert at.transport.followed == [job.id]


async def test_a_job_that_has_ended_already_gets_no_status_message(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        ticket = await at.submitted()
        await at.home.service.cancel(ticket.job_id)
        await at.transport.announce(ticket, ROOM, at.transport.send())
        assert at.transport.messages == {}
        assert at.transport.followed == [ticket.job_id]


async def test_what_a_message_says_already_needs_no_edit(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        assert await at.transport.show(job, NEXT, resumed=False) == Shown()
        assert at.transport.edited == 0
        assert await at.transport.show(job, SECOND, resumed=False) == Shown()
        assert await at.transport.show(job, SECOND, resumed=False) == Shown()
        assert at.transport.edited == 1


async def test_after_a_restart_a_message_is_edited_whatever_it_says(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        again = RoomTransport(at.home)
        await again.show(job, NEXT, resumed=True)
        assert again.messages[1].startswith("I was restarted meanwhile")


async def test_an_edit_that_has_to_wait_is_made_later(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        at.transport.results.append(Later(7.0))
        assert await at.transport.show(job, SECOND, resumed=False) == Later(7.0)
        assert await at.transport.show(job, SECOND, resumed=False) == Shown()
        assert at.transport.messages[1].startswith("2nd")


async def test_an_edit_takes_the_first_route_that_is_open(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        at.transport.results.append(Closed("the token has ended"))
        assert await at.transport.show(job, SECOND, resumed=False) == Shown()
        at.transport.results.extend([Closed("gone"), TooLarge()])
        assert await at.transport.show(job, NEXT, resumed=False) == Gone()


async def test_who_is_forgotten_is_shown_and_sent_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = replace(await at.announced(), address=None)
        assert await at.transport.show(job, SECOND, resumed=False) == Gone()
        assert isinstance(await at.transport.deliver(job, FAILED), Undeliverable)
        assert list(at.transport.messages) == [1]


async def test_the_status_message_and_the_token_go_once_a_result_is_there(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        assert await at.transport.deliver(job, FAILED) == Delivered()
        assert list(at.transport.messages) == [2]
        kept = (await at.home.service.view(job.id)).job.address
        assert kept is not None
        assert "secret" not in kept


async def test_the_word_that_all_variations_are_there_outlives_a_kill_before_it(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as at, at.home.at_work():
        alike = [replace(wish(), variation=Variation(number, 2)) for number in (1, 2)]
        address = ROOM.to_reply()
        ticket = await at.home.service.submit(alike[0], KIM, address=address, others=alike[1:])
        jobs = []
        for job_id in (await at.home.service.view(ticket.job_id)).variations:
            at.engine.finish(await at.engine.begun.get())
            jobs.append(await at.ended(job_id))
            at.home.clock.pass_(20.0)
        first, last = jobs
        await at.home.deliveries.delivered(first.id)
        assert await at.transport.deliver(last, FAILED) == Delivered()
        assert at.transport.messages == {1: "#2"}
        pending = [job.id for job in await at.home.deliveries.pending(["chat"])]
        assert pending == [last.id]  # who is killed here says it again
        await at.home.deliveries.delivered(last.id)
        await at.transport.recorded(last)
        assert at.transport.messages == {1: "#2"}


async def test_a_status_message_that_cannot_be_removed_costs_no_delivery(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        at.transport.removing = OSError("no network")
        assert await at.transport.deliver(job, FAILED) == Delivered()
        assert list(at.transport.messages) == [1, 2]


async def test_a_result_that_has_to_wait_leaves_the_status_message_and_the_token(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        at.transport.results.append(Later(9.0))
        assert await at.transport.deliver(job, FAILED) == Later(9.0)
        assert list(at.transport.messages) == [1]
        assert (await at.home.service.view(job.id)).job.address == ROOM.to_reply()


async def test_who_took_it_back_sees_it_in_the_status_message_or_nowhere(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        at.transport.results.extend([Closed("gone"), Closed("gone")])
        assert await at.transport.deliver(job, Cancelled()) == Delivered()
        assert await at.transport.deliver(job, Cancelled()) == Delivered()
        assert at.transport.messages == {1: "Cancelled."}


async def test_a_result_with_every_route_closed_says_why(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        at.transport.results.append(Closed("the chat is gone"))
        assert await at.transport.deliver(job, FAILED) == Undeliverable("send: the chat is gone")


async def test_an_earlier_clip_is_sent_again_and_goes_with_the_clip(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        engine = at.home.engine
        assert isinstance(engine, SteppedEngine)
        async with at.home.at_work():
            job = await at.announced()
            engine.finish(await engine.begun.get())
            async for event in at.home.service.watch(job.id):
                last = event
        assert isinstance(last, Finished)
        assert isinstance(last.outcome, Succeeded)
        route = at.transport.send()
        shown = at.transport.ending(job, "de", last.outcome)
        await at.transport.again(job, shown, route, chat=7)
        assert "the waves roll in" in at.transport.messages[2]
        assert (await at.transport.take_back([job])).staying == 0
        assert at.transport.messages == {}
        await at.home.service.delete(job.id)
        await at.transport.again(job, shown, route, chat=7)
        assert at.transport.messages == {}


async def test_of_jobs_that_were_deleted_nothing_is_remembered_for_ever(tmp_path: Path) -> None:
    async with chat(tmp_path) as at:
        job = await at.announced()
        others = [replace(job, id=f"{number}") for number in range(REMEMBERED)]
        for other in others:
            await at.transport.show(other, NEXT, resumed=False)
        at.transport.edited = 0
        await at.transport.show(others[-1], NEXT, resumed=False)
        assert at.transport.edited == 0
        await at.transport.show(job, NEXT, resumed=False)
        assert at.transport.edited == 1
