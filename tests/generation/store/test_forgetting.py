"""What is deleted is gone, and the limits still know that there was something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generation.errors import Expired, JobNotFound, QuotaExceeded
from generation.jobs import Delivery, JobStatus, Keyframe, ReplyAddress, Requester
from generation.store.inbox import Update
from generation.store.origin import asked_by
from generation.store.pseudonym import Pseudonyms
from generation.store.quota import Limits
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import BEN, House, house, wish

KIM = Requester("chat", "kim")
TWICE = Limits(queued_per_user=None, per_hour=2, per_day=9, queue_size=99)


async def made(home: House, engine: SteppedEngine, who: Requester = KIM) -> str:
    request = replace(wish("a secret wish"), image=f"{who.user}.png", end_image="end.png")
    for name in request.inputs:
        home.workspace.input(name).write_bytes(b"picture")
    address = ReplyAddress("a secret room")
    ticket = await home.service.submit(request, who, address=address, key="k", digest="d")
    engine.finish(await engine.begun.get())
    async for _ in home.service.watch(ticket.job_id):
        pass
    return ticket.job_id


async def dump(home: House) -> str:
    rows = await home.database.rows("SELECT * FROM jobs")
    return repr([tuple(row) for row in rows])


async def test_nothing_a_person_said_or_who_they_are_is_left_in_the_table_or_on_the_disk(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        job_id = await made(home, engine)
        assert await home.service.forget(KIM) == 1
        left = await dump(home)
        assert list(home.workspace.inputs.iterdir()) == []
        assert list(home.workspace.clips.iterdir()) == []
        with pytest.raises(JobNotFound):
            await home.service.view(job_id)
        assert await home.service.videos(KIM) == []
        assert await home.service.forget(KIM) == 0
    for word in ("secret", "kim", ".png", "clips"):
        assert word not in left


async def test_what_was_asked_before_is_not_queued_after_however_long_its_picture_took(
    tmp_path: Path,
) -> None:
    engine, rows = SteppedEngine(), [Update(number, KIM.user, "{}") for number in (1, 2)]
    async with house(tmp_path, engine) as home:
        await home.inbox.put(KIM.platform, "bot", rows)
        with asked_by("bot", 1):
            await home.service.forget(KIM)
            home.workspace.input("a.png").write_bytes(b"picture")
            with pytest.raises(Expired, match="forgotten"):
                await home.service.submit(replace(wish(), image="a.png"), KIM)
        assert list(home.workspace.inputs.iterdir()) == []
        assert await home.service.active(KIM) == []
        await home.inbox.put(KIM.platform, "bot", [Update(3, KIM.user, "{}")])
        with asked_by("bot", 3):
            await home.service.submit(wish(), KIM)


async def test_taking_back_leaves_what_says_so(tmp_path: Path) -> None:
    rows = [Update(number, KIM.user, "{}") for number in (1, 2)]
    async with house(tmp_path, SteppedEngine()) as home:
        await home.inbox.put(KIM.platform, "bot", rows)
        with asked_by("bot", 2):
            await home.service.take_back(KIM)
        assert [one.number for one in await home.inbox.waiting("bot")] == [2]


async def test_forgetting_gives_no_clips_back_before_the_window_closes(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine, limits=TWICE) as home, home.at_work():
        await made(home, engine)
        await home.service.forget(KIM)
        await made(home, engine)
        await home.service.forget(KIM)
        standing = await home.service.standing(KIM)
        assert (standing.usage.hour, standing.usage.day) == (2, 2)
        with pytest.raises(QuotaExceeded):
            await home.service.check(KIM)
        with pytest.raises(QuotaExceeded):
            await home.service.submit(wish(), KIM)
        home.clock.pass_(3601)
        await made(home, engine)


async def test_what_waits_and_runs_is_cancelled_first(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        running = await home.service.submit(wish(), KIM)
        await engine.begun.get()
        await home.service.submit(wish(), KIM)
        other = await home.service.submit(wish(), BEN)
        assert await home.service.forget(KIM) == 2
        assert (await engine.begun.get()).job == other.job_id
        assert engine.cancelled == [running.job_id]


async def test_somebody_elses_jobs_stay(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        job_id = await made(home, engine, BEN)
        await home.service.forget(KIM)
        view = await home.service.view(job_id)
        assert view.job.request.prompt == "a secret wish"
        assert home.workspace.clip(job_id).exists()


async def test_a_name_cannot_be_guessed_back_without_the_secret() -> None:
    ours, theirs = Pseudonyms(b"ours"), Pseudonyms(b"theirs")
    assert ours.of(KIM) == ours.of(Requester("chat", "kim"))
    assert ours.of(KIM) != theirs.of(KIM)
    assert "kim" not in ours.of(KIM)


async def test_deleting_one_job_empties_that_one_and_it_still_counts(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine, limits=TWICE) as home, home.at_work():
        job_id = await made(home, engine)
        assert await home.service.delete(job_id)
        assert not await home.service.delete(job_id)
        assert "secret" not in await dump(home)
        assert await home.service.videos(KIM) == []
        assert not home.workspace.clip(job_id).exists()
        assert (await home.service.standing(KIM)).usage.hour == 1
        assert await home.deliveries.pending({"chat"}) == []


async def test_deleting_a_running_job_interrupts_it(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await home.service.submit(wish(), KIM, address=ReplyAddress("room"))
        await engine.begun.get()
        assert await home.service.delete(ticket.job_id)
        [row] = await home.database.rows("SELECT status, delivery FROM jobs")
        assert (row["status"], row["delivery"]) == (JobStatus.CANCELLED, Delivery.NONE)


async def test_the_sweep_spares_every_file_that_a_waiting_job_reads(tmp_path: Path) -> None:
    request = replace(
        wish(),
        image="a.png",
        end_image="b.png",
        keyframes=(Keyframe(8, "c.png"),),
        extends="d.mp4",
    )
    async with house(tmp_path, SteppedEngine()) as home:
        await home.service.submit(request, KIM)
        assert await home.history.needed_inputs() == {"a.png", "b.png", "c.png", "d.mp4"}


async def test_an_address_can_lose_the_secret_in_it_even_after_delivery(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await home.service.submit(wish(), KIM, address=ReplyAddress("room+token"))
        await home.deliveries.delivered(ticket.job_id)
        assert await home.deliveries.readdress(ticket.job_id, ReplyAddress("room"))
        assert (await home.service.view(ticket.job_id)).job.address == "room"
        web = await home.service.submit(wish(), BEN)
        assert not await home.deliveries.readdress(web.job_id, ReplyAddress("room"))
