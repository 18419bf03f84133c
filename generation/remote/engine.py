"""An engine that is a server far away and speaks the OpenAI Videos API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from generation.directions.vocabulary import Effect, Motion
from generation.engine.cards import CardState
from generation.engine.protocol import (
    Accepted,
    Animation,
    Capabilities,
    Done,
    Report,
    ServerAway,
    WorkerLost,
)
from generation.events import Cancelled, Failed
from generation.remote.answers import FarStatus, FarVideo
from generation.remote.arrival import Rewriting
from generation.remote.client import VideosClient, Waits
from generation.remote.dialects import PLAIN, capabilities_of, capacity_of, dialect_of
from generation.remote.errors import BrokenAnswer, ServerOccupied, ServerRefuses
from generation.remote.fetching import FarAttempt, fetched
from generation.remote.following import followed
from generation.remote.form import FarForm, form_of
from generation.remote.leftovers import Leftovers
from generation.remote.refusals import GONE, is_of_the_request, refused
from generation.remote.rest import Rest

log = structlog.get_logger(__name__)

AGAIN = 8
"""How often a job is asked for under another key, where what the last one made is of no use."""


@dataclass(frozen=True, slots=True)
class Server:
    """`url` with `/v1`; `model`: which of its models, where it has several; `capacity`: how many
    clips it makes at once, where it does not say so itself. `signing`, `environment`: for the
    process that makes clips of ours of what other programs send.
    """

    url: str
    key: str | None = None
    model: str | None = None
    capacity: int | None = None
    signing: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return urlsplit(self.url).netloc


class RemoteEngine:
    """Hands jobs to `server`; a job that goes on there is found again after a restart."""

    def __init__(self, server: Server, *, name: str | None = None, waits: Waits | None = None):
        self.name = name or server.name
        self.changed = asyncio.Event()
        self.capacity = server.capacity or 1
        self.ready = False
        self.cards: tuple[CardState, ...] = ()
        self.said: tuple[str, ...] = ()
        """As of a process: what it has printed."""
        self._server = server
        self._waits = waits or Waits()
        self._client: VideosClient | None = None
        self._dialect = PLAIN
        self._leaving = False
        self._leftovers = Leftovers(self._waits.tidy)
        self._rest = Rest(self._waits.rest)
        self._known = False
        self._watching: asyncio.Task[None] | None = None
        model, motions, effects = server.model or "videos", frozenset(Motion), frozenset(Effect)
        self.capabilities = Capabilities("videos", model, motions, effects, frozenset())

    @property
    def kind(self) -> str:
        """What program it is, as far as that is known."""
        return self._dialect.name

    async def start(self) -> None:
        """Ask the server what it can; raises `WorkerLost`, and `ServerAway` while it is.

        One that was there once is away, whatever stands in its place now.
        """
        self._rest.look()
        if self._client is None:
            self._client = VideosClient(self._server.url, self._server.key, self._waits)
        try:
            await self._ask(self._client)
        except WorkerLost as lost:
            raise (ServerAway(str(lost)) if self._known else lost) from None
        self.ready = self._known = True
        self.changed.set()
        log.info("server_found", engine=self.name, kind=self.kind, places=self.capacity)
        self._leftovers.server_is_back(self._client, self._dialect.ending)
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch(self._client))

    async def _ask(self, client: VideosClient) -> None:
        models, headers = await client.models()
        self._dialect = dialect_of(models, headers)
        self.capabilities = capabilities_of(self._dialect, models, self._server.model)
        self.capacity = self._server.capacity or capacity_of(models)

    async def _watch(self, client: VideosClient) -> None:
        """A server that gets another card has more places; one that is gone while idle is out."""
        missed = 0
        while True:
            await asyncio.sleep(self._waits.watch)
            if not self.ready:
                continue
            try:
                before = self.capabilities, self.capacity
                await self._ask(client)
                missed = 0
                if (self.capabilities, self.capacity) != before:
                    self.changed.set()
            except ServerAway:
                missed += 1
                if missed > 1:
                    self._gone()
            except WorkerLost:
                self._gone()

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        """Closing it early has the server end the video, unless we `leave`."""
        if self._client is None or not self.ready:
            raise WorkerLost("the server is away", guilty=False)
        attempt = FarAttempt(self._client, animation, animation.far_id or "")
        try:
            async with aclosing(self._made(attempt)) as reports:
                async for report in reports:
                    attempt.ended = isinstance(report, Done | Failed)
                    yield report
            self._rest.forget()
        except WorkerLost as lost:
            attempt.ended = True  # whether it goes on there is not known: it is looked for later
            if attempt.far_id:
                self._leftovers.give_up(animation.job, attempt.far_id)
            self._fails(lost)
            raise
        finally:
            await self._end(attempt)

    async def _made(self, attempt: FarAttempt) -> AsyncGenerator[Report]:
        """Raises `WorkerLost`."""
        taken = False
        try:
            video = await self._taken(attempt)
            attempt.far_id, taken = video.id, True
            self._leftovers.taken_up(attempt.animation.job)
            yield Accepted(video.id)
            following = followed(attempt.client, video, self._dialect, self._waits)
            async with aclosing(following) as reports:
                async for report in reports:
                    if isinstance(report, Cancelled):
                        raise BrokenAnswer("The server has ended it by itself.")
                    yield report
                    if isinstance(report, Failed):
                        return
            whole = self._dialect.ours and not self._server.signing
            rewriting = None if whole else self._rewriting()
            yield await fetched(attempt, rewriting)
        except ServerRefuses as refusal:
            log.error("server_refuses", engine=self.name, reason=str(refusal))
            yield self._refused(refusal, taken=taken)

    def drain(self, card: str, *, drained: bool) -> None:
        """Which card makes a clip there is the server's to say."""

    def leave(self) -> None:
        """What is closed early from now on goes on there: the next start looks for it."""
        self._leaving = True

    async def close(self) -> None:
        self.ready = False
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        await self._leftovers.close()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _taken(self, attempt: FarAttempt) -> FarVideo:
        """The video that an earlier attempt began, or else a new one; never a second beside it."""
        client, animation = attempt.client, attempt.animation
        if animation.far_id is not None:
            try:
                video = await client.look(animation.far_id)
            except ServerRefuses as refused:
                log.warning("far_video_gone", engine=self.name, status=refused.status)
            else:
                if video.standing is not FarStatus.ENDED or isinstance(video.ending, Failed):
                    return video
        form = await asyncio.to_thread(
            form_of, animation, self._dialect, self.capabilities, self._server.model
        )
        for number in range(AGAIN):
            key = f"{animation.job}-{number}" if number else animation.job
            try:
                video = await self._asked_for(client, form, key)
            except ServerRefuses as refused:
                if refused.status != 409:  # of what was made under this key and is deleted there
                    raise
            else:
                if video.standing is not FarStatus.ENDED:
                    return video
        raise BrokenAnswer("The server makes nothing new of this request.")

    async def _asked_for(self, client: VideosClient, form: FarForm, key: str) -> FarVideo:
        """What is cancelled meanwhile is on its way already: it is ended there as soon as it is."""
        asked = asyncio.create_task(client.submit(form, key))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            if self._leaving:
                asked.cancel()
            else:
                self._leftovers.unwanted(client, self._dialect.ending, asked)
            raise

    def _rewriting(self) -> Rewriting:
        return Rewriting(self.capabilities, self._server.signing, self._server.environment)

    def _refused(self, refusal: ServerRefuses, *, taken: bool) -> Failed:
        """Nothing that a person could mend: what can be told before is refused before.

        What is no fault of the request is put back: raises `WorkerLost`.
        """
        if taken and refusal.status in GONE:
            raise BrokenAnswer("The server knows nothing of what it had taken.") from None
        if not is_of_the_request(refusal):
            raise refused(refusal) from None
        ending = FarVideo("", FarStatus.ENDED, code=refusal.code).ending
        return ending if isinstance(ending, Failed) else Failed("generation_failed", "general")

    def _fails(self, lost: WorkerLost) -> None:
        """Of several jobs that are lost at once the first one counts."""
        if self.ready:
            asked = lost.seconds if isinstance(lost, ServerOccupied) else 0.0
            self._rest.begin(str(lost), asked)
        self._gone()

    def _gone(self) -> None:
        self.ready = False
        self.changed.set()

    async def _end(self, attempt: FarAttempt) -> None:
        client, far_id = attempt.client, attempt.far_id
        if attempt.ended:
            if far_id and self.ready:
                self._leftovers.fetched(client, far_id)
        elif far_id and not self._leaving:
            await asyncio.shield(client.end(far_id, self._dialect.ending))
