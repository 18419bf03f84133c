"""What goes with a job that is emptied: its files, and whoever watches learns of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from generation.dispatch.rounds import Rounds
from generation.dispatch.watchers import Watchers
from generation.events import JobDeleted
from generation.jobs import JobKind, Requester
from generation.store.forgetting import Emptied, Forgetting
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


class JobDeletions:
    def __init__(self, forgetting: Forgetting, workspace: Workspace, watchers: Watchers) -> None:
        self._forgetting = forgetting
        self._workspace = workspace
        self._watchers = watchers
        self._rounds = Rounds(self._delete)

    async def delete(self, job_id: str) -> bool:
        """Empty the row of a job that has ended. False if it has not, or somebody did so before.

        Hundreds may be deleted at once, and each round waits for the disk several times.
        """
        return job_id in await self._rounds.join(job_id)

    async def _delete(self, job_ids: Sequence[str]) -> frozenset[str]:
        emptied = await self._forgetting.delete(job_ids)
        await self._tidy(emptied)
        deleted = frozenset(job_ids) & {one.job_id for one in emptied}
        for job_id in deleted:
            log.info("job_deleted", job=job_id)
        return deleted

    async def forget(self, requester: Requester) -> int:
        """Empty whatever of theirs has ended; how many requests that were."""
        emptied = await self._forgetting.forget(requester)
        await self._tidy(emptied)
        asked = sum(one.kind is not JobKind.SCENE for one in emptied)
        log.info("requester_forgotten", jobs=asked)
        return asked

    async def thin(self, *, before: float) -> int:
        """Empty some of the jobs asked for before then; 0 once none is left to empty.

        Their files have gone before.
        """
        emptied = await self._forgetting.thin(before=before)
        self._tell(emptied)
        return len(emptied)

    async def _tidy(self, emptied: Sequence[Emptied]) -> None:
        if emptied:
            await asyncio.to_thread(self._remove_files, emptied)
        self._tell(emptied)

    def _remove_files(self, emptied: Sequence[Emptied]) -> None:
        for one in emptied:
            self._workspace.remove_clip(one.job_id)
            self._workspace.remove_inputs(one.inputs)

    def _tell(self, emptied: Sequence[Emptied]) -> None:
        for one in emptied:
            if one.kind is not JobKind.SCENE:  # which is in no list
                self._watchers.follow_up(one.job_id, one.requester, JobDeleted())
