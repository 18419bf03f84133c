"""Taking back what a job was about, while the limits go on counting that there was one."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from generation.jobs import JobKind, Requester
from generation.store import origin
from generation.store.database import Database, Row, Unwritable
from generation.store.pseudonym import Pseudonyms
from generation.store.rows import request_of
from generation.store.statements import (
    clip_messages,
    emptying,
    films,
    inbox,
    intended_questions,
    last_choices,
    message_references,
    sent_messages,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Emptied:
    """A job whose row is empty now; `inputs` are the files that go with it."""

    job_id: str
    requester: Requester
    kind: JobKind
    inputs: tuple[str, ...]


class Forgetting:
    def __init__(
        self,
        database: Database,
        pseudonyms: Pseudonyms,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._clock = clock

    async def delete(self, job_ids: Sequence[str]) -> list[Emptied]:
        """Empty those that have ended and are not empty already.

        With a film go those of its scenes that no other film shows.
        """
        emptied = await asyncio.shield(self._delete(job_ids))
        if emptied:
            await self._erase()
        return emptied

    async def forget(self, requester: Requester) -> list[Emptied]:
        """Empty every ended job of this requester and take their name off all of them."""
        emptied = await asyncio.shield(self._forget(requester))
        await self._erase()
        return emptied

    async def take_back(self, requester: Requester) -> None:
        """Nothing is queued any more for what this requester has asked for so far."""
        values = {"platform": requester.platform, "user": requester.user}
        await self._database.rows(inbox.TAKE_BACK, values | origin.values())

    async def thin(self, *, before: float) -> list[Emptied]:
        """Empty some of the ended jobs asked for before then; none once none is left to empty."""
        values = {"before": before, "now": self._clock()}
        emptied = await self._database.rows(emptying.EMPTY_SOME, values)
        if emptied:
            await self._database.rows(films.FORGET)
            await self._database.rows(clip_messages.FORGET)
        return [_emptied(row) for row in emptied]

    async def _erase(self) -> None:
        try:
            await self._database.erase()
        except Unwritable as error:  # the rows are empty all the same; the log is a while later
            log.warning("log_not_emptied", reason=str(error))

    async def _delete(self, job_ids: Sequence[str]) -> list[Emptied]:
        async with self._database.transaction() as run:
            found = await run(emptying.ENDED_NAMED, {"ids": json.dumps(list(job_ids))})
            if not found:
                return []
            values = {"ids": json.dumps([row["id"] for row in found]), "now": self._clock()}
            has_film = any(row["kind"] == JobKind.FILM for row in found)
            scenes = await run(films.OF_ALONE, values) if has_film else []
            if scenes:
                await run(films.EMPTY_ALONE, values)
            await run(emptying.EMPTY_NAMED, values)
            if has_film:
                await run(films.FORGET)
            await run(clip_messages.FORGET)
        return [_emptied(row) for row in (*found, *scenes)]

    async def _forget(self, requester: Requester) -> list[Emptied]:
        values = {
            "platform": requester.platform,
            "user": requester.user,
            "pseudonym": self._pseudonyms.of(requester),
            "now": self._clock(),
        }
        async with self._database.transaction() as run:
            found = await run(emptying.ENDED_OF_USER, values)
            emptied = [_emptied(row) for row in found]
            await run(emptying.EMPTY_OF_USER, values)
            await run(films.FORGET)
            await run(clip_messages.FORGET)
            await run(emptying.RENAME_USER, values)
            await run(inbox.FORGET, values)
            await run(message_references.FORGET, values)
            await run(intended_questions.FORGET, values)
            await run(sent_messages.FORGET, values)
            await run(last_choices.FORGET, values)
        return emptied


def _emptied(row: Row) -> Emptied:
    kind = JobKind(row["kind"])
    inputs = () if kind is JobKind.FILM else request_of(row).inputs  # they are its scenes'
    return Emptied(row["id"], Requester(row["platform"], row["user"]), kind, inputs)
