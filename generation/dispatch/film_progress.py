"""How far the films are: what happens to a scene is seen by those who watch its film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from generation.dispatch.estimate import Estimator
from generation.events import Finished, JobEvent, PhaseName, Running, Waiting
from generation.store.films import SceneState

SCENE = 100
"""Steps of a film that are one of its scenes."""


@dataclass
class _Film:
    """`costs` of its scenes by their jobs, in their order; `open` have not ended."""

    costs: dict[str, float]
    open: set[str]
    begun: bool
    made: dict[str, Running] = field(default_factory=dict)
    """The newest of each scene that is being made."""


class FilmProgress:
    """Hints, as all events are: the rows say what a film is, and fill this again at a start."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._films: dict[str, _Film] = {}
        self._of: dict[str, str] = {}

    def begin(self, film_id: str, scenes: Sequence[SceneState]) -> None:
        unended = {scene.job_id for scene in scenes if scene.open}
        costs = {scene.job_id: scene.cost for scene in scenes}
        begun = any(not scene.open and not scene.earlier for scene in scenes)
        self._films[film_id] = _Film(costs, unended, begun)
        for scene_id in unended:
            self._of[scene_id] = film_id

    def end(self, film_id: str) -> None:
        film = self._films.pop(film_id, None)
        for scene_id in film.costs if film is not None else ():
            if self._of.get(scene_id) == film_id:
                del self._of[scene_id]

    def knows(self, job_id: str) -> bool:
        """Whether this is a film that has not ended."""
        return job_id in self._films

    def waiting(self, film_id: str) -> tuple[str, ...]:
        """The scenes that wait, of a film of which none has been begun; or nothing."""
        film = self._films.get(film_id)
        if film is None or film.begun:
            return ()
        return tuple(scene for scene in film.costs if scene in film.open)

    def running(self, film_id: str) -> Running | None:
        """How far a film is of which a scene has been begun."""
        film = self._films.get(film_id)
        return self._told(film) if film is not None and film.begun else None

    def follow(self, job_id: str, event: JobEvent) -> tuple[str, Running] | None:
        """A scene's event as its film's; `None` where it is nothing to its film."""
        film_id = self._of.get(job_id)
        if film_id is None or isinstance(event, Waiting):
            return None
        film = self._films[film_id]
        film.begun = True
        if isinstance(event, Finished):
            film.open.discard(job_id)
            film.made.pop(job_id, None)
        else:
            film.made[job_id] = event
        return film_id, self._told(film)

    def _told(self, film: _Film) -> Running:
        scenes = list(film.costs)
        ended, whole = len(scenes) - len(film.open), SCENE * len(scenes)
        if not film.open:
            return Running(PhaseName.ENCODE, whole, whole, None, scene=ended, scenes=ended)
        shown = next((one for one in scenes if one in film.made), None)
        current = shown or next(one for one in scenes if one in film.open)
        newest = film.made.get(current)
        rest = [cost for one, cost in film.costs.items() if one in film.open and one != shown]
        told = Running(
            PhaseName.STEP,
            SCENE * ended + sum(map(_steps, film.made.values())),
            whole,
            self._left(newest, rest),
            scene=scenes.index(current) + 1,
            scenes=len(scenes),
        )
        return told if newest is None else replace(told, preview=newest.preview)

    def _left(self, newest: Running | None, rest: Sequence[float]) -> float | None:
        """Seconds until the last of them is made, one after another.

        Nobody knows while all that are left wait for their turn among other people's clips.
        """
        if newest is None:
            return None
        others = self._estimator.seconds(sum(rest), clips=len(rest)) if rest else 0.0
        mine = newest.eta_seconds
        return None if mine is None or others is None else mine + others


def _steps(event: Running) -> int:
    if event.phase is PhaseName.ENCODE:
        return SCENE - 1
    return (SCENE - 1) * event.step // event.steps if event.steps else 0
