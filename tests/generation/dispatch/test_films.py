"""Films: several scenes, made one by one in turns with everybody's clips, joined at the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import av
import pytest

from generation.engine.protocol import Phase, Step
from generation.errors import QueueFull, QuotaExceeded
from generation.events import Cancelled, Failed, Finished, PhaseName, Running, Succeeded, Waiting
from generation.jobs import Clip, EarlierScene, FilmRequest, JobStatus, NewScene
from generation.media.joining.film import FilmStyle, Transition
from generation.notes import Note
from generation.store.quota import Limits
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, House, house, wish
from tests.generation.dispatch.films import BROKEN, ended, film, made, put, scenes_of
from tests.generation.media.clips import a_clip


@pytest.fixture(scope="module")
def scene_clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Nine frames that an engine might have made."""
    return a_clip(tmp_path_factory.mktemp("scene") / "clip.mp4")


@pytest.mark.slow
async def test_a_film_is_made_scene_by_scene_and_joined(tmp_path: Path, scene_clip: bytes) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await put(home, 3)
        heard = asyncio.create_task(_progress(home, ticket.job_id))
        animations = [await made(engine, scene_clip) for _ in range(3)]
        outcome = (await ended(home, ticket.job_id)).outcome
        assert isinstance(outcome, Succeeded)
        assert outcome.notes == ()
        assert outcome.clip.frames == 27
        assert all(Path(one.image).is_file() for one in animations[1:])  # taken from a last frame
        [listed] = await home.service.videos(ANN)
        assert (listed.job.id, listed.job.clip) == (ticket.job_id, outcome.clip)
        places = await heard
    assert places == sorted(places)
    assert {scenes for _, scenes in places} == {3}
    with av.open(str(outcome.clip.path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 27


async def _progress(home: House, film_id: str) -> list[tuple[int, int]]:
    """Which scene of how many was told to be made."""
    async with aclosing(home.service.watch(film_id)) as events:
        return [(one.scene, one.scenes) async for one in events if isinstance(one, Running)]


async def test_a_scene_that_goes_on_waits_for_the_one_before_and_others_do_not(
    tmp_path: Path,
) -> None:
    engine = SteppedEngine(capacity=2)
    async with house(tmp_path, engine) as home, home.at_work():
        await put(home, 2)
        await asyncio.wait_for(engine.begun.get(), 30)
        other = await home.service.submit(wish("another's clip"), BEN)
        assert (await asyncio.wait_for(engine.begun.get(), 30)).job == other.job_id
        waiting = (await home.history.counts())["queued"]
    assert waiting == 1


@pytest.mark.slow
async def test_two_films_take_turns(tmp_path: Path, scene_clip: bytes) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        for who in (ANN, BEN):
            await home.service.submit_film(film(3), who)
        async with home.at_work():
            order = [(await made(engine, scene_clip)).job for _ in range(4)]
            views = [await home.service.view(job) for job in order]
    assert [view.job.requester.user for view in views] == ["ann", "ben"] * 2


async def test_progress_tells_the_scene_and_the_place_is_that_of_the_first(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        home.estimator.learn(wish().cost, 10.0)
        await home.service.submit(wish(), BEN)
        ticket = await put(home, 4)
        assert (ticket.position, ticket.eta_seconds) == (2, 50.0)
        view = await home.service.view(ticket.job_id)
        assert view.event == Waiting(2, 50.0, 5, 10.0)
        async with home.at_work():
            engine.finish(await engine.begun.get())
            animation = await engine.begun.get()
            engine.tell(animation, Phase(PhaseName.STEP), Step(1, 2))
            async with aclosing(home.service.watch(ticket.job_id)) as events:
                async for event in events:
                    if isinstance(event, Running) and event.step:
                        break
    assert isinstance(event, Running)
    assert (event.scene, event.scenes, event.step, event.steps) == (1, 4, 49, 400)
    assert event.eta_seconds == pytest.approx(30.0, abs=10)


@pytest.mark.slow
async def test_a_failed_scene_leaves_the_others_and_is_named(
    tmp_path: Path, scene_clip: bytes
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await put(home, 3)
        await made(engine, scene_clip)
        await made(engine, scene_clip, broken=True)
        await made(engine, scene_clip)
        outcome = (await ended(home, ticket.job_id)).outcome
        assert isinstance(outcome, Succeeded)
        assert outcome.notes == (Note("scene_missing", scene=2),)
        assert outcome.clip.frames == 18
        first, failed, last = (await home.service.view(ticket.job_id)).scenes
        again = FilmRequest(
            (
                EarlierScene(first.job.id, first.job.request),
                NewScene(replace(failed.job.request, image="again.png"), goes_on=True),
                EarlierScene(last.job.id, last.job.request),
            ),
            FilmStyle(),
            remixed_from=ticket.job_id,
        )
        whole = await home.service.submit_film(again, ANN)
        begun = await made(engine, scene_clip)
        assert Path(begun.image).name == "again.png"
        mended = (await ended(home, whole.job_id)).outcome
        assert isinstance(mended, Succeeded)
        assert (mended.clip.frames, mended.notes) == (27, ())
        await home.service.delete(ticket.job_id)  # the newer film still shows two of its scenes
        assert home.workspace.clip(first.job.id).exists()
        await home.service.delete(whole.job_id)
        assert not list(home.workspace.clips.iterdir())
        assert await home.service.videos(ANN) == []


async def test_a_film_of_failed_scenes_fails_as_the_first_did(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await put(home, 2)
        await made(engine, b"", broken=True)
        outcome = (await ended(home, ticket.job_id)).outcome
        assert outcome == BROKEN  # the second had nothing to begin with
        last = (await home.service.view(ticket.job_id)).scenes[1]
        assert last.job.error_reason == "picture_gone"


async def test_a_film_of_cancelled_scenes_is_cancelled(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        ticket = await put(home, 2)
        for scene in (await home.service.view(ticket.job_id)).scenes:
            await home.service.cancel(scene.job.id)
        async with home.at_work():
            assert (await ended(home, ticket.job_id)).outcome == Cancelled()


async def test_a_film_is_told_of_when_a_scene_of_it_was_deleted(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        await put(home, 2)
        job = await home.queue.take(home.workers.claimant(engine))
        assert job is not None
        clip = Clip(Path("x.mp4"), 64, 64, 9, 24, 7, 1)
        await home.queue.succeed(job.id, job.attempt, clip, render_seconds=1, notes=())
        await home.service.delete(job.id)
        [listed] = await home.service.videos(ANN)
        assert listed.scenes[0].event == Finished(Failed("expired", "file"))


def test_a_film_is_as_long_as_its_fades_leave_it_and_tells_what_its_scenes_were_told() -> None:
    assert film(3, style=FilmStyle(Transition.CROSSFADE)).request.num_frames == 3 * 9 - 2 * 3
    sized = NewScene(replace(wish(), notes=(Note("size", asked="100x100", size="96x96"),)))
    assert FilmRequest((sized, sized), FilmStyle()).request.notes[1:] == sized.request.notes


@pytest.mark.slow
async def test_a_cancelled_film_ends_its_scenes_and_what_was_not_begun_is_free(
    tmp_path: Path, scene_clip: bytes
) -> None:
    engine = SteppedEngine()
    hourly = Limits(queued_per_user=1, per_hour=4, per_day=None, queue_size=10)
    async with house(tmp_path, engine, limits=hourly) as home, home.at_work():
        ticket = await put(home, 4)
        await made(engine, scene_clip)
        running = await asyncio.wait_for(engine.begun.get(), 30)
        assert await home.service.cancel(ticket.job_id)
        assert not await home.service.cancel(ticket.job_id)
        assert (await ended(home, ticket.job_id)).outcome == Cancelled()
        statuses = Counter(await scenes_of(home, ticket.job_id))
        assert statuses == {JobStatus.SUCCEEDED: 1, JobStatus.CANCELLED: 3}
        await asyncio.wait_for(_until_ended(engine, running.job), 30)
        await put(home, 2)


async def _until_ended(engine: SteppedEngine, job_id: str) -> None:
    while job_id not in engine.cancelled:  # noqa: ASYNC110 (the engine tells nobody)
        await asyncio.sleep(0.001)


async def test_a_film_counts_once_at_a_time_and_with_all_scenes_by_the_hour(tmp_path: Path) -> None:
    limits = Limits(queued_per_user=1, per_hour=4, per_day=6, queue_size=5)
    async with house(tmp_path, SteppedEngine(), limits=limits) as home:
        ticket = await put(home, 4)  # exactly what there is
        with pytest.raises(QuotaExceeded, match="active"):
            await home.service.submit(wish(), ANN)
        await home.service.cancel(ticket.job_id)  # before anything was begun: all is free again
        await put(home, 3)
        assert len(await home.service.active(ANN)) == 1
        with pytest.raises(QueueFull, match="line"):
            await home.service.submit_film(film(3), BEN)
        usage = (await home.service.standing(ANN)).usage
    assert (usage.active, usage.hour, usage.day) == (1, 3, 3)


async def test_a_film_of_more_scenes_than_are_left_is_refused_whole(tmp_path: Path) -> None:
    limits = Limits(queued_per_user=5, per_hour=4, per_day=None, queue_size=50)
    async with house(tmp_path, SteppedEngine(), limits=limits) as home:
        await home.service.submit(wish(), ANN)
        (home.workspace.inputs / "picture-1.png").touch()
        with pytest.raises(QuotaExceeded) as refused:
            await put(home, 4)
        assert refused.value.reason == "several_hour"
        assert (refused.value.facts["left"], refused.value.facts["clips"]) == (3, 4)
        assert refused.value.retry_after == 3600
        assert (await home.history.counts())["queued"] == 1
        assert not list(home.workspace.inputs.iterdir())
        await put(home, 3)
        with pytest.raises(QuotaExceeded) as never:
            await put(home, 5)
        assert never.value.retry_after is None


@pytest.mark.slow
async def test_a_restart_between_scenes_or_while_joining_loses_nothing(
    tmp_path: Path, scene_clip: bytes
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await put(home, 2)
        await made(engine, scene_clip)
        await asyncio.wait_for(engine.begun.get(), 30)
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        await home.core.resume()
        event = (await home.service.view(ticket.job_id)).event
        assert isinstance(event, Running)
        assert (event.scene, event.scenes) == (2, 2)
        [job] = [await home.queue.take(home.workers.claimant(engine))]
        assert job is not None
        home.workspace.clip(job.id).write_bytes(scene_clip)
        clip = Clip(home.workspace.clip(job.id), 64, 64, 9, 24, 7, 1)
        await home.queue.succeed(job.id, job.attempt, clip, render_seconds=1, notes=())
        begun = await home.core.store.films.take()  # and it dies while it joins
        assert begun is not None
    async with house(tmp_path, SteppedEngine()) as home:
        await home.core.resume()
        async with home.at_work():
            outcome = (await ended(home, ticket.job_id)).outcome
    assert isinstance(outcome, Succeeded)
    assert outcome.clip.frames == 18


async def test_a_film_that_ends_the_program_again_and_again_is_given_up(tmp_path: Path) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        ticket = await put(home, 2)
        while (job := await home.queue.take(home.workers.claimant(engine))) is not None:
            clip = Clip(home.workspace.clip(job.id), 64, 64, 9, 24, 7, 1)
            await home.queue.succeed(job.id, job.attempt, clip, render_seconds=1, notes=())
        for _ in range(5):
            assert await home.core.store.films.take() is not None
            await home.core.resume()
        async with home.at_work():
            outcome = (await ended(home, ticket.job_id)).outcome
    assert outcome == Failed("engine_crashed", "again_and_again")


@pytest.mark.slow
async def test_what_a_film_needs_is_kept_and_what_was_forgotten_is_gone(
    tmp_path: Path, scene_clip: bytes
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home, home.at_work():
        ticket = await put(home, 2)
        first = await made(engine, scene_clip)
        await asyncio.wait_for(engine.begun.get(), 30)
        needed = await home.core.store.films.needed_clips()
        assert first.job in needed
        assert await home.service.forget(ANN) == 1
        assert not list(home.workspace.clips.iterdir())
        assert (await home.history.job(ticket.job_id)) is None
        rows = await home.database.rows("SELECT count(*) AS rows FROM film_scenes")
        assert rows[0]["rows"] == 0
