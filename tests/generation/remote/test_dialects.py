"""Each kind of server is spoken to as it expects, and its video becomes a clip like any other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from generation.directions.vocabulary import Motion
from generation.engine.protocol import StartCutOff, WorkerLost
from generation.events import Cancelled, Failed, Finished, Succeeded
from generation.jobs import JobStatus
from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from generation.remote.client import Waits
from generation.remote.engine import RemoteEngine, Server
from tests.fakes.program.core import ANN, House, house, wish
from tests.fakes.videos.server import VideosDouble, videos_double
from tests.generation.media.authority import server_in
from tests.generation.media.clips import a_clip

HURRIED = Waits(
    connect=2, answer=5, silence=5, patience=0.3, first_poll=0.01, tidy=0.0, watch=0.05, rest=0.01
)
REQUEST = replace(
    wish("Waves roll in"), negative_prompt="blurry", motion=Motion.PAN_LEFT, boomerang=True
)
RETURNING = {"loop", "boomerang"}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_clip(tmp_path_factory.mktemp("clip") / "far.mp4")


@asynccontextmanager
async def served(folder: Path, server: VideosDouble) -> AsyncGenerator[House]:
    engine = RemoteEngine(Server(server.url), waits=HURRIED)
    async with house(folder, engine) as home:
        await home.core.resume()
        home.workspace.input("photo.png").write_bytes(b"a picture")
        async with home.at_work():
            await until(lambda: engine.ready)
            yield home
    await engine.close()


async def until(true: object) -> None:
    async with asyncio.timeout(30):
        while not true():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def ended(home: House, job_id: str) -> object:
    async with asyncio.timeout(60):
        event = [event async for event in home.service.watch(job_id)][-1]
    assert isinstance(event, Finished)
    return event.outcome


ASKED = {
    "photoplay": {"prompt": "Waves roll in", "motion": "pan-left", "num_frames": "9", "seed": "7"},
    "vllm": {"width": "64", "height": "64", "num_frames": "9", "fps": "24", "seed": "7"},
    "sglang": {"size": "64x64", "num_frames": "9", "fps": "24"},
    "litellm": {"size": "64x64", "seconds": "1", "model": "sora-2"},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ASKED)
async def test_a_video_is_asked_for_fetched_and_deleted_in_the_servers_own_words(
    tmp_path: Path, clip: bytes, kind: str
) -> None:
    async with videos_double(kind, clip) as server, served(tmp_path, server) as home:
        ticket = await home.service.submit(REQUEST, ANN)
        outcome = await ended(home, ticket.job_id)
        assert isinstance(outcome, Succeeded)
        [job] = await server.taken(1)
        assert {name: job.fields[name] for name in ASKED[kind]} == ASKED[kind]
        assert job.fields["input_reference"] == len(b"a picture")
        if kind == "photoplay":
            assert job.key == ticket.job_id
            assert job.fields["boomerang"] == "true"
            assert "enhance" not in job.fields  # an older one would refuse the word
        else:
            assert job.fields["prompt"].endswith("The camera pans slowly to the left.")
        if kind == "sglang":
            assert json.loads(job.fields["extra_body"])["negative_prompt"] == "blurry"
        await until(lambda: server.calls["delete"])
    path = outcome.clip.path
    found, made = probe(path), read_recipe(path)
    assert (found.frames, found.moov_first, found.codec) == (9, True, "h264")
    assert source_of(path) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    assert made is not None
    assert made.engine == ("camera" if kind == "photoplay" else "videos")
    assert home.workspace.thumbnail(ticket.job_id).read_bytes().startswith(b"\xff\xd8")


async def test_what_a_server_can_is_asked_of_it(tmp_path: Path) -> None:
    async with videos_double() as server, served(tmp_path, server) as home:
        known = home.engine.capabilities
        assert known.options == {"negative_prompt", "num_inference_steps"} | RETURNING | {
            "end_image"
        }
        assert known.motions == {Motion.AUTO, Motion.PAN_LEFT, Motion.PAN_RIGHT}
        assert (known.model, known.defaults.num_inference_steps) == ("far-model", 8)
        server.places = 3  # it got two more cards
        await until(lambda: home.workers.capacity == 3)


async def test_a_server_that_is_away_is_waited_for_and_a_wrong_key_is_the_operators(
    tmp_path: Path,
) -> None:
    gone = RemoteEngine(Server("http://127.0.0.1:9/v1"), waits=HURRIED)
    with pytest.raises(StartCutOff, match="no connection"):
        await gone.start()
    await gone.close()
    async with videos_double() as server:
        server.key = "the right one"
        refusing = RemoteEngine(Server(server.url, "another"), waits=HURRIED)
        with pytest.raises(WorkerLost, match=r"engine\.api_key"):
            await refusing.start()
        await refusing.close()
        welcome = RemoteEngine(Server(server.url, "the right one"), waits=HURRIED)
        await welcome.start()
        await welcome.close()


async def test_an_authority_of_ones_own_is_trusted_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, tls = server_in(tmp_path)
    async with videos_double(tls=tls) as server:
        stranger = RemoteEngine(Server(server.url), waits=HURRIED)
        with pytest.raises(StartCutOff, match="its certificate is not trusted"):
            await stranger.start()
        await stranger.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        welcome = RemoteEngine(Server(server.url), waits=HURRIED)
        await welcome.start()
        await welcome.close()


async def test_a_far_failure_keeps_its_code_and_a_far_cancel_is_made_again(
    tmp_path: Path, clip: bytes
) -> None:
    async with (
        videos_double("photoplay", clip, by_itself=False) as server,
        served(tmp_path, server) as home,
    ):
        failing = await home.service.submit(REQUEST, ANN)
        [job] = await server.taken(1)
        error = {"code": "out_of_memory", "message": "the card is full"}
        await server.tell(job, status="failed", error=error)
        assert await ended(home, failing.job_id) == Failed("out_of_memory", "machine")
        again = await home.service.submit(REQUEST, ANN)
        [_, job] = await server.taken(2)
        error = {"code": "cancelled", "message": "by somebody there"}
        await server.tell(job, status="failed", error=error)
        [*_, job] = await server.taken(3)
        await server.tell(job, status="completed")
        assert isinstance(await ended(home, again.job_id), Succeeded)


async def test_cancelling_ends_it_there_too(tmp_path: Path) -> None:
    async with videos_double(by_itself=False) as server, served(tmp_path, server) as home:
        ticket = await home.service.submit(REQUEST, ANN)
        [job] = await server.taken(1)
        await home.service.cancel(ticket.job_id)
        assert await ended(home, ticket.job_id) == Cancelled()
        await until(lambda: not job.wanted)


async def test_a_full_server_is_asked_again_and_a_refusal_is_a_failure(
    tmp_path: Path, clip: bytes
) -> None:
    busy = {"error": {"message": "full", "code": "queue_full"}}
    bad = {"error": {"message": "no such size", "code": "bad_size"}}
    rude = {"error": {"message": "not with us", "code": "content_policy_violation"}}
    async with videos_double("photoplay", clip) as server, served(tmp_path, server) as home:
        server.answers = [
            web.json_response(busy, status=503, headers={"Retry-After": "0"}),
            web.json_response(busy, status=429, headers={"Retry-After": "0"}),
        ]
        ticket = await home.service.submit(REQUEST, ANN)
        assert isinstance(await ended(home, ticket.job_id), Succeeded)
        server.answers = [web.json_response(bad, status=400)]
        ticket = await home.service.submit(REQUEST, ANN)
        assert await ended(home, ticket.job_id) == Failed("bad_size", "general")
        server.answers = [web.json_response(rude, status=403)]
        ticket = await home.service.submit(REQUEST, ANN)
        assert await ended(home, ticket.job_id) == Failed("content_policy_violation", "general")


@pytest.mark.parametrize("who", ["bot", "server", "bot that is killed"])
async def test_after_a_restart_of_either_side_a_job_is_found_again_and_made_once(
    tmp_path: Path, clip: bytes, who: str
) -> None:
    async with videos_double("photoplay", clip, by_itself=False) as server:
        async with served(tmp_path, server) as home:
            ticket = await home.service.submit(REQUEST, ANN)
            [job] = await server.taken(1)
            await until_far(home, ticket.job_id)
            if who == "server":
                await server.vanish()
                await until(lambda: not home.engine.ready)
                await server.appear()
                home.clock.pass_(600)
                await server.tell(job, status="completed")
                assert isinstance(await ended(home, ticket.job_id), Succeeded)
            elif who == "bot":
                home.workers.leave()
        if who != "server":
            if who == "bot that is killed":  # it could cancel nothing
                await server.tell(job, wanted=True, status="queued", error=None)
            async with served(tmp_path, server) as home:
                await server.tell(job, status="completed")
                assert isinstance(await ended(home, ticket.job_id), Succeeded)
        assert len(server.jobs) == 1
        assert server.calls["cancel"] == (who == "bot that is killed")


async def until_far(home: House, job_id: str) -> None:
    async with asyncio.timeout(30):
        while (await home.service.view(job_id)).job.far_id is None:  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def test_a_server_that_disappears_hands_its_jobs_to_another(
    tmp_path: Path, clip: bytes
) -> None:
    async with (
        videos_double("photoplay", clip, by_itself=False) as first,
        videos_double("photoplay", clip) as second,
    ):
        engines = [RemoteEngine(Server(one.url), waits=HURRIED) for one in (first, second)]
        async with house(tmp_path, engines[0], engines[1]) as home, home.at_work():
            home.workspace.input("photo.png").write_bytes(b"a picture")
            await until(lambda: all(engine.ready for engine in engines))
            home.workers.drain(engines[1].name)
            ticket = await home.service.submit(REQUEST, ANN)
            await first.taken(1)
            home.workers.resume(engines[1].name)
            await first.vanish()
            assert isinstance(await ended(home, ticket.job_id), Succeeded)
            job = (await home.service.view(ticket.job_id)).job
            assert (job.made_on, job.status) == (engines[1].name, JobStatus.SUCCEEDED)
            await first.appear()
            home.clock.pass_(3600)
            await until(lambda: first.calls["cancel"])  # nobody waits for it there any more
        for engine in engines:
            await engine.close()


async def test_a_server_that_forgets_makes_it_anew(tmp_path: Path, clip: bytes) -> None:
    async with videos_double("vllm", clip, by_itself=False) as server:
        engine = RemoteEngine(Server(server.url), waits=HURRIED)
        await engine.start()
        async with house(tmp_path, engine) as home, home.at_work():
            home.workspace.input("photo.png").write_bytes(b"a picture")
            ticket = await home.service.submit(REQUEST, ANN)
            [job] = await server.taken(1)
            server.jobs.clear()
            [again] = await server.taken(1)
            await server.tell(again, status="completed")
            assert isinstance(await ended(home, ticket.job_id), Succeeded)
            assert again is not job
        await engine.close()
