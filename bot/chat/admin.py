"""The operator's commands, for those a platform says are operators."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from bot.chat.engine_lines import engine_lines
from bot.language.catalogue import Catalogue
from bot.submission.moderation import Moderation
from generation.dispatch.service import AnimationService
from generation.dispatch.workers import Workers
from generation.errors import UnsupportedOption
from generation.jobs import JobStatus
from generation.store.history import History
from generation.store.job_queue import JobQueue
from generation.store.state import Mode

HOUR, DAY = 3600.0, 86400.0

IDENTITY = re.compile(
    r"(?P<identity>((discord|discord-guild):|telegram:-?)[0-9]{1,20}|web:[a-z0-9_-]{1,40})"
    r"( (?P<days>[1-9][0-9]{0,3})d)?",
    re.ASCII,
)
"""Whom to block, and for how many days: `discord:123 7d`."""


class AdminCommands:
    def __init__(
        self,
        service: AnimationService,
        workers: Workers,
        queue: JobQueue,
        history: History,
        moderation: Moderation,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._workers = workers
        self._queue = queue
        self._history = history
        self._moderation = moderation
        self._clock = clock

    async def run(self, catalogue: Catalogue, actor: str, command: str, argument: str) -> str:
        """Carry a command out and say so; raises `Rejected` kinds."""
        match command:
            case "pause":
                await self._queue.set_mode(Mode.PAUSED)
                return catalogue.say("chat.admin.paused")
            case "resume" | "drain" if argument:
                return self._one_engine(catalogue, actor, command, argument)
            case "resume":
                await self._queue.set_mode(Mode.OPEN)
                return catalogue.say("chat.admin.resumed")
            case "drain":
                await self._queue.set_mode(Mode.DRAINING)
                return catalogue.say("chat.admin.draining")
            case "cancel":
                return await self._cancel(catalogue, argument)
            case "block":
                return await self._block(catalogue, actor, argument)
            case "unblock":
                return await self._unblock(catalogue, actor, argument)
            case "stats":
                return await self._stats(catalogue)
            case _:
                raise _usage("command", actor)

    def _one_engine(self, catalogue: Catalogue, actor: str, command: str, name: str) -> str:
        draining = command == "drain"
        if not (self._workers.drain(name) if draining else self._workers.resume(name)):
            raise _usage("argument", actor)
        key = "engine_draining" if draining else "engine_resumed"
        return catalogue.say(f"chat.admin.{key}", name=name)

    async def _cancel(self, catalogue: Catalogue, job_id: str) -> str:
        await self._service.view(job_id)
        if not await self._service.cancel(job_id):
            return catalogue.say("chat.asking.ended_already")
        return catalogue.say("chat.admin.cancelled", job=job_id)

    async def _block(self, catalogue: Catalogue, actor: str, argument: str) -> str:
        found = IDENTITY.fullmatch(argument)
        if found is None:
            raise _usage("argument", actor)
        seconds = int(found["days"]) * DAY if found["days"] else None
        await self._moderation.block(found["identity"], seconds=seconds, actor=actor)
        return catalogue.say("chat.admin.blocked", identity=found["identity"])

    async def _unblock(self, catalogue: Catalogue, actor: str, argument: str) -> str:
        found = IDENTITY.fullmatch(argument)
        if found is None:
            raise _usage("argument", actor)
        identity = found["identity"]
        if await self._moderation.unblock(identity, actor=actor):
            return catalogue.say("chat.admin.unblocked", identity=identity)
        return catalogue.say("chat.admin.was_not_blocked", identity=identity)

    async def _stats(self, catalogue: Catalogue) -> str:
        counts = await self._history.counts()
        ended = await self._history.ended_since(self._clock() - DAY)
        clips = await self._history.clips_by_engine(self._clock() - HOUR)
        engines = engine_lines(catalogue, self._workers.states(), clips)
        whole = catalogue.say(
            "chat.admin.stats",
            waiting=counts["queued"],
            running=counts["running"],
            succeeded=ended.get(JobStatus.SUCCEEDED, 0),
            failed=ended.get(JobStatus.FAILED, 0),
            cancelled=ended.get(JobStatus.CANCELLED, 0),
            mode=await self._queue.mode(),
        )
        return "\n".join([whole, *engines])


def _usage(param: str, actor: str) -> UnsupportedOption:
    """Whom to block is said in the names of the operator's own platform."""
    return UnsupportedOption("admin_usage", param, platform=actor.partition(":")[0])
