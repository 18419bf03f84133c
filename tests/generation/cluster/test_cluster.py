"""A real cluster on this machine, with cards that are only said to be there: whatever is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from generation.cluster.engine import ClusterEngine
from generation.cluster.spec import CardSpec, ClusterSpec, Rhythm
from generation.dispatch.engine_state import EngineState, EngineStatus
from generation.events import PhaseName, Succeeded
from generation.jobs import Requester
from tests.fakes.cluster.nodes import RayNode, environment, ray_node
from tests.fakes.engine.pipelines import FAKE
from tests.fakes.program.core import House, house, wish
from tests.generation.dispatch.contract import keeps_the_contract, outcome, until_running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROGRAM = ("-m", "tests.fakes.engine.pipelines", "steady")
CARD = CardSpec(PROGRAM, FAKE, dict.fromkeys(PhaseName, 60.0), "cuda")
HURRIED = Rhythm(look=0.2, ping=0.5, first_pause=1.0)
ONE, TWO = "127.0.0.2/cuda:0", "127.0.0.2/cuda:1"
SLOW = wish("slow", frames=17)
PEOPLE = [Requester("web", f"p{number}") for number in range(9)]


@pytest.fixture(scope="module")
def node() -> Iterator[RayNode]:
    with ray_node("127.0.0.2", gpus=2) as started:
        yield started


@asynccontextmanager
async def joined(node: RayNode, card: CardSpec = CARD) -> AsyncGenerator[ClusterEngine]:
    spec = ClusterSpec("cluster", node.head, card, rhythm=HURRIED)
    engine = ClusterEngine(spec, environment())
    try:
        yield engine
    finally:
        await engine.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not true():  # noqa: ASYNC110 (what is asked has no event)
            await asyncio.sleep(0.02)


def states(home: House) -> dict[str, EngineState]:
    return {state.name: state for state in home.workers.states()}


def stands(home: House, card: str) -> EngineStatus | None:
    return states(home)[card].status if card in states(home) else None


async def test_each_job_is_accepted_exactly_once_whatever_happens(
    tmp_path: Path, node: RayNode
) -> None:
    async with joined(node) as engine:

        async def kill() -> None:
            killed(node.engines())

        await keeps_the_contract(tmp_path, [engine], kill)


async def test_killed_hosts_and_a_killed_bridge_lose_nothing_and_make_nothing_twice(
    tmp_path: Path, node: RayNode
) -> None:
    async with joined(node) as engine, house(tmp_path, engine) as home:
        home.workspace.input("photo.png").write_bytes(b"a picture")
        async with home.at_work():
            await until(lambda: home.workers.capacity == 2)

            async def struck(kill: Callable[[], None]) -> None:
                jobs = [(await home.service.submit(SLOW, who)).job_id for who in PEOPLE[:2]]
                for job in jobs:
                    await until_running(home, job)
                kill()
                for job in jobs:
                    assert isinstance(await outcome(home, job), Succeeded)
                    row = (await home.service.view(job)).job
                    assert row.attempt >= 2  # one that began while the other card fell begins again
                    assert (row.crashes, row.made_on in {ONE, TWO}) == (0, True)
                await until(lambda: home.workers.capacity == 2)

            await struck(lambda: killed(node.hosts()))
            await struck(lambda: killed([psutil.Process(engine.pid)]))
            await drained(home)
    await until(lambda: not node.hosts())


def killed(processes: Sequence[psutil.Process]) -> None:
    assert processes
    for one in processes:
        one.kill()


async def drained(home: House) -> None:
    assert home.workers.drain(TWO)
    await until(lambda: stands(home, TWO) is EngineStatus.DRAINING)
    assert home.workers.capacity == 1
    job = (await home.service.submit(wish(), PEOPLE[0])).job_id
    assert isinstance(await outcome(home, job), Succeeded)
    assert (await home.service.view(job)).job.made_on == ONE
    assert home.workers.resume(TWO)
    await until(lambda: stands(home, TWO) is EngineStatus.IDLE)


@pytest.mark.soak
async def test_a_card_that_cannot_serve_says_why_and_is_tried_again(
    tmp_path: Path, node: RayNode
) -> None:
    card = replace(CARD, program=(*PROGRAM[:2], "cannot-start"))
    async with joined(node, card) as engine, house(tmp_path, engine) as home, home.at_work():
        await until(lambda: stands(home, ONE) is EngineStatus.OUT)
        assert states(home)[ONE].reason == "There is no GPU in this machine."
        assert home.workers.capacity == 0
        before = node.hosts()
        await until(lambda: bool(set(node.hosts()) - set(before)))
