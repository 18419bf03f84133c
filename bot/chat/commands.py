"""Everything a person can ask for in a chat, so that a platform only parses and sends."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, replace
from pathlib import Path
from typing import assert_never

from bot.chat import summaries
from bot.chat.admin import AdminCommands
from bot.chat.buttons import Verb
from bot.language.catalogue import Catalogue, Texts
from bot.language.wording import MESSAGE, Formatting
from bot.submission.intake import Intake
from bot.submission.moderation import Moderation
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options, digest
from bot.submission.person import Person
from bot.submission.remix import LONGEST, Remix
from generation.dispatch.service import AnimationService, View
from generation.errors import JobNotFound, NotAllowed, UnsupportedOption
from generation.jobs import AnimationRequest, Job, JobStatus, ReplyAddress, Ticket
from generation.store.history import History
from generation.store.job_queue import JobQueue

NOT_YOURS = "Only the person who asked for this clip can do that."
OPERATORS_ONLY = "Only the operator of this bot can do that."
NOTHING_TO_CANCEL = "None of your clips is waiting or being made."


class ChatCommands:
    """`exempt` are the identities without limits of their own; `fps` is the default."""

    def __init__(
        self,
        service: AnimationService,
        intake: Intake,
        moderation: Moderation,
        remix: Remix,
        operators: AdminCommands,
        queue: JobQueue,
        history: History,
        texts: Texts,
        *,
        exempt: Collection[str] = (),
        fps: int = 24,
    ) -> None:
        self._service = service
        self._intake = intake
        self._moderation = moderation
        self._remix = remix
        self._operators = operators
        self._queue = queue
        self._history = history
        self._texts = texts
        self._exempt = frozenset(exempt)
        self._fps = fps

    async def admit(self, person: Person) -> None:
        """Refuse what can be refused before there is a picture; raises `Rejected` kinds."""
        await self._moderation.admit(person.identities)
        await self._service.check(person.requester, exempt=self.exempt(person))

    async def animate(
        self,
        person: Person,
        picture: bytes | Path,
        words: Options,
        further: ExtraPictures = NO_EXTRA_PICTURES,
        *,
        key: str | None,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Put a picture in line; raises `Rejected` kinds."""
        await self._moderation.check(person.identities, words)
        await self._check_limits(person, key)
        content = picture if isinstance(picture, bytes) else await _content(picture)
        request = await self._intake.accept(picture, words, further)
        seen = digest(words, content, further)
        return await self._submit(person, request, key, seen, address)

    async def again(
        self,
        person: Person,
        job_id: str,
        verb: Verb,
        *,
        changes: Options | None = None,
        key: str | None,
        address: ReplyAddress | None,
    ) -> Ticket:
        """Another clip from an old one, for whoever asks: their own job, their own limits.

        `changes` are the whole wish of an Edit. Raises `Rejected` kinds.
        """
        job = await self.job(job_id)
        words = changes or self._remix.words(job)
        await self._moderation.check(person.identities, words)
        await self._check_limits(person, key)
        request = await self._request(job, verb, words)
        return await self._submit(person, request, key, _remade(job_id, verb, words), address)

    async def cancel(self, person: Person, job_id: str | None = None) -> str:
        """End a waiting or running job, the person's newest where none is named.

        Raises `JobNotFound`, `NotAllowed`.
        """
        catalogue = self._texts.of(person.locale)
        job = await self._newest(person) if job_id is None else await self.job(job_id)
        if not person.may_end(job):
            raise NotAllowed(NOT_YOURS)
        if not await self._service.cancel(job.id):
            return catalogue.say("chat.asking.ended_already")
        return catalogue.say("chat.result.cancelled")

    async def delete(self, person: Person, job_id: str) -> str:
        """Cancel a job, delete its files and what it was about.

        Raises `JobNotFound`, `NotAllowed`.
        """
        if not person.may_end(await self.job(job_id)):
            raise NotAllowed(NOT_YOURS)
        await self._service.delete(job_id)
        return self._texts.of(person.locale).say("chat.asking.deleted")

    async def job(self, job_id: str) -> Job:
        """Raises `JobNotFound`."""
        return (await self.view(job_id)).job

    async def view(self, job_id: str) -> View:
        """A job and how it stands; raises `JobNotFound`."""
        return await self._service.view(job_id)

    async def recipe(
        self, job_id: str, catalogue: Catalogue, voice: Formatting, *, limit: int = MESSAGE
    ) -> str:
        """How a clip was made; raises `JobNotFound`."""
        return summaries.recipe(catalogue, voice, await self.job(job_id), limit=limit)

    async def prefill(self, job_id: str) -> Options:
        """What the form of an Edit begins with; raises `JobNotFound`."""
        job = await self.job(job_id)
        return replace(self._remix.words(job), seed=job.request.seed)

    async def queue(self, person: Person, voice: Formatting) -> str:
        """Where the person's jobs stand, then how long the line is."""
        mine = await self._service.active(person.requester)
        counts, mode = await self._history.counts(), await self._queue.mode()
        catalogue = self._texts.of(person.locale)
        return summaries.line(catalogue, voice, mine, counts["queued"], counts["running"], mode)

    async def quota(self, person: Person, voice: Formatting) -> str:
        standing = await self._service.standing(person.requester, exempt=self.exempt(person))
        return summaries.quota(self._texts.of(person.locale), voice, standing)

    async def videos(self, person: Person, *, limit: int = 20) -> list[View]:
        """The person's jobs, newest first."""
        return await self._service.videos(person.requester, limit=limit)

    def help(self, person: Person) -> str:
        return summaries.guide(self._texts.of(person.locale), fps=self._fps)

    async def forget(self, person: Person) -> str:
        """Delete everything about the person but the operator's records."""
        count = await self._service.forget(person.requester)
        catalogue = self._texts.of(person.locale)
        if count == 0:
            return catalogue.say("chat.forget.nothing")
        return catalogue.say("chat.forget.done", count=count)

    async def admin(self, person: Person, command: str, argument: str | None = None) -> str:
        """Carry out an operator's command; raises `NotAllowed` for everybody else."""
        if not person.operator:
            raise NotAllowed(OPERATORS_ONLY)
        catalogue, actor = self._texts.of(person.locale), str(person.requester)
        return await self._operators.run(catalogue, actor, command, (argument or "").strip())

    def verbs(self, job: Job) -> frozenset[Verb]:
        """Which buttons belong under a job as it stands."""
        match job.status:
            case JobStatus.QUEUED | JobStatus.RUNNING:
                return frozenset({Verb.CANCEL})
            case JobStatus.SUCCEEDED:
                usual = {Verb.REROLL, Verb.EDIT, Verb.RECIPE, Verb.DELETE}
                return frozenset(usual | self._extras(job))
            case JobStatus.FAILED | JobStatus.CANCELLED:
                return frozenset({Verb.REROLL, Verb.EDIT, Verb.DELETE})

    def exempt(self, person: Person) -> bool:
        return not self._exempt.isdisjoint(person.identities)

    def _extras(self, job: Job) -> set[Verb]:
        options, extras = self._intake.capabilities.options, set()
        if "extends" in options and job.clip is not None and job.clip.frames < LONGEST:
            extras.add(Verb.EXTEND)
        if "loop" in options and not job.request.loop:
            extras.add(Verb.LOOP)
        return extras

    async def _request(self, job: Job, verb: Verb, words: Options) -> AnimationRequest:
        match verb:
            case Verb.REROLL | Verb.EDIT:
                return await self._remix.again(job, words)
            case Verb.EXTEND:
                return await self._remix.extended(job, words)
            case Verb.LOOP:
                return await self._remix.again(
                    job, replace(words, loop=True, seed=job.request.seed)
                )
            case Verb.CANCEL | Verb.RECIPE | Verb.DELETE:
                raise UnsupportedOption("This button makes no new clip.", "verb")
            case _:
                assert_never(verb)

    async def _check_limits(self, person: Person, key: str | None) -> None:
        if key is None or await self._service.repeated(person.requester, key) is None:
            await self._service.check(person.requester, exempt=self.exempt(person))

    async def _submit(
        self,
        person: Person,
        request: AnimationRequest,
        key: str | None,
        content: str,
        address: ReplyAddress | None,
    ) -> Ticket:
        return await self._service.submit(
            request,
            person.requester,
            key=key,
            digest=content,
            address=address,
            exempt=self.exempt(person),
        )

    async def _newest(self, person: Person) -> Job:
        active = await self._service.active(person.requester)
        if not active:
            raise JobNotFound(NOTHING_TO_CANCEL)
        return max((view.job for view in active), key=lambda job: job.created_at)


async def _content(picture: Path) -> bytes:
    return await asyncio.to_thread(picture.read_bytes)


def _remade(job_id: str, verb: Verb, words: Options) -> str:
    content = json.dumps([job_id, verb, asdict(words)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
