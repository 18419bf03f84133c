"""The way in for a film: its scenes are checked one by one, and queued together or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.language.catalogue import Catalogue
from bot.submission.admission import Admission, Admissions
from bot.submission.digests import film_digest, scene_digest
from bot.submission.intake import Intake
from bot.submission.options import Changes, Options, changed
from bot.submission.person import Person
from bot.submission.remix import Remix
from bot.submission.scenes import SceneWish, check_each, check_scene, check_scenes, of_scene
from generation.dispatch.service import AnimationService
from generation.errors import (
    Expired,
    JobNotFound,
    RequestKeyReused,
    UnsupportedOption,
)
from generation.jobs import (
    EarlierScene,
    FilmRequest,
    Job,
    JobKind,
    JobStatus,
    NewScene,
    ReplyAddress,
    Ticket,
)
from generation.media.joining.film import FilmStyle
from generation.notes import WITHOUT, Note
from generation.workspace import Workspace


def told_before(catalogue: Catalogue, scenes: int, *, most: int | None, takes: float | None) -> str:
    """What somebody is told before a film begins: what it counts as, and how long it takes.

    `most` clips an hour are theirs; `takes` seconds are absent without data.
    """
    counts = [] if most is None else [catalogue.say("chat.film.counts", scenes=scenes, most=most)]
    lasts = [] if takes is None else [catalogue.say("chat.film.takes", takes=takes)]
    return " ".join([*counts, *lasts])


def missing_scene(film: Job) -> int:
    """The number of the first scene that a film goes on without; raises `JobNotFound`."""
    for note in film.notes:
        if note.code in WITHOUT:
            return int(str(note.facts["scene"]))
    raise JobNotFound("unknown", param="scene")


class FilmSubmission:
    def __init__(
        self,
        service: AnimationService,
        intake: Intake,
        workspace: Workspace,
        remix: Remix,
        admissions: Admissions,
    ) -> None:
        self._service = service
        self._intake = intake
        self._workspace = workspace
        self._remix = remix
        self._admissions = admissions

    async def told(
        self, person: Person, catalogue: Catalogue, scenes: int, *, takes: float | None
    ) -> str:
        """What somebody is told before a film of so many scenes begins; `takes` as there."""
        standing = await self._admissions.standing(person)
        return told_before(catalogue, scenes, most=standing.limits.per_hour, takes=takes)

    async def told_of_each(self, person: Person, catalogue: Catalogue, clips: int) -> str:
        """What is told before so many clips that are not scenes; nothing to whom no limit holds."""
        most = (await self._admissions.standing(person)).limits.per_hour
        return "" if most is None else catalogue.say("page.counts", clips=clips, most=most)

    async def make(
        self,
        admission: Admission,
        scenes: Sequence[SceneWish],
        style: FilmStyle,
        *,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue all of its scenes; raises `Rejected` kinds."""
        check_scenes(scenes)
        person = admission.person
        options = [scene.options for scene in scenes]
        within = partial(of_scene, scenes)
        await self._admissions.check(admission, options, within=within)
        seen = await asyncio.to_thread(film_digest, _told(scenes), style)
        before = await self._admissions.before(admission, (seen,))
        if before is not None:
            return before
        place = await self._admissions.places.of(person)
        usual = [replace(one, options=place.usual(one.options)) for one in scenes]
        new = await self._admissions.accepted(person, self._accepted(usual, person.owner))
        return await self._submit(admission, FilmRequest(new, style), seen, address)

    async def scene_again(
        self,
        admission: Admission,
        film_id: str,
        number: int,
        *,
        changes: Changes | None = None,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue the film anew with one scene made again, number 1 being the first.

        It is the asker's own. Raises `Rejected` kinds.
        """
        film, scenes = await self._ended(film_id)
        if not 1 <= number <= len(scenes):
            raise JobNotFound("unknown", param="scene")
        scene = scenes[number - 1]
        if not scene.request.image:  # what it was about is forgotten
            raise JobNotFound("unknown", param="scene")
        options = changed(self._remix.options(scene), changes or {})
        check_scene(options)
        await self._admissions.check(admission, [options])
        seen = scene_digest(film_id, number, changes)
        before = await self._admissions.before(admission, (seen,))
        if before is not None:
            return before
        self._check_kept(scenes, number)
        if number > 1 and scene.after is not None:
            new = NewScene(self._intake.onward(options, scenes[number - 2].request), goes_on=True)
        else:
            again = self._remix.again(scene, options, owner=admission.person.owner)
            new = NewScene(await self._admissions.accepted(admission.person, again))
        parts: list[NewScene | EarlierScene] = [EarlierScene(s.id, s.request) for s in scenes]
        parts[number - 1] = _at(number, len(scenes), new)
        style = film.request.film or FilmStyle()
        request = FilmRequest(tuple(parts), style, remixed_from=film_id)
        return await self._submit(admission, request, seen, address)

    async def missing_again(
        self, admission: Admission, film: Job, *, address: ReplyAddress | None
    ) -> Ticket:
        """The scene that a film goes on without, once at a time however often somebody presses.

        Raises `Rejected` kinds.
        """
        number = missing_scene(film)
        once = replace(admission, key=f"scene:{film.id}:{number}")
        try:
            before = await self._admissions.before(once, (scene_digest(film.id, number, None),))
        except RequestKeyReused:  # it was made, and deleted
            before = None
            once = admission
        if before is not None:
            status = (await self._service.view(before.job_id)).job.status
            if status in (JobStatus.QUEUED, JobStatus.RUNNING):
                raise UnsupportedOption("film_unfinished", "scene")
            once = admission
        ticket = await self.scene_again(once, film.id, number, address=address)
        if ticket.repeated and once.key != admission.key:  # pressed twice at once
            raise UnsupportedOption("film_unfinished", "scene")
        return ticket

    async def _ended(self, film_id: str) -> tuple[Job, list[Job]]:
        view = await self._service.view(film_id)
        if view.job.kind is not JobKind.FILM:
            raise JobNotFound("unknown")
        if view.job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
            raise UnsupportedOption("film_unfinished", "scene")
        return view.job, [scene.job for scene in view.scenes]

    def _check_kept(self, scenes: Sequence[Job], number: int) -> None:
        """The others are shown as they are: raises `Expired` where one is no longer kept."""
        for place, scene in enumerate(scenes, start=1):
            made = scene.status is JobStatus.SUCCEEDED
            if made and place != number and not self._workspace.clip(scene.id).exists():
                raise Expired("clip")

    async def _accepted(self, scenes: Sequence[SceneWish], owner: str) -> tuple[NewScene, ...]:
        """Words first, then the pictures: none is left behind where one is refused."""
        check_each(scenes, self._intake.plan)
        new: list[NewScene] = []
        try:
            for number, scene in enumerate(scenes, start=1):
                if scene.picture is None:
                    onward = self._intake.onward(scene.options, new[-1].request)
                    new.append(NewScene(onward, goes_on=True))
                    continue
                with of_scene(scenes, number):
                    taken = await self._intake.accept(scene.picture, scene.options, owner=owner)
                new.append(NewScene(taken))
        except BaseException:
            self._remove(new)
            raise
        return tuple(_at(place, len(new), one) for place, one in enumerate(new, start=1))

    def _remove(self, scenes: Sequence[NewScene]) -> None:
        for scene in scenes:
            self._workspace.remove_inputs(scene.request.inputs)

    async def _submit(
        self, admission: Admission, film: FilmRequest, seen: str, address: ReplyAddress | None
    ) -> Ticket:
        allowance = await self._admissions.leave(admission)
        return await self._service.submit_film(
            film,
            admission.person.requester,
            key=admission.key,
            digest=seen,
            address=address,
            allowance=allowance,
        )


def _at(place: int, count: int, scene: NewScene) -> NewScene:
    """It says itself which scene it is, in its recipe as well."""
    note = Note("scene", number=place, count=count)
    return replace(scene, request=replace(scene.request, notes=(*scene.request.notes, note)))


def _told(scenes: Sequence[SceneWish]) -> list[tuple[Options, bytes | Path | None]]:
    return [(scene.options, scene.picture) for scene in scenes]
