"""What lies on a server and nobody here needs any more: it is ended there when its time comes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

from generation.engine.protocol import WorkerLost
from generation.remote.answers import FarVideo
from generation.remote.client import VideosClient
from generation.remote.dialects import FarEnd
from generation.remote.errors import ServerRefuses


class Leftovers:
    """`delay`: seconds until what was fetched, or given up, is ended there."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._tasks: set[asyncio.Task[None]] = set()
        self._given_up: dict[str, str] = {}
        """Far ids of jobs that were given up while the server was away."""

    def give_up(self, job: str, far_id: str) -> None:
        """Whether it goes on there is not known."""
        self._given_up[job] = far_id

    def taken_up(self, job: str) -> None:
        self._given_up.pop(job, None)

    def server_is_back(self, client: VideosClient, how: FarEnd) -> None:
        """What is not taken up again until then is made by somebody else."""
        if self._given_up:
            self._later(self._end_given_up(client, how, dict(self._given_up)))

    def fetched(self, client: VideosClient, far_id: str) -> None:
        """Nothing stays there of it; late, since its row has to be written first."""
        self._later(self._end_late(client, far_id))

    def unwanted(self, client: VideosClient, how: FarEnd, asked: asyncio.Task[FarVideo]) -> None:
        """What was cancelled while it was being asked for has no id yet."""
        self._later(self._end_unwanted(client, how, asked))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end_given_up(
        self, client: VideosClient, how: FarEnd, given_up: dict[str, str]
    ) -> None:
        await asyncio.sleep(self._delay)
        for job, far_id in given_up.items():
            if self._given_up.get(job) == far_id:
                del self._given_up[job]
                await client.end(far_id, how)

    async def _end_late(self, client: VideosClient, far_id: str) -> None:
        await asyncio.sleep(self._delay)
        await client.end(far_id, FarEnd.DELETE)

    async def _end_unwanted(
        self, client: VideosClient, how: FarEnd, asked: asyncio.Task[FarVideo]
    ) -> None:
        with suppress(ServerRefuses, WorkerLost, OSError):
            await client.end((await asked).id, how)
