"""What people in a chat see of their jobs: nothing twice, nothing lost, nothing too often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.delivery.narrator import AGAIN, Narrator
from bot.delivery.transport import Gone, Later, Pace, Undeliverable
from generation.engine.protocol import Phase, Step
from generation.events import Cancelled, PhaseName, Running, Succeeded, Waiting
from generation.jobs import Delivery, ReplyAddress, Requester, Ticket
from generation.store.delivery import GIVE_UP_TRIES
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import BEN, House, house, wish
from tests.fakes.program.transport import RecordingTransport, SteppedTime, settled, until

KIM = Requester("chat", "kim")
STEP = Phase(PhaseName.STEP)
SLOW = Pace("room", message=3.0, edits=5, window=5.0)


@asynccontextmanager
async def narrate(
    home: House, transport: RecordingTransport, time: SteppedTime | None = None, look: float = 0.01
) -> AsyncGenerator[Narrator]:
    time = time or SteppedTime()
    narrator = Narrator(
        home.service,
        home.deliveries,
        {transport.platform: transport},
        clock=time,
        sleep=time.sleep,
        look=look,
    )
    running = asyncio.create_task(narrator.run())
    await settled()
    yield narrator
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()


async def submitted(home: House, narrator: Narrator | None = None, who: Requester = KIM) -> Ticket:
    ticket = await home.service.submit(wish(), who, address=ReplyAddress("room"))
    await home.deliveries.attach(ticket.job_id, "message")
    if narrator is not None:
        narrator.follow(ticket.job_id)
        await until(lambda: ticket.job_id in narrator.followed)
    return ticket


async def delivery(home: House, job_id: str) -> Delivery:
    return (await home.service.view(job_id)).job.delivery


def places(transport: RecordingTransport, job_id: str) -> list[int]:
    return [
        event.position
        for shown, event, _ in transport.shown
        if shown == job_id and isinstance(event, Waiting)
    ]


async def test_the_narrator_shows_the_place_and_the_progress_and_delivers_the_clip(
    tmp_path: Path,
) -> None:
    engine, transport = SteppedEngine(), RecordingTransport()
    async with house(tmp_path, engine) as home, narrate(home, transport) as narrator:
        ticket = await submitted(home, narrator)
        await until(lambda: transport.shown)
        async with home.at_work():
            animation = await engine.begun.get()
            engine.tell(animation, STEP, Step(1, 2))
            await until(lambda: isinstance(transport.shown[-1][1], Running))
            engine.finish(animation)
            await until(lambda: not narrator.followed)
        [(job_id, outcome)] = transport.delivered
        assert await delivery(home, ticket.job_id) is Delivery.DELIVERED
    assert job_id == ticket.job_id
    assert isinstance(outcome, Succeeded)
    assert transport.shown[0] == (job_id, Waiting(1, None, 1), False)


async def test_a_restart_resumes_what_was_not_delivered_and_repeats_nothing_that_was(
    tmp_path: Path,
) -> None:
    engine, before, after = SteppedEngine(), RecordingTransport(), RecordingTransport()
    async with house(tmp_path, engine) as home, narrate(home, before, look=60.0) as narrator:
        async with home.at_work():
            first = await submitted(home, narrator)
            engine.finish(await engine.begun.get())
            await until(lambda: before.delivered and not narrator.followed)
        waiting = await submitted(home, narrator)
        ended = await submitted(home)
        await until(lambda: before.shown and before.shown[-1][0] == waiting.job_id)
        await home.service.cancel(ended.job_id)
    async with house(tmp_path, engine) as home, narrate(home, after) as narrator, home.at_work():
        engine.finish(await engine.begun.get())
        await until(lambda: not narrator.followed)
    assert [job_id for job_id, _ in before.delivered] == [first.job_id]
    assert {job_id for job_id, _ in after.delivered} == {waiting.job_id, ended.job_id}
    assert len(after.delivered) == 2
    assert all(resumed for _, _, resumed in after.shown)
    assert after.shown[0][0] == waiting.job_id


async def test_a_cancelled_jobs_end_is_delivered_as_well(tmp_path: Path) -> None:
    transport = RecordingTransport()
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport) as narrator:
        ticket = await submitted(home, narrator)
        await home.service.cancel(ticket.job_id)
        await until(lambda: not narrator.followed)
    assert transport.delivered == [(ticket.job_id, Cancelled())]


async def test_a_message_is_edited_no_more_often_than_its_pace_and_then_with_the_newest(
    tmp_path: Path,
) -> None:
    engine, time = SteppedEngine(), SteppedTime()
    transport = RecordingTransport(pace=SLOW)
    async with house(tmp_path, engine) as home:
        await submitted(home)
        async with home.at_work(), narrate(home, transport, time):
            animation = await engine.begun.get()
            engine.tell(animation, STEP)
            for index in range(1, 6):
                engine.tell(animation, Step(index, 9))
                await settled()
            assert len(transport.shown) == 1
            await time.pass_(2.9)
            assert len(transport.shown) == 1
            await time.pass_(0.2)
            assert len(transport.shown) == 2
    newest = transport.shown[-1][1]
    assert isinstance(newest, Running)
    assert newest.step == 5


async def test_all_messages_of_a_place_share_its_rate(tmp_path: Path) -> None:
    transport = RecordingTransport(pace=SLOW)
    time = SteppedTime()
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport, time) as narrator:
        for _ in range(8):
            await submitted(home, narrator)
        await settled()
        assert len(transport.shown) == SLOW.edits
        await time.pass_(5.1)
        assert len(transport.shown) == 8


async def test_a_result_waits_for_no_edit_rate(tmp_path: Path) -> None:
    engine = SteppedEngine()
    transport = RecordingTransport(pace=Pace("room", message=1e6, edits=1, window=1e6))
    async with house(tmp_path, engine) as home:
        await submitted(home)
        async with narrate(home, transport) as narrator, home.at_work():
            engine.finish(await engine.begun.get())
            await until(lambda: not narrator.followed)
    assert len(transport.delivered) == 1


async def test_a_platform_that_asks_for_patience_gets_it(tmp_path: Path) -> None:
    transport, time = RecordingTransport(), SteppedTime()
    transport.showings.append(Later(20.0))
    transport.deliverings.append(Later(40.0))
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport, time) as narrator:
        ticket = await submitted(home, narrator)
        other = await submitted(home, narrator)
        await until(lambda: transport.shown)
        await settled()
        assert len(transport.shown) == 1  # the place is left alone, not only the message
        await home.service.cancel(ticket.job_id)
        await settled()
        assert not transport.delivered
        await time.pass_(20.1)
        await until(lambda: transport.delivered)
        await until(lambda: time.sleeps_until(time.now + 40.0))
        assert await delivery(home, ticket.job_id) is Delivery.PENDING
        await time.pass_(39.0)
        assert len(transport.delivered) == 1
        await time.pass_(1.1)
        await until(lambda: len(transport.delivered) == 2)
        await until(lambda: narrator.followed == {other.job_id})
        assert await delivery(home, ticket.job_id) is Delivery.DELIVERED


async def test_a_status_message_that_is_gone_is_left_alone_but_the_clip_still_comes(
    tmp_path: Path,
) -> None:
    engine, transport = SteppedEngine(), RecordingTransport()
    transport.showings.append(Gone())
    async with house(tmp_path, engine) as home, narrate(home, transport) as narrator:
        await submitted(home, narrator)
        await until(lambda: transport.shown)
        async with home.at_work():
            animation = await engine.begun.get()
            engine.tell(animation, STEP, Step(1, 2))
            await settled()
            engine.finish(animation)
            await until(lambda: not narrator.followed)
    assert len(transport.shown) == 1
    assert len(transport.delivered) == 1


async def test_whom_nobody_can_reach_is_recorded_and_not_tried_again(tmp_path: Path) -> None:
    transport = RecordingTransport()
    transport.deliverings.append(Undeliverable("the chat is gone"))
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport) as narrator:
        ticket = await submitted(home, narrator)
        await home.service.cancel(ticket.job_id)
        await until(lambda: not narrator.followed)
        await asyncio.sleep(0.03)  # a few looks for forgotten jobs
        assert await delivery(home, ticket.job_id) is Delivery.UNDELIVERABLE
    assert len(transport.delivered) == 1


async def test_a_defect_with_one_job_postpones_it_and_disturbs_no_other(tmp_path: Path) -> None:
    transport, time = RecordingTransport(), SteppedTime()
    transport.deliverings.append(RuntimeError("a defect"))
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport, time) as narrator:
        broken = await submitted(home, narrator)
        await home.service.cancel(broken.job_id)
        await until(lambda: transport.delivered)
        fine = await submitted(home, narrator)
        await home.service.cancel(fine.job_id)
        await until(lambda: narrator.followed == {broken.job_id})
        assert await delivery(home, fine.job_id) is Delivery.DELIVERED
        await time.pass_(AGAIN + 1)
        await until(lambda: not narrator.followed)
        assert await delivery(home, broken.job_id) is Delivery.DELIVERED


async def test_an_outcome_that_could_not_be_delivered_for_a_day_is_given_up(tmp_path: Path) -> None:
    transport, time = RecordingTransport(), SteppedTime()
    transport.deliverings.extend([Later(60.0)] * GIVE_UP_TRIES)
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport, time) as narrator:
        ticket = await submitted(home, narrator)
        await home.service.cancel(ticket.job_id)
        await until(lambda: transport.delivered)
        await settled()
        home.clock.pass_(25 * 3600)

        def again() -> bool:
            return len(transport.delivered) == number

        for number in range(1, GIVE_UP_TRIES + 1):
            await until(again)
            await settled()
            if number < GIVE_UP_TRIES:
                await time.pass_(61)
        await time.pass_(61)
        await until(lambda: not narrator.followed)
        assert await delivery(home, ticket.job_id) is Delivery.UNDELIVERABLE
    assert len(transport.delivered) == GIVE_UP_TRIES


async def test_a_job_that_was_deleted_is_followed_no_further(tmp_path: Path) -> None:
    transport = RecordingTransport()
    transport.deliverings.append(Later(5.0))
    time = SteppedTime()
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport, time) as narrator:
        ticket = await submitted(home, narrator)
        await home.service.cancel(ticket.job_id)
        await until(lambda: transport.delivered)
        assert await home.service.delete(ticket.job_id)
        await time.pass_(6.0)
        await until(lambda: not narrator.followed)
    assert len(transport.delivered) == 1


async def test_a_job_that_nobody_follows_is_found(tmp_path: Path) -> None:
    transport = RecordingTransport()
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport) as narrator:
        ticket = await submitted(home)
        await until(lambda: narrator.followed == {ticket.job_id})


async def test_people_on_other_platforms_are_not_followed_here(tmp_path: Path) -> None:
    transport = RecordingTransport()
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport) as narrator:
        await submitted(home, who=BEN)
        await asyncio.sleep(0.03)
        assert narrator.followed == frozenset()


async def test_places_are_shown_at_thresholds_only(tmp_path: Path) -> None:
    transport = RecordingTransport()
    async with house(tmp_path, SteppedEngine()) as home, narrate(home, transport) as narrator:
        ahead = [await home.service.submit(wish(), KIM) for _ in range(14)]
        last = await submitted(home, narrator)
        await until(lambda: transport.shown)
        for ticket in ahead:
            await home.service.cancel(ticket.job_id)
            await home.positions.tell()
            await settled()
    assert places(transport, last.job_id) == [15, 14, 11, 9, 7, 6, 5, 4, 3, 2, 1]
