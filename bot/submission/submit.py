"""The way in: what somebody wants, from wherever they ask, becomes a job or a refusal.

The order is the same for everybody: the limits (known from the payload alone), moderation, the
pictures, the first answer of a request that came before, intake, and then the queue. Who was
admitted has a place in the intake, which their own limits count until the queue does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bot.submission.admission import Admission, Admissions
from bot.submission.digests import Remake, digest, remake_digests
from bot.submission.films import FilmSubmission
from bot.submission.intake import Intake
from bot.submission.options import (
    NO_EXTRA_PICTURES,
    Changes,
    ExtraPictures,
    Options,
    changed,
)
from bot.submission.person import Person
from bot.submission.remix import Remix
from bot.submission.returned import MadeOf, ReturnedClips
from bot.submission.uploads import IncomingUpload
from bot.submission.variations import standing_for, variations_of
from generation.dispatch.offering import Offering
from generation.dispatch.service import AnimationService
from generation.engine.protocol import Capabilities
from generation.errors import UnsupportedOption
from generation.jobs import AnimationRequest, Job, JobKind, ReplyAddress, Ticket
from generation.notes import Note
from generation.store.quota import Standing
from generation.workspace import Workspace

OF_THE_WHOLE = frozenset({Remake.EXTEND, Remake.UPSCALE})
"""What a clip is enough for: a film, too, can go on from its end."""


class Submission:
    """`address` is where the platform sends the result; `None` where it is fetched."""

    def __init__(
        self,
        service: AnimationService,
        intake: Intake,
        remix: Remix,
        admissions: Admissions,
        films: FilmSubmission,
        workspace: Workspace,
    ) -> None:
        self.places = admissions.places
        self.films = films
        self._service = service
        self.returned = ReturnedClips(intake.offered)
        self._intake = intake
        self._remix = remix
        self._admissions = admissions
        self._workspace = workspace

    @property
    def capabilities(self) -> Capabilities:
        """What can be asked for now."""
        return self._intake.capabilities

    @property
    def offered(self) -> Offering:
        """The same by engine."""
        return self._intake.offered

    @property
    def usual_cost(self) -> float:
        """The work of a clip about which nobody says anything, in frame·pixel·steps."""
        return self._intake.usual_cost

    def check(self, options: Options, *, end: bool = False, keyframes: int = 0) -> None:
        """Refuse what no picture could make right; `end`: there will be one to end with.

        Raises `UnsupportedOption` and `InvalidPrompt`.
        """
        self._intake.plan(options, end=end, keyframes=keyframes)

    async def check_words(self, person: Person, options: Options) -> None:
        """Refuse what the operator does not want to read; raises `Blocked` and `Unwelcome`."""
        await self._admissions.check_words(person, options)

    def admitted(
        self, person: Person, *, key: str | None
    ) -> AbstractAsyncContextManager[Admission]:
        """Refuse what can be refused before there is a picture; within, it may be brought.

        Raises `Rejected` kinds.
        """
        return self._admissions.admitted(person, key=key)

    def reading(self, person: Person) -> AbstractAsyncContextManager[IncomingUpload]:
        """Within, a file may come that is only read: no limit counts it. Raises `Blocked`."""
        return self._admissions.reading(person)

    async def animate(
        self,
        admission: Admission,
        picture: bytes | Path,
        options: Options,
        extra: ExtraPictures = NO_EXTRA_PICTURES,
        *,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue a clip of a picture, or again what a clip of ours was made of.

        Raises `Rejected` kinds.
        """
        await self._admissions.check(admission, [options], extra)
        seen = await asyncio.to_thread(digest, options, picture, extra)
        before = await self._admissions.before(admission, (seen,))
        if before is not None:
            return before
        ours = await self.returned.made_of(picture, options, admission.person.owner)
        if ours is not None:
            return await self._once_more(admission, ours, extra, seen, address)
        usual = (await self.places.of(admission.person)).usual(options)
        person = admission.person
        accepting = self._intake.accept(picture, usual, extra, owner=person.owner)
        request = await self._admissions.accepted(person, accepting)
        return await self._submit(admission, request, seen, address, options.variations)

    async def _once_more(
        self,
        admission: Admission,
        ours: MadeOf,
        extra: ExtraPictures,
        seen: str,
        address: ReplyAddress | None,
    ) -> Ticket:
        """What a recipe says is checked like anybody's words and numbers."""
        await self._admissions.check(admission, [ours.options], extra)
        person = admission.person
        accepting = self._intake.accept(ours.picture, ours.options, extra, owner=person.owner)
        request = await self._admissions.accepted(person, accepting)
        request = replace(request, notes=(*request.notes, Note("recognised")))
        return await self._submit(admission, request, seen, address, ours.options.variations)

    async def again(
        self,
        admission: Admission,
        job_id: str,
        remake: Remake,
        *,
        changes: Changes | None = None,
        clip: Path | None = None,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue another clip made from an earlier one, with what `changes` say otherwise.

        `clip` is the earlier one as the chat has it, for where we keep nothing of it. It is the
        asker's own job within their own limits. Raises `Rejected` kinds.
        """
        job = (await self._service.view(job_id)).job
        if remake is Remake.SCENE:
            return await self.films.missing_again(admission, job, address=address)
        if job.kind is JobKind.FILM and remake not in OF_THE_WHOLE:
            raise UnsupportedOption("of_a_film", "video")
        options = changed(self.options(job), changes or {})
        if remake is Remake.UPSCALE and options.variations != 1:
            raise UnsupportedOption("choice", "variations", known=("1",))
        await self._admissions.check(admission, [options])
        digests = remake_digests(job_id, remake, changes, options)
        before = await self._admissions.before(admission, digests)
        if before is not None:
            return before
        owner = admission.person.owner
        request = await self._remix.made(job, remake, options, owner=owner, clip=clip)
        if options.variations == 1:
            request = standing_for(request, job, admission.person.requester)
        return await self._submit(admission, request, digests[0], address, options.variations)

    async def again_of_file(
        self, admission: Admission, clip: bytes | Path, remake: Remake, changes: Changes
    ) -> Ticket:
        """The same of a file that has nothing of ours but its recipe; raises `Rejected` kinds."""
        seen = await asyncio.to_thread(digest, changed(Options(prompt=remake), changes), clip)
        before = await self._admissions.before(admission, (seen,))
        if before is not None:
            return before
        which: Literal["first", "last"] = "last" if remake is Remake.EXTEND else "first"
        owner = admission.person.owner
        ours = await self.returned.remade_of(clip, changes, owner, which=which)
        return await self._once_more(admission, ours, NO_EXTRA_PICTURES, seen, None)

    def options(self, job: Job) -> Options:
        """What to start from when somebody changes what they asked for."""
        return self._remix.options(job)

    async def with_clip(self, jobs: Sequence[Job]) -> list[Job]:
        """Those whose clip is still there."""
        return await asyncio.to_thread(self._remix.with_clip, jobs)

    def shaped(self, width: int, height: int) -> str:
        """The usual size of a clip of this shape."""
        return self._intake.shaped(width, height)

    def keeps(self, job: Job, remake: Remake) -> bool:
        """Whether we still have what this is made of; of scenes a film's own making asks."""
        if remake is Remake.SCENE:
            return True
        return self._remix.keeps(job, whole=remake in (Remake.EXTEND, Remake.UPSCALE))

    def check_kept(self, job: Job) -> None:
        """Refuse before anybody types where nothing of it is left; raises `Expired`."""
        self._remix.check_kept(job)

    async def standing(self, person: Person) -> Standing:
        """The limits that hold for somebody, and what they have used of them."""
        return await self._admissions.standing(person)

    async def _submit(
        self,
        admission: Admission,
        request: AnimationRequest,
        seen: str,
        address: ReplyAddress | None,
        variations: int,
    ) -> Ticket:
        varied = variations_of(request, variations, self._workspace)
        allowance = await self._admissions.leave(admission)
        return await self._service.submit(
            varied[0],
            admission.person.requester,
            key=admission.key,
            digest=seen,
            address=address,
            allowance=allowance,
            others=varied[1:],
        )
