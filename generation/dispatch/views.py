"""How a job stands: its row, and what somebody who watches it would have been told last."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from generation.dispatch.observers import Observers
from generation.dispatch.positions import Positions
from generation.dispatch.settling import outcome_of
from generation.errors import JobNotFound
from generation.events import Finished, JobEvent, PhaseName, Running, Waiting
from generation.jobs import Job, JobKind, JobStatus
from generation.store.store import Store

FEW = 3
"""Jobs whose places are looked up one by one; more are read in one scan of the queue."""


@dataclass(frozen=True, slots=True)
class View:
    """A job's row and the event that somebody who watches it would have been told last.

    `scenes` are a film's, in their order; `variations` are the ids of all that were asked for at
    once, its own among them.
    """

    job: Job
    event: JobEvent
    scenes: tuple[View, ...] = ()
    variations: tuple[str, ...] = ()


class Views:
    def __init__(self, store: Store, observers: Observers, positions: Positions) -> None:
        self._history = store.history
        self._films = store.films
        self._variations = store.variations
        self._watchers = observers.watchers
        self._progress = observers.films
        self._positions = positions

    async def job(self, job_id: str) -> Job:
        """Raises `JobNotFound`."""
        job = await self._history.job(job_id)
        if job is None:
            raise JobNotFound("unknown")
        return job

    async def of(self, job: Job) -> View:
        """A row that was just read, and its state."""
        return await self._view(job, None)

    async def _view(self, job: Job, known: Waiting | None) -> View:
        event = known or await self.event(job)
        if job.kind is not JobKind.FILM:
            return View(job, event, variations=await self._variations.of(job))
        scenes = await self._films.scenes(job.id)
        return View(job, event, tuple([View(one, await self.event(one)) for one in scenes]))

    async def of_all(self, jobs: Sequence[Job]) -> list[View]:
        """The same of many."""
        waiting = [job.id for job in jobs if job.status is JobStatus.QUEUED]
        places = await self._positions.places(waiting) if len(waiting) > FEW else {}
        return [await self._view(job, places.get(job.id)) for job in jobs]

    async def event(self, job: Job) -> JobEvent:
        while True:
            outcome = outcome_of(job)
            if outcome is not None:
                return Finished(outcome)
            if job.kind is JobKind.FILM and not self._progress.knows(job.id):
                await self._follow(job.id)
            if job.status is JobStatus.RUNNING:
                return self._watchers.running(job.id) or self._begun(job)
            waiting = await self._positions.place(job.id)
            if waiting is not None:
                return waiting
            if job.kind is JobKind.FILM:
                return self._begun(job)
            await asyncio.sleep(0)  # it was claimed between the two looks
            job = await self.job(job.id)

    async def _follow(self, film_id: str) -> None:
        """Whoever put it was gone before its scenes could be followed."""
        if scenes := await self._films.states(film_id):
            self._progress.begin(film_id, scenes)

    def _begun(self, job: Job) -> Running:
        """Of a film a scene has been; of which, whoever makes it will tell in a moment."""
        known = self._progress.running(job.id)
        expected = self._positions.alone(job.request.cost)
        return known or Running(PhaseName.LOAD, 0, 0, expected)
