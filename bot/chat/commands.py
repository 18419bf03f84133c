"""Everything a person can ask for in a chat, so that a platform only parses and sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.chat import summaries
from bot.chat.admin import AdminCommands
from bot.chat.buttons import PICKS, Verb
from bot.chat.errors import UserError
from bot.chat.film_recipe import film_recipe
from bot.chat.taken_back import TakenBack
from bot.language.catalogue import Catalogue, Texts
from bot.language.wording import MESSAGE, Formatting
from bot.submission.doubling import may_double
from bot.submission.options import LEAST_MOTION, MOST_MOTION, Options, motion_degree
from bot.submission.person import Person
from bot.submission.remix import may_extend
from bot.submission.submit import Submission
from generation.dispatch.service import AnimationService
from generation.dispatch.views import View
from generation.errors import JobNotFound, NotAllowed
from generation.events import Finished, Succeeded
from generation.jobs import Job, JobKind, JobStatus, Requester
from generation.notes import WITHOUT, Note
from generation.store.history import History
from generation.store.job_queue import JobQueue

TakeBack = Callable[[Sequence[Job]], Awaitable[TakenBack]]
"""Removes the messages that tell of these jobs."""


async def _nothing(_: Sequence[Job]) -> TakenBack:
    """Where nobody has shown anything."""
    return TakenBack()


FIXED = Note("camera", shots=("still normal normal",))
"""Said by an engine that moves nothing but the camera."""

MOST_CLIPS = 1000
"""Of one person, in a list of what is still there."""

TELL, GLANCE = 10.0, 0.1
"""Seconds that whoever wants to be forgotten waits for their last answers; between two looks."""


class ChatCommands:
    """`fps` are frames a second where nobody says otherwise."""

    def __init__(
        self,
        service: AnimationService,
        submission: Submission,
        admin: AdminCommands,
        queue: JobQueue,
        history: History,
        texts: Texts,
        *,
        fps: int,
    ) -> None:
        self._service = service
        self._submission = submission
        self._admin = admin
        self._queue = queue
        self._history = history
        self._texts = texts
        self._fps = fps

    async def cancel(self, person: Person, job_id: str | None = None) -> str:
        """End a waiting or running job and its variations, the newest where none is named.

        Raises `JobNotFound`, `NotAllowed`.
        """
        catalogue = self._texts.of(person.locale)
        job = await self._newest(person) if job_id is None else await self.job(job_id)
        if not person.may_end(job):
            raise NotAllowed("not_yours")
        varied = () if job.request.in_full else (await self.view(job.id)).variations
        together = varied or (job.id,)
        if not any([await self._service.cancel(one) for one in together]):
            return catalogue.say("chat.asking.ended_already")
        return catalogue.say("chat.result.cancelled")

    async def ask_to_delete(self, person: Person, job_id: str) -> str:
        """Whether they are sure, where it is theirs to do; raises `JobNotFound`, `NotAllowed`."""
        if not person.may_end(await self.job(job_id)):
            raise NotAllowed("not_yours")
        return self._texts.of(person.locale).say("chat.asking.sure_to_delete")

    async def delete(self, person: Person, job_id: str, take_back: TakeBack = _nothing) -> str:
        """Cancel a job, delete its files, what it was about and every message that shows its clip.

        Raises `JobNotFound`, `NotAllowed`.
        """
        if not person.may_end(await self.job(job_id)):
            raise NotAllowed("not_yours")
        await self._service.cancel(job_id)
        await take_back([await self.job(job_id)])
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
        view = await self.view(job_id)
        if view.scenes:
            return film_recipe(catalogue, voice, view, limit=limit)
        return summaries.recipe(catalogue, voice, view.job, limit=limit)

    async def prefill(self, job_id: str, *, is_in_chat: bool = False) -> Options:
        """What the form of an Edit begins with; `is_in_chat`: the chat still has the clip.

        Raises `JobNotFound`, `Expired`.
        """
        job = await self.job(job_id)
        if not is_in_chat:
            self._submission.check_kept(job)
        return replace(self._submission.options(job), seed=job.request.seed)

    async def queue(self, person: Person, voice: Formatting) -> str:
        """Where the person's jobs stand, then how long the line is."""
        mine = await self._service.active(person.requester)
        counts, held = await self._history.counts(), (await self._queue.state()).held
        catalogue = self._texts.of(person.locale)
        return summaries.line(catalogue, voice, mine, counts["queued"], counts["running"], held)

    async def quota(self, person: Person, voice: Formatting) -> str:
        standing = await self._submission.standing(person)
        return summaries.quota(self._texts.of(person.locale), voice, standing)

    async def videos(self, person: Person) -> list[Job]:
        """The person's jobs whose clip is still there, newest first."""
        made = await self._history.clips_of(person.requester, most=MOST_CLIPS)
        return await self._submission.with_clip(made)

    async def mark(self, person: Person, job_id: str, *, favorite: bool) -> Job:
        """Set or take a mark on a clip of theirs; raises `JobNotFound`, `NotAllowed`."""
        if (await self.job(job_id)).requester != person.requester:
            raise NotAllowed("not_yours")
        await self._service.mark(job_id, favorite=favorite)
        return await self.job(job_id)

    def help(self, person: Person) -> str:
        options = self._submission.capabilities.options
        return summaries.guide(self._texts.of(person.locale), fps=self._fps, options=options)

    def ask_to_forget(self, person: Person) -> str:
        """Whether they are sure."""
        return self._texts.of(person.locale).say("chat.forget.sure")

    async def forget(self, person: Person, take_back: TakeBack) -> str:
        """Delete everything about the person but the operator's records.

        What waits is told so before its row is empty: then nobody would know whom to tell.
        """
        requester = person.requester
        await self._service.take_back(requester)
        await self._told(requester)
        taken_back = await take_back(await self._history.shown_to(requester))
        count = await self._service.forget(requester)
        catalogue, staying = self._texts.of(person.locale), taken_back.staying
        if count == 0 and taken_back == TakenBack():
            return catalogue.say("chat.forget.nothing")
        done = catalogue.say("chat.forget.done", count=count)
        if staying == 0:
            return done
        return f"{done}\n{catalogue.say('chat.forget.staying', count=staying)}"

    async def _told(self, requester: Requester) -> None:
        """Until everybody knows what came of their requests, as long as that takes no longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TELL):
                while await self._history.untold(requester):  # noqa: ASYNC110 (a delivery in its row)
                    await asyncio.sleep(GLANCE)

    async def admin(self, person: Person, command: str, argument: str | None = None) -> str:
        """Carry out an operator's command; raises `NotAllowed` for everybody else."""
        if not person.operator:
            raise NotAllowed("operators_only")
        catalogue, actor = self._texts.of(person.locale), str(person.requester)
        return await self._admin.run(catalogue, actor, command, (argument or "").strip())

    async def variation(self, person: Person, job_id: str, number: int) -> View:
        """A finished one of those that were asked for with this clip; raises `UserError`."""
        catalogue = self._texts.of(person.locale)
        for one in (await self.view(job_id)).variations:
            view = await self.view(one)
            variation = view.job.request.variation
            if variation is None or variation.number != number:
                continue
            if not isinstance(view.event, Finished):
                raise UserError(catalogue.say("chat.variation.waiting", number=number))
            if isinstance(view.event.outcome, Succeeded):
                return view
        raise UserError(catalogue.say("chat.variation.gone", number=number))

    def verbs(self, job: Job) -> frozenset[Verb]:
        """Which buttons belong under a job as it stands; a film is no clip to be changed."""
        if job.status in (JobStatus.QUEUED, JobStatus.RUNNING):
            return frozenset({Verb.CANCEL})
        return self._after(job) | _picks(job)

    def _after(self, job: Job) -> frozenset[Verb]:
        """What can be done with what came of it."""
        match job.status:
            case JobStatus.QUEUED | JobStatus.RUNNING:
                return frozenset()
            case JobStatus.SUCCEEDED:
                usual = {Verb.RECIPE, Verb.DELETE}
                if job.kind is JobKind.FILM:
                    return frozenset(usual | self._further(job) | _scene(job))
                remade = {Verb.REROLL, Verb.EDIT}
                return frozenset(usual | remade | self._further(job) | self._extras(job))
            case JobStatus.FAILED | JobStatus.CANCELLED if job.kind is JobKind.FILM:
                return frozenset({Verb.DELETE})
            case JobStatus.FAILED | JobStatus.CANCELLED:
                return frozenset({Verb.REROLL, Verb.EDIT, Verb.DELETE})

    def _further(self, job: Job) -> set[Verb]:
        """What its clip is enough for, where that is short and small enough."""
        options, further = self._submission.capabilities.options, set()
        if "extends" in options and job.clip is not None and may_extend(job.clip):
            further.add(Verb.EXTEND)
        if "upscales" in options and job.clip is not None and may_double(job.clip):
            further.add(Verb.UPSCALE)
        return further

    def _extras(self, job: Job) -> set[Verb]:
        options, extras = self._submission.capabilities.options, set()
        if "loop" in options and not job.request.loop:
            extras.add(Verb.LOOP)
        if "boomerang" in options and not job.request.boomerang:
            extras.add(Verb.BOOMERANG)
        if job.request.draft is not None:
            extras.add(Verb.FULL)
        return extras | (_degrees(job) if "motion_strength" in options else set())

    async def _newest(self, person: Person) -> Job:
        active = await self._service.active(person.requester)
        if not active:
            raise JobNotFound("none_active")
        return max((view.job for view in active), key=lambda job: job.created_at)


def _scene(film: Job) -> set[Verb]:
    return {Verb.SCENE} if any(note.code in WITHOUT for note in film.notes) else set()


def _picks(job: Job) -> set[Verb]:
    """The variations beside this one."""
    variation = job.request.variation
    if variation is None:
        return set()
    return set(PICKS[: variation.count]) - {PICKS[variation.number - 1]}


def _degrees(job: Job) -> set[Verb]:
    """A step to more and one to less, as far as there is any; a fixed camera has neither."""
    if FIXED in job.notes:
        return set()
    degree = motion_degree(job.request.motion_strength)
    more = {Verb.MORE} if degree < MOST_MOTION else set()
    return more | ({Verb.LESS} if degree > LEAST_MOTION else set())
