"""Whatever a server answers, the program lives, asks it no oftener than it should, and says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from generation.dispatch.circuit_breaker import MOST_ATTEMPTS
from generation.dispatch.engine_state import EngineStatus
from generation.engine.protocol import ServerAway, WorkerLost
from generation.events import Cancelled, Failed, Finished, Succeeded
from generation.jobs import JobStatus
from generation.remote.client import Waits
from generation.remote.engine import RemoteEngine, Server
from tests.fakes.program.core import ANN, House, house, wish
from tests.fakes.videos.rude import COMPLETED, HTML, QUEUED, Call, RudeServer, Said, rude_server
from tests.generation.media.clips import a_clip

HURRIED = Waits(
    connect=2, answer=5, silence=5, patience=0.1, first_poll=0.01, tidy=0.0, watch=3600, rest=0.01
)
LONG = 1e9
"""Seconds: of the house's clock, which runs quickly here."""
KEY = "sk-nobody-may-read-this"
OURS = b"photoplay"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_clip(tmp_path_factory.mktemp("clip") / "far.mp4")


@asynccontextmanager
async def served(
    folder: Path, server: RudeServer, waits: Waits = HURRIED
) -> AsyncGenerator[tuple[House, str]]:
    """With a job that waits for the server, where every pause of the queue ends soon."""
    engine = RemoteEngine(Server(server.url, KEY), waits=waits)
    async with house(folder, engine, time_limit=LONG) as home:
        home.workspace.input("photo.png").write_bytes(b"a picture")
        ticket = await home.service.submit(wish(), ANN)
        passing = asyncio.create_task(time_passes(home))
        try:
            async with home.at_work():
                yield home, ticket.job_id
        finally:
            passing.cancel()
            await engine.close()


async def time_passes(home: House) -> None:
    while True:
        await asyncio.sleep(0.01)
        home.clock.pass_(30)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def ended(home: House, job_id: str) -> object:
    async with asyncio.timeout(60):
        event = [event async for event in home.service.watch(job_id)][-1]
    assert isinstance(event, Finished)
    return event.outcome


NO_SERVERS = {
    "a page": (Said(HTML), "no OpenAI Videos API"),
    "nothing there": (Said(b"", 404), "no OpenAI Videos API"),
    "another way": (Said(b"", 301, {"Location": "https://far/v1/models"}), "answers with 301"),
    "another name": (Said(b'{"error": {"code": "wrong_host"}}', 400), "web.allowed_hosts"),
    "no end": (Said(b" " * 2**16, endless=True), "has no end"),
    "too many": (Said(b"{}", 429), "answers with 429"),
}


@pytest.mark.parametrize("what", NO_SERVERS)
async def test_an_address_without_a_server_is_told_at_the_start(what: str) -> None:
    said, reason = NO_SERVERS[what]
    async with rude_server({"models": said, "other": Said(b"", 404)}) as server:
        engine = RemoteEngine(Server(server.url), waits=HURRIED)
        with pytest.raises(WorkerLost, match=reason) as told:
            await engine.start()
        assert isinstance(told.value, ServerAway) == (what == "too many")
        await engine.close()


async def test_a_server_that_speaks_no_tls_is_told_from_one_that_is_away() -> None:
    async with rude_server({}) as server:
        engine = RemoteEngine(Server(server.url.replace("http:", "https:")), waits=HURRIED)
        with pytest.raises(ServerAway, match="no TLS"):
            await engine.start()
        await engine.close()


@pytest.mark.parametrize("number", ["NaN", "1e999", "-1", "1" + "0" * 400, '"many"', "null"])
async def test_what_a_server_says_of_itself_is_believed_within_reason(number: str) -> None:
    one = f'"owned_by": "photoplay", "capacity": {number}, "defaults": {{"fps": {number}}}'
    async with rude_server({"models": Said(f'{{"data": [{{{one}}}]}}'.encode())}) as server:
        engine = RemoteEngine(Server(server.url), waits=HURRIED)
        await engine.start()
        assert (engine.capacity, engine.capabilities.defaults.fps) == (1, 24)
        await engine.close()


