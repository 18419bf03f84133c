"""Who watches which job: each watcher has a mailbox that keeps only the newest event."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from generation.events import Finished, JobEvent, Running


class Mailbox:
    """Bounded at one event: a slow reader skips progress but never the end."""

    def __init__(self) -> None:
        self._newest: JobEvent | None = None
        self._filled = asyncio.Event()

    def put(self, event: JobEvent) -> None:
        if not isinstance(self._newest, Finished):
            self._newest = event
            self._filled.set()

    def seed(self, event: JobEvent) -> None:
        """What a snapshot said: older than anything that has arrived meanwhile, except the end."""
        if self._newest is None or isinstance(event, Finished):
            self.put(event)

    async def events(self) -> AsyncIterator[JobEvent]:
        """Every event that is still the newest when it is asked for; ends after `Finished`."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            event = self._newest
            assert event is not None
            if not isinstance(event, Finished):
                self._newest = None
            yield event
            if isinstance(event, Finished):
                return


class Watchers:
    def __init__(self) -> None:
        self._mailboxes: defaultdict[str, set[Mailbox]] = defaultdict(set)
        self._running: dict[str, Running] = {}

    @contextmanager
    def mailbox(self, job_id: str) -> Iterator[Mailbox]:
        mailbox = Mailbox()
        self._mailboxes[job_id].add(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes[job_id].discard(mailbox)
            if not self._mailboxes[job_id]:
                del self._mailboxes[job_id]

    def publish(self, job_id: str, event: JobEvent) -> None:
        if isinstance(event, Running):
            self._running[job_id] = event
        else:
            self._running.pop(job_id, None)
        for mailbox in self._mailboxes.get(job_id, ()):
            mailbox.put(event)

    def running(self, job_id: str) -> Running | None:
        """The newest progress of a job, for somebody who only looks in."""
        return self._running.get(job_id)

    def remaining_seconds(self) -> float:
        """What the jobs being made now still need together, as far as it is known."""
        return sum(running.eta_seconds or 0.0 for running in self._running.values())

    def told(self) -> frozenset[str]:
        """Ids of the jobs that somebody watches, or that ran when they were last told of."""
        return frozenset(self._mailboxes.keys() | self._running.keys())
