"""Puts films together whose scenes have ended: the one worker that needs no engine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from generation.dispatch.pacing import Pacing
from generation.dispatch.settling import Settling
from generation.dispatch.standing import FailuresLogged
from generation.errors import AnimationError
from generation.events import Failed
from generation.jobs import Clip, Job, JobStatus
from generation.media.joining.film import FilmScene, FilmStyle
from generation.media.provenance import Signer
from generation.notes import LENGTH, Note
from generation.store.database import Unwritable
from generation.store.store import Store
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

MOST_TRIES = 5
"""So often a film is begun: one that ends the program each time must not do so for ever."""


class Joiner:
    """One film at a time; `run` goes on until `stop`, then ends with the film at hand."""

    def __init__(
        self, store: Store, workspace: Workspace, settling: Settling, pacing: Pacing
    ) -> None:
        self._queue = store.queue
        self._films = store.films
        self._workspace = workspace
        self._settling = settling
        self._pacing = pacing
        self._stopping = asyncio.Event()
        self._signer: Signer | None = None

    def sign_with(self, signer: Signer | None) -> None:
        """Said before the work begins, as engines are told by their command."""
        self._signer = signer

    async def run(self) -> None:
        async with asyncio.TaskGroup() as joins:
            claiming = joins.create_task(self._claim(joins))
            await self._stopping.wait()
            claiming.cancel()

    def stop(self) -> None:
        self._stopping.set()

    async def _claim(self, joins: asyncio.TaskGroup) -> None:
        while True:
            film = await self._next()
            await asyncio.wait([joins.create_task(self._work(film))])

    async def _next(self) -> Job:
        """The next film whose scenes have all ended; those without any to show end here."""
        while True:
            news = self._queue.news()
            try:
                film = await self._ready()
            except Unwritable as error:
                log.error("no_film_is_joined", reason=str(error))
                await asyncio.sleep(self._pacing.disk_retry)
                continue
            if film is not None:
                return film
            await news.wait()

    async def _ready(self) -> Job | None:
        if not await self._films.is_one_ready():
            return None
        for film_id in await self._films.fail_without_scenes():
            await self._settling.tell(film_id)
        return await self._films.take()

    async def _work(self, film: Job) -> None:
        with structlog.contextvars.bound_contextvars(job=film.id, attempt=film.attempt):
            if film.attempt > MOST_TRIES:
                await self._settling.fail(film, Failed("engine_crashed", "again_and_again"))
                return
            try:
                with FailuresLogged("join"):
                    await self._join(film)
                    return
            except asyncio.CancelledError:
                with suppress(Unwritable):  # the next start puts it back as well
                    await asyncio.shield(self._queue.release(film.id, film.attempt))
                raise
            await self._settling.fail(film, Failed("generation_failed", "unexpected"))

    async def _join(self, film: Job) -> None:
        style = film.request.film
        assert style is not None
        scenes = await self._films.scenes(film.id)
        shown = {place: one for place, one in enumerate(scenes, start=1) if _is_there(one)}
        try:
            clip = await asyncio.to_thread(self._joined, film, list(shown.values()), style)
        except AnimationError as error:
            await self._settling.fail(film, Failed(error.code, error.reason, error.facts))
            return
        without = [
            Note(_why_not(one), scene=place)
            for place, one in enumerate(scenes, start=1)
            if place not in shown
        ]
        told = [note for note in film.request.notes if note.code != LENGTH]  # which is known now
        await self._settling.succeed(film, clip, render_seconds=0.0, notes=(*told, *without))

    def _joined(self, film: Job, scenes: Sequence[Job], style: FilmStyle) -> Clip:
        from generation.media.joining.join import join  # loads ffmpeg, which few need

        target = self._workspace.clip(film.id)
        shown = [FilmScene(self._workspace.clip(one.id), one.request.prompt) for one in scenes]
        thumbnail = self._workspace.thumbnail(film.id)
        return join(shown, target, style, {}, thumbnail=thumbnail, signer=self._signer)


def _is_there(scene: Job) -> bool:
    return (
        scene.status is JobStatus.SUCCEEDED and scene.clip is not None and scene.clip.path.is_file()
    )


def _why_not(scene: Job) -> str:
    """The note of a film that goes on without it."""
    match scene.status:
        case JobStatus.CANCELLED:
            return "scene_cancelled"
        case JobStatus.SUCCEEDED:
            return "scene_deleted"
        case JobStatus.QUEUED | JobStatus.RUNNING | JobStatus.FAILED:
            return "scene_missing"
