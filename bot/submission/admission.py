"""Who may ask for something now: the limits, moderation, a place in the intake, and retries."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from bot.submission.exemptions import Exemptions
from bot.submission.moderation import Moderation
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options
from bot.submission.person import Person
from bot.submission.places import Places
from bot.submission.supported import check_offered
from bot.submission.uploads import IncomingUpload, Uploads
from generation.dispatch.offering import Offering
from generation.dispatch.service import AnimationService
from generation.errors import InvalidImage
from generation.jobs import Ticket
from generation.store.quota import Allowance, Exempt, Standing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Admission:
    """A request that may bring its pictures; `key` names it, so that a repeated one is answered
    like the first."""

    person: Person
    key: str | None
    upload: IncomingUpload


def _alone(_: int) -> AbstractContextManager[None]:
    return nullcontext()


class Admissions:
    def __init__(
        self,
        service: AnimationService,
        offered: Offering,
        moderation: Moderation,
        exemptions: Exemptions,
        uploads: Uploads,
        places: Places,
    ) -> None:
        self.places = places
        self._service = service
        self._offered = offered
        self._moderation = moderation
        self._exemptions = exemptions
        self._uploads = uploads

    @asynccontextmanager
    async def admitted(self, person: Person, *, key: str | None) -> AsyncGenerator[Admission]:
        """Refuse what can be refused before there is a picture; within, it may be brought.

        Raises `Rejected` kinds.
        """
        async with self._uploads.begun(person.owner) as upload:
            ahead, allowance = upload.ahead, await self.allowance(person)
            if await self._knows(person, key):
                self._service.check_at_once(ahead, allowance)
            else:
                await self._service.check(person.requester, allowance, ahead=ahead)
            await self._moderation.admit(person.identities)
            yield Admission(person, key, upload)

    @asynccontextmanager
    async def reading(self, person: Person) -> AsyncGenerator[IncomingUpload]:
        """Within, a file may come that is only read: no limit counts it. Raises `Blocked`."""
        async with self._uploads.begun(person.owner) as upload:
            await self._moderation.admit(person.identities)
            yield upload

    async def check(
        self,
        admission: Admission,
        wishes: Sequence[Options],
        extra: ExtraPictures = NO_EXTRA_PICTURES,
        *,
        within: Callable[[int], AbstractContextManager[None]] = _alone,
    ) -> None:
        """Refuse what words and limits already say: `wishes` are what it makes clips of.

        What is wrong with one of them is raised `within` its number.
        """
        person = admission.person
        end, keyframes = extra.end is not None, len(extra.keyframes)
        if not await self._knows(person, admission.key):
            for number, options in enumerate(wishes, start=1):
                with within(number):
                    check_offered(self._offered, options, end=end, keyframes=keyframes)
            allowance = await self.allowance(person)
            clips = sum(options.variations for options in wishes)
            await self._service.check(person.requester, allowance, clips=clips)
        exempt = self._exemptions.name(person)
        for number, options in enumerate(wishes, start=1):
            with within(number):
                await self._moderation.check(person.identities, options, exempt=exempt)

    async def check_words(self, person: Person, options: Options) -> None:
        """Refuse what the operator does not want to read; raises `Blocked` and `Unwelcome`."""
        exempt = self._exemptions.name(person)
        await self._moderation.check_words(person.identities, options, exempt=exempt)

    async def before(self, admission: Admission, digests: tuple[str, ...]) -> Ticket | None:
        """What was answered first, also where the pictures are no longer there to be read."""
        if admission.key is None:
            return None
        return await self._service.repeated(admission.person.requester, admission.key, digests)

    async def accepted(self, person: Person, accepting: Awaitable[T]) -> T:
        """A picture that takes the decoder's whole time is held against who sent it."""
        try:
            return await accepting
        except InvalidImage as error:
            if error.reason == "too_slow" and not self._exemptions.cover(person):
                await self._moderation.strike(person.identities[0], "slow_picture")
            raise

    async def leave(self, admission: Admission) -> Allowance:
        """It goes into the queue, where it is counted from now on, with these limits."""
        allowance = await self.allowance(admission.person)
        self._uploads.leave(admission.upload)  # or it would be counted twice
        return allowance

    async def standing(self, person: Person) -> Standing:
        """The limits that hold for somebody, and what they have used of them."""
        return await self._service.standing(person.requester, await self.allowance(person))

    async def allowance(self, person: Person) -> Allowance:
        """What the operator and those who run the place leave them."""
        if self._exemptions.cover(person):
            return Exempt()
        return (await self.places.of(person)).limits_of(person.identities)

    async def _knows(self, person: Person, key: str | None) -> bool:
        """No limit stands in the way of a retry, which makes nothing new."""
        return key is not None and await self._service.knows(person.requester, key)
