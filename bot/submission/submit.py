"""The way in: what somebody wants, from wherever they ask, becomes a job or a refusal.

The order is the same for everybody: the limits (known from the payload alone), moderation, the
pictures, the first answer of a request that came before, intake, and then the queue. Who was
admitted has a place in the intake, which their own limits count until the queue does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.submission.digests import Remake, digest, remake_digests
from bot.submission.exemptions import Exemptions
from bot.submission.intake import Intake
from bot.submission.moderation import Moderation
from bot.submission.options import (
    NO_EXTRA_PICTURES,
    Changes,
    ExtraPictures,
    Options,
    changed,
    motion_degree,
)
from bot.submission.person import Person
from bot.submission.places import Places
from bot.submission.remix import Remix
from bot.submission.rules import PromptRules
from bot.submission.supported import check_offered
from bot.submission.uploads import IncomingUpload, Uploads
from generation.dispatch.offering import Offering
from generation.dispatch.service import AnimationService
from generation.engine.protocol import Capabilities
from generation.errors import InvalidImage
from generation.jobs import AnimationRequest, Job, ReplyAddress, Ticket
from generation.store.quota import Allowance, Exempt, Standing


@dataclass(frozen=True, slots=True)
class Admission:
    """A request that may bring its pictures; `key` names it, so that a repeated one is answered
    like the first."""

    person: Person
    key: str | None
    upload: IncomingUpload


class Submission:
    """`address` is where the platform sends the result; `None` where it is fetched."""

    def __init__(
        self,
        service: AnimationService,
        intake: Intake,
        moderation: Moderation,
        remix: Remix,
        exemptions: Exemptions,
        uploads: Uploads,
        places: Places,
    ) -> None:
        self.places = places
        self._service = service
        self._intake = intake
        self._moderation = moderation
        self._remix = remix
        self._exemptions = exemptions
        self._uploads = uploads

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
        await self._moderation.check_words(person.identities, options)

    @asynccontextmanager
    async def admitted(self, person: Person, *, key: str | None) -> AsyncGenerator[Admission]:
        """Refuse what can be refused before there is a picture; within, it may be brought.

        Raises `Rejected` kinds.
        """
        async with self._uploads.begun(person.owner) as upload:
            ahead, allowance = upload.ahead, await self._allowance(person)
            if await self._knows(person, key):
                self._service.check_at_once(ahead, allowance)
            else:
                await self._service.check(person.requester, allowance, ahead=ahead)
            await self._moderation.admit(person.identities)
            yield Admission(person, key, upload)

    async def animate(
        self,
        admission: Admission,
        picture: bytes | Path,
        options: Options,
        extra: ExtraPictures = NO_EXTRA_PICTURES,
        *,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue a clip of a picture; raises `Rejected` kinds."""
        await self._check(admission, options, extra)
        seen = await asyncio.to_thread(digest, options, picture, extra)
        before = await self._before(admission, (seen,))
        if before is not None:
            return before
        usual = (await self.places.of(admission.person)).usual(options)
        request = await self._accepted(admission.person, picture, usual, extra)
        return await self._submit(admission, request, seen, address)

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
        options = changed(self.options(job), changes or {})
        await self._check(admission, options, NO_EXTRA_PICTURES)
        digests = remake_digests(job_id, remake, changes, options)
        before = await self._before(admission, digests)
        if before is not None:
            return before
        request = await self._remade(job, remake, options, admission.person.owner, clip)
        return await self._submit(admission, request, digests[0], address)

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
        """Whether we still have what this is made of."""
        return self._remix.keeps(job, whole=remake in (Remake.EXTEND, Remake.UPSCALE))

    def check_kept(self, job: Job) -> None:
        """Refuse before anybody types where nothing of it is left; raises `Expired`."""
        self._remix.check_kept(job)

    async def standing(self, person: Person) -> Standing:
        """The limits that hold for somebody, and what they have used of them."""
        return await self._service.standing(person.requester, await self._allowance(person))

    async def _allowance(self, person: Person) -> Allowance:
        """What the operator and those who run the place leave them."""
        if self._exemptions.cover(person):
            return Exempt()
        return (await self.places.of(person)).limits_of(person.identities)

    async def _accepted(
        self, person: Person, picture: bytes | Path, options: Options, extra: ExtraPictures
    ) -> AnimationRequest:
        """A picture that takes the decoder's whole time is held against who sent it."""
        try:
            return await self._intake.accept(picture, options, extra, owner=person.owner)
        except InvalidImage as error:
            if error.reason == "too_slow" and not self._exemptions.cover(person):
                await self._moderation.strike(person.identities[0], "slow_picture")
            raise

    async def _check(self, admission: Admission, options: Options, extra: ExtraPictures) -> None:
        person = admission.person
        if not await self._knows(person, admission.key):
            check_offered(
                self.offered,
                options,
                end=extra.end is not None,
                keyframes=len(extra.keyframes),
            )
            await self._service.check(person.requester, await self._allowance(person))
        await self._moderation.check(person.identities, options)

    async def _knows(self, person: Person, key: str | None) -> bool:
        """No limit stands in the way of a retry, which makes nothing new."""
        return key is not None and await self._service.knows(person.requester, key)

    async def _before(self, admission: Admission, digests: tuple[str, ...]) -> Ticket | None:
        """What was answered first, also where the pictures are no longer there to be read."""
        if admission.key is None:
            return None
        return await self._service.repeated(admission.person.requester, admission.key, digests)

    async def _remade(
        self, job: Job, remake: Remake, options: Options, owner: str, clip: Path | None
    ) -> AnimationRequest:
        match remake:
            case Remake.REMIX:
                return await self._remix.again(job, options, owner=owner, clip=clip)
            case Remake.EXTEND:
                return await self._remix.extended(job, options, owner=owner, found=clip)
            case Remake.LOOP:
                loop = replace(options, loop=True, boomerang=False, seed=job.request.seed)
                return await self._remix.again(job, loop, owner=owner, clip=clip)
            case Remake.MORE_MOTION | Remake.LESS_MOTION:
                step = 1 if remake is Remake.MORE_MOTION else -1
                degree = motion_degree(options.motion_strength) + step
                moved = replace(options, motion_strength=degree, seed=job.request.seed)
                return await self._remix.again(job, moved, owner=owner, clip=clip)
            case Remake.UPSCALE:
                return await self._remix.upscaled(job, options, owner=owner)

    async def _submit(
        self,
        admission: Admission,
        request: AnimationRequest,
        seen: str,
        address: ReplyAddress | None,
    ) -> Ticket:
        allowance = await self._allowance(admission.person)
        self._uploads.leave(admission.upload)  # or it would be counted twice
        return await self._service.submit(
            request,
            admission.person.requester,
            key=admission.key,
            digest=seen,
            address=address,
            allowance=allowance,
        )


async def prepared(
    intake: Intake, rules: PromptRules, picture: Path, options: Options, extra: ExtraPictures
) -> AnimationRequest:
    """The same order where there is no queue, so no limit and nobody to be blocked.

    Raises `Rejected` kinds.
    """
    intake.plan(options, end=extra.end is not None, keyframes=len(extra.keyframes))
    rules.check(options.prompt)
    return await intake.accept(picture, options, extra)
