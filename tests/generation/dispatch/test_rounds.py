"""Many ask for the same work at once: it is done a few times and everybody has their answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from generation.dispatch.rounds import Rounds


class Work:
    """Waits for `go` in each round, and remembers what was in it."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.done: list[list[int]] = []
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        self._breaks = breaks

    async def __call__(self, items: Sequence[int]) -> int:
        self.done.append(list(items))
        self.begun.set()
        await self.go.wait()
        if self._breaks:
            raise OSError("the disk is gone")
        return sum(items)


async def test_who_comes_while_it_is_done_is_in_the_next_round_and_nobody_in_two() -> None:
    work = Work()
    rounds = Rounds(work)
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(rounds.join(1))
        await work.begun.wait()
        others = [tasks.create_task(rounds.join(number)) for number in (2, 3, 4)]
        await asyncio.sleep(0)
        work.go.set()
    assert work.done == [[1], [2, 3, 4]]
    assert (first.result(), {one.result() for one in others}) == (1, {9})


async def test_who_leaves_does_not_end_it_for_the_others() -> None:
    work = Work()
    rounds = Rounds(work)
    leaving = asyncio.ensure_future(rounds.join(1))
    await work.begun.wait()
    staying = [asyncio.ensure_future(rounds.join(number)) for number in (2, 3)]
    leaving.cancel()
    await asyncio.wait([leaving])
    work.go.set()
    assert await asyncio.gather(*staying) == [5, 5]
    assert work.done == [[1], [2, 3]]


async def test_what_went_wrong_is_told_to_everybody_of_the_round_and_the_next_begins_anew() -> None:
    work = Work(breaks=True)
    rounds = Rounds(work)
    work.go.set()
    failed = await asyncio.gather(*map(rounds.join, (1, 2, 4)), return_exceptions=True)
    assert [type(one) for one in failed] == [OSError] * 3
    with pytest.raises(OSError, match="the disk is gone"):
        await rounds.join(3)
