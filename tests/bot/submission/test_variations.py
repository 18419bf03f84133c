"""Several clips of one wish: all or none, each counted, one request, each with its own life."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.submission.digests import Remake
from generation.errors import QueueFull, QuotaExceeded, RequestKeyReused, UnsupportedOption
from generation.jobs import Delivery, Job, Ticket
from tests.fakes.program.chat import FEW, KIM, LEO, ROOM, SEA, Chat, chatting

TWO, FOUR = replace(SEA, variations=2), replace(SEA, variations=4)


async def together(at: Chat, ticket: Ticket) -> list[Job]:
    """All that were asked for with the one that the ticket names."""
    view = await at.home.service.view(ticket.job_id)
    return [await at.commands.job(job_id) for job_id in view.variations]


async def test_variations_differ_by_their_seed_and_the_first_has_the_asked_one(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at:
        ticket = await at.asked(options=FOUR)
        jobs = await together(at, ticket)
        assert jobs[0].id == ticket.job_id
        assert [job.request.seed for job in jobs] == [5, 6, 7, 8]
        assert len({job.request.image for job in jobs}) == len(at.inputs()) == 4
        assert {(job.delivery, job.address) for job in jobs} == {(Delivery.PENDING, ROOM)}
        listed = await at.home.service.videos(KIM.requester)
        assert {view.job.id for view in listed} == {job.id for job in jobs}
        assert {view.variations for view in listed} == {tuple(job.id for job in jobs)}
        alone = await at.asked()
        assert (await at.home.service.view(alone.job_id)).variations == ()


async def test_each_variation_counts_by_the_hour_and_all_of_them_once_at_a_time(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path, limits=replace(FEW, per_hour=4)) as at:
        await at.asked(options=TWO)
        standing = await at.submission.standing(KIM)
        assert (standing.usage.active, standing.usage.hour) == (1, 2)
        with pytest.raises(QuotaExceeded, match="several_hour"):
            await at.asked(options=FOUR)
        await at.asked(options=TWO)  # exactly as many as are left
        with pytest.raises(QuotaExceeded, match="active"):
            await at.asked()
        assert len(at.inputs()) == 4


async def test_variations_are_queued_whole_or_not_at_all(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=replace(FEW, queue_size=3)) as at:
        with pytest.raises(QueueFull):
            await at.asked(LEO, FOUR)
        assert (await at.home.history.counts())["asked"] == 0
        assert at.inputs() == set()


@pytest.mark.parametrize("count", [-1, 0, 3, 5])
async def test_other_numbers_of_variations_are_refused(tmp_path: Path, count: int) -> None:
    async with chatting(tmp_path) as at:
        with pytest.raises(UnsupportedOption, match="choice"):
            await at.asked(options=replace(SEA, variations=count))


async def test_a_repeated_request_is_answered_with_the_first_variation(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        first = await at.asked(options=TWO, key="k")
        again = await at.asked(options=TWO, key="k")
        assert (again.job_id, again.repeated) == (first.job_id, True)
        with pytest.raises(RequestKeyReused):
            await at.asked(options=FOUR, key="k")
        assert (await at.home.history.counts())["asked"] == len(at.inputs()) == 2


async def test_a_deleted_variation_leaves_the_others_their_pictures(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        ticket = await at.asked(options=TWO)
        first, second = await together(at, ticket)
        at.engine.finish(await at.engine.begun.get())
        await at.home.service.delete(first.id)
        assert at.inputs() == {second.request.image}
        assert (await at.home.service.view(second.id)).variations == (second.id,)


async def test_a_clip_is_made_again_in_variations_but_not_doubled(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at, at.home.at_work():
        job_id = await at.made()
        ticket = await at.remade(KIM, job_id, Remake.REMIX, {"variations": 2})
        assert {job.request.remixed_from for job in await together(at, ticket)} == {job_id}
        with pytest.raises(UnsupportedOption, match="choice"):
            await at.remade(KIM, job_id, Remake.UPSCALE, {"variations": 2})


async def test_cancelling_in_a_chat_ends_all_variations(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        ticket = await at.asked(options=FOUR)
        await at.commands.cancel(KIM, ticket.job_id)
        assert (await at.submission.standing(KIM)).usage.active == 0
