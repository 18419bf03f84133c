"""Three machines of a cluster: one dies, one hangs, the head dies, the bot dies.

`make cluster-test`: each machine is a `ray start` at an address of its own on this one. It prints
what was noticed when.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from bot.runtime.control_socket import ask as ask_control
from generation.cluster.engine import ClusterEngine
from generation.cluster.spec import ClusterSpec
from generation.engine.protocol import ServerAway
from generation.events import Succeeded
from generation.jobs import JobStatus, Requester
from tests.fakes.cluster.nodes import TOKEN, RayNode, environment, ray_node
from tests.fakes.program.core import House, house, wish
from tests.fakes.program.process import Program
from tests.generation.cluster.test_cluster import CARD, until
from tests.generation.dispatch.contract import outcome, until_running
from tests.test_stories import ask, look
from tests.test_stories import until as wait_until
from tests.test_stories import until_running as until_seen_running

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

LONG = wish("slow", frames=257)
TALL = {"num_frames": "97", "size": "704x480", "prompt": "a slow zoom in"}
LIST: dict[str, str | int] = {"command": "list", "page": 1}
PEOPLE = [Requester("web", f"p{number}") for number in range(3)]
ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")


@pytest.fixture
def nodes() -> Iterator[list[RayNode]]:
    with ExitStack() as started:
        head = started.enter_context(ray_node(ADDRESSES[0], gpus=1))
        others = [started.enter_context(ray_node(one, 1, head.head)) for one in ADDRESSES[1:]]
        yield [head, *others]


@asynccontextmanager
async def at_work(folder: Path, head: str) -> AsyncGenerator[tuple[House, ClusterEngine]]:
    engine = ClusterEngine(ClusterSpec("cluster", head, CARD), environment())
    try:
        async with house(folder, engine) as home:
            home.workspace.input("photo.png").write_bytes(b"a picture")
            async with home.at_work():
                await until(lambda: home.workers.capacity == 3)
                yield home, engine
    finally:
        await engine.close()


async def test_whatever_machine_is_lost_nothing_is_lost_and_nothing_made_twice(
    tmp_path: Path, nodes: list[RayNode]
) -> None:
    head, second, third = nodes
    async with at_work(tmp_path, head.head) as (home, engine):
        await struck(home, "an engine's process is killed", lambda: each(second.engines()))
        await struck(home, "a card's host is killed", lambda: each(second.hosts()))
        await struck(home, "a machine is killed", second.kill)
        await again(home, second)
        await struck(home, "a machine hangs", lambda: third.signal(signal.SIGSTOP))
        third.signal(signal.SIGCONT)  # what it had begun is of no use to anybody
        third.kill()
        await again(home, third)
        await struck(home, "the bridge is killed", lambda: each([psutil.Process(engine.pid)]))
        await until(lambda: home.workers.capacity == 3)
        await struck(home, "the head is killed", head.kill, lambda: all_anew(nodes))
        counted = home.core.observers.metrics.outcomes.labels("succeeded")._value.get()
    assert counted == 6 * len(PEOPLE)


async def struck(
    home: House,
    what: str,
    kill: Callable[[], None],
    mend: Callable[[], None] = lambda: None,
) -> None:
    """While each of the three machines makes a clip."""
    jobs = [(await home.service.submit(LONG, who)).job_id for who in PEOPLE]
    for job in jobs:
        await until_running(home, job)
    began = time.monotonic()
    kill()
    while not await begun_again(home, jobs):  # noqa: ASYNC110 (rows have no event)
        await asyncio.sleep(0.01)
    noticed = time.monotonic() - began
    await asyncio.to_thread(mend)
    for job in jobs:
        assert isinstance(await outcome(home, job), Succeeded)
    attempts = [(await home.service.view(job)).job.attempt for job in jobs]
    whole = time.monotonic() - began
    tell(f"{what:32} {noticed:6.2f} s  all clips after {whole:6.1f} s, attempts {attempts}")


async def begun_again(home: House, jobs: list[str]) -> bool:
    rows = [(await home.service.view(job)).job for job in jobs]
    return any(row.attempt > 1 or row.status is JobStatus.QUEUED for row in rows)


def each(processes: list[psutil.Process]) -> None:
    assert processes
    for one in processes:
        one.kill()


async def again(home: House, node: RayNode) -> None:
    await asyncio.to_thread(node.start)
    await until(lambda: home.workers.capacity == 3)


def all_anew(nodes: list[RayNode]) -> None:
    """As `Restart=always` does: the others end by themselves when their head is gone."""
    head, *others = nodes
    began = time.monotonic()
    for one in others:
        wait_until(lambda one=one: one.ended, 120)  # type: ignore[misc]
        one.kill()
    tell(f"{'  the other machines end':32} {time.monotonic() - began:6.2f} s")
    for one in (head, *others):
        one.start()


def test_a_killed_bot_leaves_nothing_at_work_and_goes_on_after_its_start(
    tmp_path: Path, nodes: list[RayNode], photograph: Path
) -> None:
    head = nodes[0]
    settings = {
        "PHOTOPLAY_ENGINE__NAME": "camera",
        "PHOTOPLAY_CLUSTER__ADDRESS": head.head,
        "PHOTOPLAY_CLUSTER__TOKEN": TOKEN,
        "PHOTOPLAY_LIMITS__EXEMPT": '["web:local"]',
    }
    with Program(tmp_path / "data", settings=settings) as program:
        control = program.data_dir / "control.sock"
        wait_until(lambda: len(asyncio.run(ask_control(control, LIST))["engines"]) == 4, 120)
        videos = [ask(program, photograph, **TALL) for _ in range(4)]
        for video in videos:
            until_seen_running(program, video)
        program.kill()
        began = time.monotonic()
        wait_until(lambda: not any(node.hosts() for node in nodes), 30)
        tell(f"{'the bot is killed, hosts gone':32} {time.monotonic() - began:6.2f} s")
        program.start()
        for video in videos:
            wait_until(lambda video=video: look(program, video)["status"] == "completed", 300)  # type: ignore[misc]
        engines = asyncio.run(ask_control(control, LIST))["engines"]
    assert sum(one["clips_last_hour"] for one in engines) == 4


def test_a_wrong_token_is_refused_and_told(nodes: list[RayNode]) -> None:
    told = {**environment(), "RAY_AUTH_TOKEN": "f" * 64}
    engine = ClusterEngine(ClusterSpec("cluster", nodes[0].head, CARD), told)

    async def refused() -> str:
        with pytest.raises(ServerAway) as away:
            await engine.start()
        return str(away.value)

    assert "refuses cluster.token" in asyncio.run(refused())


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (what it is run for)