NONSENSE: dict[str, dict[Call, Said]] = {
    "no json": {"create": Said(b"{nonsense")},
    "no id": {"create": Said(b'{"status": "queued"}')},
    "a page": {"look": Said(HTML)},
    "what it took is unknown": {"look": Said(b"", 404)},
    "no clip": {"content": Said(b"", 404)},
    "half a clip": {"content": Said(b"half of it", half=True)},
    "its own fault": {"create": Said(b"", 500)},
    "it ends it": {"look": Said(b'{"status": "cancelled"}')},
}


@pytest.mark.slow
async def test_nonsense_is_asked_for_a_few_times_and_then_the_job_fails(tmp_path: Path) -> None:
    async def fails(what: str) -> None:
        async with rude_server(NONSENSE[what]) as server:
            async with served(tmp_path / what, server) as (home, job):
                assert await ended(home, job) == Failed("engine_crashed", "again_and_again"), what
            starts = MOST_ATTEMPTS + 1  # the last one may come before we look
            assert server.calls["models"] <= starts, what
            assert server.calls["create"] <= MOST_ATTEMPTS or what == "its own fault"

    await asyncio.gather(*(fails(what) for what in NONSENSE))


BUSY: dict[str, tuple[Said, str]] = {
    "too many": (
        Said(b'{"error": {"code": "per_hour"}}', 429, {"Retry-After": "3600"}),
        "takes nothing now (429 per_hour)",
    ),
    "draining": (Said(b"", 503, {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}), "takes nothing"),
    "no key": (Said(b'{"error": {"message": "not ', 401, echo=True), "engine.api_key"),
    "no money": (Said(b"", 402), "paid"),
    "no such call": (Said(b"", 405), "engine.url"),
    "another way": (Said(b"", 302, {"Location": "/login"}), "engine.url"),
}


@pytest.mark.slow
async def test_a_server_that_takes_nothing_is_left_alone_and_the_operator_reads_why(
    tmp_path: Path,
) -> None:
    patient = replace(HURRIED, rest=30)

    async def rests(what: str) -> None:
        said, reason = BUSY[what]
        async with (
            rude_server({"create": said}) as server,
            served(tmp_path / what, server, patient) as (home, job),
        ):
            await until(lambda: home.workers.states()[0].status is EngineStatus.OUT)
            await asyncio.sleep(0.1)  # in which it was asked again several times
            assert server.calls["create"] == 1, what
            assert reason in str(home.workers.states()[0].reason)
            assert (await home.service.view(job)).job.status is JobStatus.QUEUED

    with capture_logs() as lines:
        await asyncio.gather(*(rests(what) for what in BUSY))
    assert lines
    assert KEY not in str(lines)


@pytest.mark.slow
async def test_a_clip_may_lie_elsewhere(tmp_path: Path, clip: bytes) -> None:
    elsewhere = Said(b"", 302, {"Location": "/files/clip.mp4"})
    async with (
        rude_server({"content": elsewhere}, clip=clip) as server,
        served(tmp_path, server) as (home, job),
    ):
        assert isinstance(await ended(home, job), Succeeded)


async def test_what_is_cancelled_while_it_is_asked_for_is_ended_there(tmp_path: Path) -> None:
    async with rude_server({}) as server, served(tmp_path, server) as (home, job):
        server.held = asyncio.Event()
        await until(lambda: server.calls["create"])
        await home.service.cancel(job)
        assert await ended(home, job) == Cancelled()
        server.held.set()
        await until(lambda: server.calls["other"])
        assert server.paths[-1] == "/v1/videos/v1"


async def test_an_id_is_no_way_to_other_addresses(tmp_path: Path) -> None:
    named = QUEUED.replace(b"v1", b"../models?x=#")
    async with rude_server({"create": Said(named)}) as server:
        async with served(tmp_path, server) as (home, job):
            await ended(home, job)
        assert "/v1/videos/..%2Fmodels%3Fx%3D%23" in server.paths


async def test_events_without_end_or_truth_are_not_waited_for(tmp_path: Path) -> None:
    for said in (Said(b"x" * 2**16, endless=True), Said(b"event: completed\ndata: {}\n\n")):
        goes_on = {"events": said, "look": Said(COMPLETED.replace(b"completed", b"queued"))}
        patient = replace(HURRIED, first_poll=1)
        folder = tmp_path / said.body[:1].decode()
        async with (
            rude_server(goes_on, owner=OURS) as server,
            served(folder, server, patient),
        ):
            await until(lambda: server.calls["look"])
            await asyncio.sleep(0.1)
            assert server.calls["look"] == 1
