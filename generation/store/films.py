"""Films in the table: a job whose scenes are jobs, put there together and told apart by kind."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from generation.jobs import FilmRequest, Job, JobKind, NewScene, ReplyAddress, Requester
from generation.store.claims import Lane
from generation.store.database import Database, Run
from generation.store.job_queue import JobQueue
from generation.store.put_values import Put, row_of, told_of
from generation.store.quota import Limits
from generation.store.rows import job_of
from generation.store.statements import films, jobs


@dataclass(frozen=True, slots=True)
class SceneState:
    """A scene of a film that is not joined yet: `open` until it has ended.

    `earlier`: it is an earlier film's.
    """

    job_id: str
    cost: float
    open: bool
    earlier: bool


class Films:
    """What becomes of a film follows from its scenes, in one statement each."""

    def __init__(
        self, database: Database, queue: JobQueue, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock

    async def put(
        self,
        film: FilmRequest,
        requester: Requester,
        limits: Limits,
        *,
        lanes: Sequence[Lane],
        key: str | None = None,
        digest: str | None = None,
        address: ReplyAddress | None = None,
    ) -> Put:
        """Queue all new scenes and their film, or nothing; `lanes` are those of the new ones.

        Raises as `JobQueue.put` does.
        """
        row = {
            **row_of(film.request, requester, lanes[0], kind=JobKind.FILM),
            **told_of(key, digest, address),
        }
        return await self._queue.put_whole(
            lambda allowed: self._put({**row, **allowed}, film, requester, lanes),
            requester,
            limits,
            clips=len(film.new),
            key=key,
            digest=digest,
        )

    async def _put(
        self,
        row: Mapping[str, object],
        film: FilmRequest,
        requester: Requester,
        lanes: Sequence[Lane],
    ) -> Put | None:
        waiting = iter(lanes)
        async with self._database.transaction() as run:
            for made in await run(jobs.PUT, row):
                before: str | None = None
                for place, scene in enumerate(film.scenes, start=1):
                    if isinstance(scene, NewScene):
                        before = await self._put_scene(run, scene, requester, next(waiting), before)
                    else:
                        before = scene.job_id
                    await run(films.TIE, {"film": made["id"], "place": place, "job": before})
                return Put(made["id"], made["turn"], made["seq"])
        return None

    async def _put_scene(
        self, run: Run, scene: NewScene, requester: Requester, lane: Lane, before: str | None
    ) -> str:
        after = before if scene.goes_on else None
        row = row_of(scene.request, requester, lane, kind=JobKind.SCENE, after=after)
        [made] = await run(films.PUT_SCENE, {**row, "now": self._clock()})
        return str(made["id"])

    async def is_one_ready(self) -> bool:
        """Whether there is a film whose scenes have all ended."""
        return bool(await self._database.read(films.READY))

    async def take(self) -> Job | None:
        """A film whose scenes have all ended and that can be joined now, marked as running."""
        for row in await self._database.rows(films.CLAIM, {"now": self._clock()}):
            return job_of(row, self._database.folder)
        return None

    async def fail_without_scenes(self) -> list[str]:
        """End the films of which nothing was made, or nothing is left; their ids."""
        rows = await self._database.rows(films.FAIL, {"now": self._clock()})
        return [row["id"] for row in rows]

    async def scenes(self, film_id: str) -> list[Job]:
        """In their order; none where this is no film."""
        rows = await self._database.rows(films.SCENES, {"film": film_id})
        return [job_of(row, self._database.folder) for row in rows]

    async def before(self, scene_id: str) -> list[Job]:
        """The scenes that a new one of a film comes after, the nearest first."""
        rows = await self._database.rows(films.BEFORE, {"job": scene_id})
        return [job_of(row, self._database.folder) for row in rows]

    async def states(self, film_id: str) -> list[SceneState]:
        """Those of one film that is not joined yet."""
        return (await self.unended()).get(film_id, [])

    async def unended(self) -> dict[str, list[SceneState]]:
        """The scenes of each film that is not joined yet."""
        found: dict[str, list[SceneState]] = {}
        for row in await self._database.rows(films.UNENDED):
            is_open, earlier = bool(row["open"]), bool(row["earlier"])
            state = SceneState(row["scene"], row["cost"], is_open, earlier)
            found.setdefault(row["film"], []).append(state)
        return found

    async def needed_clips(self) -> frozenset[str]:
        """Ids of the jobs whose clip a film is still to be joined from."""
        return frozenset(row["job"] for row in await self._database.rows(films.NEEDED_CLIPS))
