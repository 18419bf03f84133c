"""Nobody can take all the places, and whose turns are long has fewer of them."""

from __future__ import annotations

import asyncio

from generation.turns import FairTurns
from tests.fakes.program.core import Clock


class Places:
    """People who come and stay until they are told to go."""

    def __init__(self, places: int, each: int) -> None:
        self.clock = Clock(0.0)
        self.turns = FairTurns(places, each, clock=self.clock)
        self.inside: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}

    async def come(self, *names: str) -> dict[str, asyncio.Task[None]]:
        """`ann1` is the first request of `ann`."""
        came = {}
        for name in names:
            came[name] = asyncio.create_task(self._stay(name))
            await asyncio.sleep(0)
        return came

    async def leave(self, name: str, *, after: float = 1.0) -> None:
        self.clock.pass_(after)
        self._leave[name].set()
        for _ in range(4):
            await asyncio.sleep(0)

    async def _stay(self, name: str) -> None:
        self._leave[name] = asyncio.Event()
        async with self.turns.of(name[:-1]):
            self.inside.append(name)
            await self._leave[name].wait()
            self.inside.remove(name)


async def test_one_owner_never_holds_the_last_place() -> None:
    at = Places(places=3, each=2)
    await at.come("ann1", "ann2", "ann3", "ann4")
    assert at.inside == ["ann1", "ann2"]
    await at.come("ben1", "cat1")
    assert at.inside == ["ann1", "ann2", "ben1"]
    await at.leave("ben1")
    assert at.inside == ["ann1", "ann2", "cat1"]
    await at.leave("ann1")
    assert at.inside == ["ann2", "cat1", "ann3"]


async def test_who_has_had_least_comes_next_and_newcomers_before_those_who_took_long() -> None:
    at = Places(places=1, each=1)
    await at.come("ann1", "ann2", "ann3", "ben1", "ben2")
    await at.leave("ann1", after=20)
    assert at.inside == ["ben1"]
    await at.leave("ben1", after=1)
    assert at.inside == ["ben2"]
    await at.come("cat1")
    await at.leave("ben2", after=1)
    assert at.inside == ["cat1"]
    await at.leave("cat1")
    assert at.inside == ["ann2"]


async def test_who_gives_up_waiting_or_is_cut_off_costs_nobody_a_place() -> None:
    at = Places(places=1, each=1)
    came = await at.come("ann1", "ben1", "cat1", "dan1")
    came["ben1"].cancel()
    await at.leave("ann1")
    assert at.inside == ["cat1"]
    came["cat1"].cancel()
    await asyncio.wait([came["cat1"]])
    at.inside.remove("cat1")
    assert at.inside == ["dan1"]
    came["dan1"].cancel()
    await asyncio.wait([came["dan1"]])
    at.inside.remove("dan1")
    await at.come("eve1")
    assert at.inside == ["eve1"]


async def test_who_passes_a_place_on_comes_back_when_nobody_else_waits_and_counts_meanwhile() -> (
    None
):
    turns = FairTurns(places=1, each=1)
    order: list[str] = []
    waited: list[bool] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with turns.of("ann") as turn:
            begun.set()
            await go_on.wait()
            waited.append(turn.others_wait)
            await turn.pass_on()
            waited.append(turn.others_wait)
            order.append("slow")

    async def quick(owner: str) -> None:
        async with turns.of(owner):
            order.append(owner)

    tasks = [asyncio.create_task(slow())]
    await begun.wait()
    tasks += [asyncio.create_task(quick(owner)) for owner in ("ann", "ben", "cat")]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(*tasks)
    assert order == ["ben", "cat", "slow", "ann"]
    assert waited == [True, False]


async def test_who_is_cut_off_while_somebody_else_has_their_place_costs_nobody_one() -> None:
    turns, leave = FairTurns(places=1, each=1), asyncio.Event()

    async def slow() -> None:
        async with turns.of("ann") as turn:
            await asyncio.sleep(0)
            await turn.pass_on()

    async def other() -> None:
        async with turns.of("ben"):
            await leave.wait()

    cut_off, stays = asyncio.create_task(slow()), asyncio.create_task(other())
    for _ in range(5):
        await asyncio.sleep(0)
    cut_off.cancel()
    await asyncio.wait([cut_off])
    leave.set()
    await stays
    async with asyncio.timeout(30), turns.of("ann") as turn:
        assert not turn.others_wait
