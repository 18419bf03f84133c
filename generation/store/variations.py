"""Variations in the table: clips of one request that differ by their seed, put there together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from generation.jobs import AnimationRequest, Job, ReplyAddress, Requester
from generation.store.claims import Lane
from generation.store.database import Database
from generation.store.job_queue import JobQueue
from generation.store.put_values import Put, row_of, told_of
from generation.store.quota import Limits
from generation.store.rows import REQUEST
from generation.store.statements import jobs, variations


class Variations:
    """Each is a job like all others; the first is known by the request's key."""

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue

    async def put(
        self,
        requests: Sequence[AnimationRequest],
        requester: Requester,
        limits: Limits,
        *,
        lane: Lane,
        key: str | None = None,
        digest: str | None = None,
        address: ReplyAddress | None = None,
    ) -> Put:
        """Queue all of them, or nothing; one alone is no variation.

        Raises as `JobQueue.put` does.
        """
        if len(requests) == 1:
            [alone] = requests
            return await self._queue.put(
                alone, requester, limits, lane=lane, key=key, digest=digest, address=address
            )
        rows = [row_of(request, requester, lane) for request in requests]
        for row, request in zip(rows, requests, strict=True):
            variation = request.variation and replace(request.variation, first=str(rows[0]["id"]))
            tied = replace(request, variation=variation)
            row["request"] = REQUEST.dump_json(tied).decode()
            row["asked_with"] = rows[0]["id"]
            row.update(told_of(None, None, address))
        rows[0].update(told_of(key, digest, address))
        return await self._queue.put_whole(
            lambda allowed: self._put(rows, allowed),
            requester,
            limits,
            clips=len(requests),
            key=key,
            digest=digest,
        )

    async def _put(
        self, rows: Sequence[Mapping[str, object]], allowed: Mapping[str, object]
    ) -> Put | None:
        first, *others = rows
        async with self._database.transaction() as run:
            for made in await run(jobs.PUT, {**first, **allowed}):
                for row in others:
                    await run(jobs.INSERT, {**row, "now": allowed["now"]})
                ids = tuple(str(row["id"]) for row in others)
                return Put(made["id"], made["turn"], made["seq"], others=ids)
        return None

    async def of(self, job: Job) -> tuple[str, ...]:
        """Ids of all that were asked for with this one, itself included, as far as they are there;
        none where it was asked for alone. A draft's clip in full stands for it."""
        variation = job.request.variation
        if variation is None:
            return ()
        values = {"id": job.id, "first": variation.first}
        found = {
            row["number"]: row["id"] for row in await self._database.rows(variations.OF, values)
        }
        if job.request.in_full or job.request.draft is not None:
            of_drafts = await self._database.rows(variations.IN_FULL, values)
            found |= {row["number"]: row["id"] for row in of_drafts}
        return tuple(found[number] for number in sorted(found))
