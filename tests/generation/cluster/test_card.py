"""A card as the bridge keeps it, with its host in this process: what is lost on the way to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import cast

import pytest
from ray.exceptions import ActorDiedError, RayError, RayTaskError

from generation.cluster.card import ClusterCard
from generation.cluster.card_host import CardHost
from generation.cluster.cargo import packed
from generation.cluster.engine import ClusterEngine
from generation.cluster.ray_cluster import CardLost, Node, RayCluster, answered
from generation.cluster.spec import CardSpec, ClusterSpec, Rhythm
from generation.engine.cards import EngineStatus
from generation.engine.protocol import Animation, Crashed, Done, Report, ServerAway
from generation.events import Cancelled, PhaseName
from generation.jobs import AnimationRequest
from tests.fakes.cluster.nearby import NearbyCluster
from tests.fakes.cluster.nodes import environment
from tests.fakes.engine.pipelines import FAKE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

PROGRAM = ("-m", "tests.fakes.engine.pipelines", "steady")
SPEC = CardSpec(PROGRAM, FAKE, dict.fromkeys(PhaseName, 60.0), "cuda")
NAME = "10.0.0.5/cuda:0"
RHYTHM = Rhythm(ping=0.1, beat=0.2, first_pause=0.1)


@dataclass
class Placed:
    """A card that serves, and what it has told of its job."""

    cluster: NearbyCluster
    card: ClusterCard
    running: asyncio.Task[None]
    told: list[Report | Crashed] = field(default_factory=list)

    def begin(self, wanted: Animation) -> asyncio.Task[None]:
        return asyncio.create_task(self.card.animate(wanted, self.told.append))


@asynccontextmanager
async def placed(rhythm: Rhythm = RHYTHM) -> AsyncGenerator[Placed]:
    cluster = NearbyCluster()
    card = ClusterCard(
        cast("RayCluster", cluster),
        Node("id", "10.0.0.5", 1),
        0,
        ClusterSpec("cluster", "10.0.0.1:6379", SPEC, rhythm=rhythm),
        lambda: None,
        lambda _: True,
    )
    running = asyncio.create_task(card.run())
    try:
        await until(lambda: card.serving)
        yield Placed(cluster, card, running)
    finally:
        running.cancel()
        await cluster.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 (what is asked has no event)
            await asyncio.sleep(0.01)


def wanted(folder: Path, picture: str = "photo.png") -> Animation:
    (folder / picture).write_bytes(b"a picture")
    request = AnimationRequest("slow", picture, 64, 64, 97, 24, seed=7)
    image, clip, thumbnail = (folder / name for name in ("photo.png", "a.mp4", "a.jpg"))
    return Animation("video_a", 1, request, image, clip, thumbnail)


def raised(error: Exception) -> RayTaskError:
    """As Ray has it of something that was raised on another machine."""
    text = f"\x1b[36mray::CardHost.facts()\x1b[39m (pid=7)\n{type(error).__name__}: {error}"
    return RayTaskError("CardHost.facts", text, error)


async def test_a_cancel_ends_its_job_at_any_moment_and_a_full_disk_there_is_the_cards_own(
    tmp_path: Path,
) -> None:
    async with placed() as at:
        await overtaken(at, tmp_path)
        await cancelled_at_once(at.cluster.hosts[0].host, wanted(tmp_path))
        await full(at, tmp_path)


async def overtaken(at: Placed, folder: Path) -> None:
    """The cancel travels without pictures."""
    at.cluster.road.clear()
    making = at.begin(wanted(folder))
    assert not at.card.free  # what is given in the same breath goes to another card
    cancelling = asyncio.create_task(at.card.cancel("video_a", 1, at.told.append))
    await until(lambda: at.told[-1] == Cancelled())  # a slow road is nobody's to wait for
    assert not at.card.serving
    at.cluster.road.set()
    async with asyncio.timeout(60):
        await asyncio.gather(making, cancelling)
    assert at.told.count(Cancelled()) == 1
    assert not any(isinstance(one, Done) for one in at.told)
    assert at.card.free


async def cancelled_at_once(host: CardHost, wish: Animation) -> None:
    """From the first moment on in which the host knows of it."""
    reports = host.animate(wish, packed(wish))
    first = asyncio.ensure_future(anext(reports))
    while not await host.cancel("video_a", 1):  # noqa: ASYNC110 (that has no event)
        await asyncio.sleep(0)
    async with asyncio.timeout(60):
        assert [await first, *[one async for one in reports]] == [Cancelled()]
    assert not await host.cancel("video_a", 1)


async def full(at: Placed, folder: Path) -> None:
    inputs = at.cluster.hosts[0].host._inputs
    (inputs / "full").symlink_to("/dev/full")
    here = folder / "inputs"
    here.mkdir()
    await at.begin(wanted(here, "../full"))
    assert at.told[-1] == Crashed(f"{NAME}: the disk of its machine is full", guilty=False)
    await until(lambda: at.card.state.status is EngineStatus.OUT)
    assert at.card.state.reason == "the disk of its machine is full"
    assert not list(inputs.glob("video_*"))


async def test_a_card_that_leaves_while_its_job_is_packed_is_lost_and_no_more(
    tmp_path: Path,
) -> None:
    async with placed() as at:
        making = at.begin(wanted(tmp_path))
        await asyncio.sleep(0)
        at.running.cancel()  # as the bridge does when its machine has left
        async with asyncio.timeout(60):
            await making
        assert at.told[-1] == Crashed(f"{NAME}: it has left", guilty=False)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ActorDiedError(), "The actor died unexpectedly before finishing this task."),
        (
            ActorDiedError(raised(FileNotFoundError("[Errno 2] No usable temporary directory"))),
            "FileNotFoundError: [Errno 2] No usable temporary directory",
        ),
        (
            raised(PackageNotFoundError("photoplay")),
            "photoplay is not installed on this machine, or not in Ray's Python",
        ),
    ],
)
async def test_what_ray_says_of_a_lost_card_is_told_in_one_line(error: RayError, told: str) -> None:
    async def asked() -> None:
        raise error

    with pytest.raises(CardLost) as lost:
        await answered(asked(), 60.0)
    assert str(lost.value) == told


@pytest.mark.soak
async def test_pictures_may_travel_for_longer_than_a_host_may_be_silent(tmp_path: Path) -> None:
    async with placed(replace(RHYTHM, silence=3.0)) as at:
        at.cluster.road.clear()
        wish = wanted(tmp_path)
        wish.image.write_bytes(bytes(8 * 10**6))
        making = at.begin(wish)
        await asyncio.sleep(5.0)  # so long is the road
        at.cluster.road.set()
        async with asyncio.timeout(60):
            await making
        assert isinstance(at.told[-1], Done), at.told[-1]


@pytest.mark.soak
async def test_a_port_where_no_head_answers_is_told_and_not_waited_for() -> None:
    """As of a head that hangs, or of another program's port."""
    with socket.create_server(("127.0.0.2", 0)) as silent:  # the system takes the connections
        port = silent.getsockname()[1]
        spec = ClusterSpec("cluster", f"127.0.0.2:{port}", SPEC, rhythm=Rhythm(join=0.5))
        engine = ClusterEngine(spec, environment())
        with pytest.raises(ServerAway, match="is it the port of Ray's head") as away:
            await engine.start()
    assert away.value.back is None  # it would be asked again and again
