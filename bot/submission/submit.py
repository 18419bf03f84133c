"""The way in: what somebody wants, from wherever they ask, becomes a job or a refusal.

The order is the same for everybody: the limits (known from the payload alone), moderation, the
first answer of a request that came before, intake, and then the queue.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.submission.digests import Remake, digest, remake_digests
from bot.submission.exemptions import Exemptions
from bot.submission.intake import Intake
from bot.submission.moderation import Moderation
from bot.submission.options import NO_EXTRA_PICTURES, Changes, ExtraPictures, Options, changed
from bot.submission.person import Person
from bot.submission.remix import Remix
from bot.submission.rules import PromptRules
from generation.dispatch.service import AnimationService
from generation.engine.protocol import Capabilities
from generation.jobs import AnimationRequest, Job, ReplyAddress, Ticket
from generation.store.quota import Standing


class Submission:
    """`key` names a request, so that a repeated one is answered like the first.

    `address` is where the platform sends the result; `None` where it is fetched.
    """

    def __init__(
        self,
        service: AnimationService,
        intake: Intake,
        moderation: Moderation,
        remix: Remix,
        exemptions: Exemptions,
    ) -> None:
        self._service = service
        self._intake = intake
        self._moderation = moderation
        self._remix = remix
        self._exemptions = exemptions

    @property
    def capabilities(self) -> Capabilities:
        """What can be asked for now."""
        return self._intake.capabilities

    @property
    def usual_cost(self) -> float:
        """The work of a clip about which nobody says anything, in frame·pixel·steps."""
        return self._intake.usual_cost

    def check(self, options: Options, *, end: bool = False, keyframes: int = 0) -> None:
        """Refuse what no picture could make right; `end`: there will be one to end with.

        Raises `UnsupportedOption`.
        """
        self._intake.check_supported(options, end=end, keyframes=keyframes)

    async def admit(self, person: Person, *, key: str | None) -> None:
        """Refuse what can be refused before there is a picture; raises `Rejected` kinds."""
        if not await self._knows(person, key):
            await self._check_limits(person)
        await self._moderation.admit(person.identities)

    async def animate(
        self,
        person: Person,
        picture: bytes | Path,
        options: Options,
        extra: ExtraPictures = NO_EXTRA_PICTURES,
        *,
        key: str | None,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue a clip of a picture; raises `Rejected` kinds."""
        await self._check(person, options, extra, key)
        content = await _content(picture)
        seen = await asyncio.to_thread(digest, options, content, extra)
        before = await self._before(person, key, (seen,))
        if before is not None:
            return before
        request = await self._intake.accept(picture, options, extra)
        return await self._submit(person, request, key, seen, address)

    async def again(
        self,
        person: Person,
        job_id: str,
        remake: Remake,
        *,
        changes: Changes | None = None,
        key: str | None,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Queue another clip made from an earlier one, with what `changes` say otherwise.

        It is the asker's own job within their own limits. Raises `Rejected` kinds.
        """
        job = (await self._service.view(job_id)).job
        options = changed(self.options(job), changes or {})
        await self._check(person, options, NO_EXTRA_PICTURES, key)
        digests = remake_digests(job_id, remake, changes, options)
        before = await self._before(person, key, digests)
        if before is not None:
            return before
        request = await self._remade(job, remake, options)
        return await self._submit(person, request, key, digests[0], address)

    def options(self, job: Job) -> Options:
        """What to start from when somebody changes what they asked for."""
        return self._remix.options(job)

    async def standing(self, person: Person) -> Standing:
        """The limits that hold for somebody, and what they have used of them."""
        exempt = self._exemptions.cover(person)
        return await self._service.standing(person.requester, exempt=exempt)

    async def _check(
        self, person: Person, options: Options, extra: ExtraPictures, key: str | None
    ) -> None:
        if not await self._knows(person, key):
            self.check(options, end=extra.end is not None, keyframes=len(extra.keyframes))
            await self._check_limits(person)
        await self._moderation.check(person.identities, options)

    async def _check_limits(self, person: Person) -> None:
        exempt = self._exemptions.cover(person)
        await self._service.check(person.requester, exempt=exempt)

    async def _knows(self, person: Person, key: str | None) -> bool:
        """No limit stands in the way of a retry, which makes nothing new."""
        return key is not None and await self._service.knows(person.requester, key)

    async def _before(
        self, person: Person, key: str | None, digests: tuple[str, ...]
    ) -> Ticket | None:
        """What was answered first, also where the pictures are no longer there to be read."""
        if key is None:
            return None
        return await self._service.repeated(person.requester, key, digests)

    async def _remade(self, job: Job, remake: Remake, options: Options) -> AnimationRequest:
        match remake:
            case Remake.REMIX:
                return await self._remix.again(job, options)
            case Remake.EXTEND:
                return await self._remix.extended(job, options)
            case Remake.LOOP:
                loop = replace(options, loop=True, seed=job.request.seed)
                return await self._remix.again(job, loop)

    async def _submit(
        self,
        person: Person,
        request: AnimationRequest,
        key: str | None,
        seen: str,
        address: ReplyAddress | None,
    ) -> Ticket:
        return await self._service.submit(
            request,
            person.requester,
            key=key,
            digest=seen,
            address=address,
            exempt=self._exemptions.cover(person),
        )


async def prepared(
    intake: Intake, rules: PromptRules, picture: Path, options: Options, extra: ExtraPictures
) -> AnimationRequest:
    """The same order where there is no queue, so no limit and nobody to be blocked.

    Raises `Rejected` kinds.
    """
    intake.check_supported(options, end=extra.end is not None, keyframes=len(extra.keyframes))
    rules.check(options.prompt)
    return await intake.accept(picture, options, extra)


async def _content(picture: bytes | Path) -> bytes:
    return picture if isinstance(picture, bytes) else await asyncio.to_thread(picture.read_bytes)
