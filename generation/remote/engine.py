"""An engine that is a server far away and speaks the OpenAI Videos API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from generation.directions.vocabulary import Effect, Motion
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
from generation.media.atomic_publish import Publication
from generation.remote.answers import FarStatus, FarVideo
from generation.remote.arrival import Unusable, place_foreign, place_own
from generation.remote.client import ServerRefuses, VideosClient, Waits
from generation.remote.dialects import PLAIN, FarEnd, capabilities_of, capacity_of, dialect_of
from generation.remote.following import followed
from generation.remote.form import form_of

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
        self.said: tuple[str, ...] = ()
        """As of a process: what it has printed."""
        self._server = server
        self._waits = waits or Waits()
        self._client: VideosClient | None = None
        self._dialect = PLAIN
        self._leaving = False
        self._tidying: set[asyncio.Task[None]] = set()
        self._left: dict[str, str] = {}
        """Far ids of jobs that were given up while the server was away."""
        self._watching: asyncio.Task[None] | None = None
        model, motions, effects = server.model or "videos", frozenset(Motion), frozenset(Effect)
        self.capabilities = Capabilities("videos", model, motions, effects, frozenset())

    @property
    def kind(self) -> str:
        """What program it is, as far as that is known."""
        return self._dialect.name

    async def start(self) -> None:
        """Ask the server what it can; raises `WorkerLost`, and `ServerAway` while it is."""
        if self._client is None:
            self._client = VideosClient(self._server.url, self._server.key, self._waits)
        await self._ask(self._client)
        self.ready = True
        self.changed.set()
        log.info("server_found", engine=self.name, kind=self.kind, places=self.capacity)
        if self._left:
            self._later(self._end_left(self._client, dict(self._left)))
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
                    self._lost()
            except WorkerLost:
                self._lost()

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        """Closing it early has the server end the video, unless we `leave`."""
        if self._client is None or not self.ready:
            raise WorkerLost("the server is away", guilty=False)
        far_id, ended = "", False
        try:
            video = await self._taken(self._client, animation)
            far_id = video.id
            self._left.pop(animation.job, None)
            yield Accepted(far_id)
            following = followed(self._client, video, self._dialect, self._waits)
            async with aclosing(following) as reports:
                async for report in reports:
                    ended = isinstance(report, Failed | Cancelled)
                    yield report
                    if ended:
                        return
            outcome = await self._fetched(self._client, far_id, animation)
            ended = True
            yield outcome
        except ServerRefuses as refused:
            ended = True
            yield self._refused(refused, known=bool(far_id))
        except WorkerLost:
            ended = True  # whether it goes on there is not known: it is looked for later
            if far_id:
                self._left[animation.job] = far_id
            self._lost()
            raise
        finally:
            await self._end(far_id, left_early=not ended)

    def leave(self) -> None:
        """What is closed early from now on goes on there: the next start looks for it."""
        self._leaving = True

    async def close(self) -> None:
        self.ready = False
        tasks = [*self._tidying, *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._watching = None
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _taken(self, client: VideosClient, animation: Animation) -> FarVideo:
        """The video that an earlier attempt began, or else a new one; never a second beside it."""
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
                video = await client.submit(form, key)
            except ServerRefuses as refused:
                if refused.status != 409:  # of what was made under this key and is deleted there
                    raise
            else:
                if video.standing is not FarStatus.ENDED:
                    return video
        raise WorkerLost("the server makes nothing new of this request", guilty=False)

    async def _fetched(self, client: VideosClient, far_id: str, animation: Animation) -> Report:
        files = Publication(animation.clip, animation.thumbnail)
        try:
            await client.download(far_id, files.video)
            if self._dialect.ours and not self._server.signing:
                await client.download(far_id, files.smaller, "thumbnail")
                jpeg = await asyncio.to_thread(files.smaller.read_bytes)
                clip = await asyncio.to_thread(place_own, files, jpeg, animation.request.seed)
            else:
                server, known = self._server, self.capabilities
                clip = await place_foreign(
                    files, animation, known, server.signing, server.environment
                )
        except Unusable as error:
            log.error("far_video_unusable", engine=self.name, reason=str(error))
            return Failed("generation_failed", "engine_defect")
        finally:
            files.discard()
        return Done(clip)

    def _refused(self, refused: ServerRefuses, *, known: bool) -> Failed | Cancelled:
        """Nothing that a person could mend: what can be told before is refused before.

        A key that is no longer good, and a video that the server has forgotten (`known`: it had
        taken it), are no fault of the request: it is put back.
        """
        log.error("server_refuses", engine=self.name, reason=str(refused))
        if refused.status in {401, 403} or (known and refused.status == 404):
            self._lost()
            return Cancelled()
        return FarVideo("", FarStatus.ENDED, code=refused.code).ending

    def _lost(self) -> None:
        self.ready = False
        self.changed.set()

    async def _end(self, far_id: str, *, left_early: bool) -> None:
        if not far_id or self._client is None or (left_early and self._leaving):
            return
        if left_early:
            await asyncio.shield(self._client.end(far_id, self._dialect.ending))
        elif self.ready:
            self._later(self._tidy(self._client, far_id))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tidying.add(task)
        task.add_done_callback(self._tidying.discard)

    async def _end_left(self, client: VideosClient, left: Mapping[str, str]) -> None:
        """What was not taken up again is made by somebody else."""
        await asyncio.sleep(self._waits.tidy)
        for job, far_id in left.items():
            if self._left.get(job) == far_id:
                del self._left[job]
                await client.end(far_id, self._dialect.ending)

    async def _tidy(self, client: VideosClient, far_id: str) -> None:
        """Nothing stays there of what was fetched; late, since its row has to be written first."""
        await asyncio.sleep(self._waits.tidy)
        await client.end(far_id, FarEnd.DELETE)
