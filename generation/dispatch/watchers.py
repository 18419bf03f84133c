"""Who watches which job, or all jobs of somebody: only the newest event of each is kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

from generation.dispatch.film_progress import FilmProgress
from generation.events import Afterwards, Finished, JobDeleted, JobEvent, Running, Waiting
from generation.jobs import Requester


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


class Channel:
    """A mailbox for every job of one requester: the newest event of each, every end, and later."""

    def __init__(self) -> None:
        self._newest: dict[str, JobEvent] = {}
        self._afterwards: dict[str, Afterwards] = {}
        self._filled = asyncio.Event()

    def put(self, job_id: str, event: JobEvent) -> None:
        if not isinstance(self._newest.get(job_id), Finished):
            self._newest[job_id] = event
            self._filled.set()

    def seed(self, job_id: str, event: JobEvent) -> None:
        """What a snapshot said: older than anything that has arrived meanwhile, except the end."""
        if job_id not in self._newest or isinstance(event, Finished):
            self.put(job_id, event)

    def follow_up(self, job_id: str, event: Afterwards) -> None:
        """Nothing comes after `JobDeleted`."""
        if not isinstance(self._afterwards.get(job_id), JobDeleted):
            self._afterwards[job_id] = event
            self._filled.set()

    async def events(self) -> AsyncIterator[Mapping[str, JobEvent | Afterwards]]:
        """What is new since the last look, by job, in the order in which it came; for ever."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            news, self._newest = self._newest, {}
            later, self._afterwards = self._afterwards, {}
            if news:
                yield news
            if later:
                yield later


class Watchers:
    """What happens to a scene is told to those as well who watch its film."""

    def __init__(self, films: FilmProgress) -> None:
        self._films = films
        self._mailboxes: defaultdict[str, set[Mailbox]] = defaultdict(set)
        self._channels: defaultdict[Requester, set[Channel]] = defaultdict(set)
        self._owners: dict[str, Requester] = {}
        self._running: dict[str, Running] = {}
        self._waiting: dict[str, Waiting] = {}
        """What those who watch now were all told last."""

    @contextmanager
    def mailbox(self, job_id: str) -> Iterator[Mailbox]:
        mailbox = Mailbox()
        self._mailboxes[job_id].add(mailbox)
        self._waiting.pop(job_id, None)
        try:
            yield mailbox
        finally:
            self._mailboxes[job_id].discard(mailbox)
            if not self._mailboxes[job_id]:
                del self._mailboxes[job_id]
                self._waiting.pop(job_id, None)

    @contextmanager
    def channel(self, requester: Requester) -> Iterator[Channel]:
        """Hears of the jobs that `belong` tells of."""
        channel = Channel()
        self._channels[requester].add(channel)
        try:
            yield channel
        finally:
            self._channels[requester].discard(channel)
            if not self._channels[requester]:
                del self._channels[requester]
                mine = [job for job, owner in self._owners.items() if owner == requester]
                for job_id in mine:
                    del self._owners[job_id]
                    self._waiting.pop(job_id, None)

    def belong(self, job_id: str, requester: Requester) -> None:
        """A job that has not ended is theirs: whoever listens to them hears of it."""
        if requester in self._channels:
            self._owners[job_id] = requester
            self._waiting.pop(job_id, None)

    def publish_waiting(self, job_id: str, event: Waiting) -> None:
        """Where it waits, unless that is what everybody was told last."""
        if job_id in self._running or self._waiting.get(job_id) != event:
            self.publish(job_id, event)
            self._waiting[job_id] = event

    def publish(self, job_id: str, event: JobEvent) -> None:
        self._waiting.pop(job_id, None)
        if isinstance(event, Running):
            self._running[job_id] = event
        else:
            self._running.pop(job_id, None)
        for mailbox in self._mailboxes.get(job_id, ()):
            mailbox.put(event)
        owner = self._owners.get(job_id)
        if owner is not None:
            for channel in self._channels[owner]:
                channel.put(job_id, event)
            if isinstance(event, Finished):
                del self._owners[job_id]
        self._tell_film(job_id, event)

    def follow_up(self, job_id: str, requester: Requester, event: Afterwards) -> None:
        """Of a job that has ended, to those who watch all of its requester's."""
        for channel in self._channels.get(requester, ()):
            channel.follow_up(job_id, event)

    def _tell_film(self, job_id: str, event: JobEvent) -> None:
        if isinstance(event, Finished):
            self._films.end(job_id)
        film = self._films.follow(job_id, event)
        if film is not None:
            self.publish(*film)

    def running(self, job_id: str) -> Running | None:
        """The newest progress of a job, for somebody who only looks in."""
        return self._running.get(job_id)

    def all_running(self) -> Mapping[str, Running]:
        """The same of all jobs, as it is now."""
        return dict(self._running)

    def remaining_seconds(self) -> float:
        """What the jobs being made now still need together, as far as it is known."""
        clips = {job: one for job, one in self._running.items() if not self._films.knows(job)}
        return sum(running.eta_seconds or 0.0 for running in clips.values())

    def told(self) -> frozenset[str]:
        """Ids of the jobs that somebody watches, or that ran when they were last told of."""
        return frozenset(self._mailboxes.keys() | self._owners.keys() | self._running.keys())
