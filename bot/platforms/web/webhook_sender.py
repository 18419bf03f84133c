"""Tells whoever asked for it that a video has ended: from rows, so that a restart loses nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from bot.language.catalogue import Catalogue
from bot.platforms.web.schema import video_object
from bot.platforms.web.webhooks import Webhooks
from generation.dispatch.service import AnimationService
from generation.dispatch.standing import FailuresLogged
from generation.dispatch.views import View
from generation.errors import JobNotFound
from generation.events import Finished, Succeeded
from generation.jobs import Job
from generation.store.delivery import Deliveries
from generation.store.recording import recorded

log = structlog.get_logger(__name__)

PLATFORM = "web"
AT_ONCE = 8
"""Receivers told side by side: a slow one holds up nobody else."""

SOONEST, LATEST = 5.0, 3600.0
"""Seconds between two tries, which are as long apart as the end is old; after a day they end."""

GONE = 410
"""What a receiver answers that wants to hear no more of it."""


Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Address, body and headers in, the answer's status out; raises `NotPosted`."""


class NotPosted(Exception):
    """No answer came, for this reason."""


class WebhookSender:
    """`opened`: how a webhook is posted, or nothing where the operator allows no host.

    `pause`: seconds between two looks at the rows, and two tries to write one.
    """

    def __init__(
        self,
        webhooks: Webhooks,
        service: AnimationService,
        deliveries: Deliveries,
        shown: Callable[[View], dict[str, Any]],
        opened: Callable[[], AbstractAsyncContextManager[Post | None]],
        *,
        clock: Callable[[], float] = time.time,
        pause: float = 1.0,
    ) -> None:
        self._webhooks = webhooks
        self._service = service
        self._deliveries = deliveries
        self._shown = shown
        self._opened = opened
        self._clock = clock
        self._pause = pause
        self._under_way: set[str] = set()

    async def run(self) -> None:
        """As long as the program runs."""
        free = asyncio.Semaphore(AT_ONCE)
        async with self._opened() as post, asyncio.TaskGroup() as tasks:
            while True:
                with FailuresLogged("webhooks"):
                    for job in await self._due():
                        self._under_way.add(job.id)
                        tasks.create_task(self._tell(post, job, free))
                await asyncio.sleep(self._pause)

    async def _due(self) -> list[Job]:
        ended = await self._deliveries.ended({PLATFORM})
        return [job for job in ended if job.id not in self._under_way]

    async def _tell(self, post: Post | None, job: Job, free: asyncio.Semaphore) -> None:
        try:
            with FailuresLogged("webhook"), suppress(JobNotFound):  # deleted meanwhile
                async with free:
                    await self._told(post, job)
        finally:
            self._under_way.discard(job.id)

    async def _told(self, post: Post | None, job: Job) -> None:
        url = job.address
        if post is None or url is None or not self._webhooks.allow(url):
            await self._record(self._deliveries.undeliverable, job)
            return
        body = self._body(await self._service.view(job.id))
        try:
            status = await post(url, body, self._headers(job, body))
        except NotPosted as error:
            log.warning("webhook_not_delivered", job=job.id, reason=str(error))
            await self._again_later(job)
            return
        if 200 <= status < 300:
            await self._record(self._deliveries.delivered, job)
        elif status == GONE:
            await self._record(self._deliveries.undeliverable, job)
        else:
            log.warning("webhook_not_delivered", job=job.id, status=status)
            await self._again_later(job)

    async def _again_later(self, job: Job) -> None:
        ended = job.finished_at.timestamp() if job.finished_at else self._clock()
        wait = min(max(self._clock() - ended, SOONEST), LATEST)
        await self._record(partial(self._deliveries.postpone, seconds=wait), job)

    async def _record(self, end: Callable[[str], Awaitable[bool]], job: Job) -> None:
        """As long as it is not, the job counts as under way, and nobody is told again."""
        await recorded(lambda: end(job.id), lambda: asyncio.sleep(self._pause))

    def _headers(self, job: Job, body: bytes) -> dict[str, str]:
        event_id, moment = _event_id(job), int(self._clock())
        return {
            "Content-Type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(moment),
            "webhook-signature": self._webhooks.signature(job.requester, event_id, moment, body),
        }

    def _body(self, view: View) -> bytes:
        job, event = view.job, view.event
        made = isinstance(event, Finished) and isinstance(event.outcome, Succeeded)
        ended = job.finished_at or datetime.now(UTC)
        told = {
            "id": _event_id(job),
            "object": "event",
            "type": "video.completed" if made else "video.failed",
            "created_at": int(ended.timestamp()),
            "timestamp": ended.isoformat(),
            "data": self._shown(view),
        }
        return json.dumps(told, ensure_ascii=False).encode()


def shown_in(catalogue: Catalogue, *, keep_clips: float) -> Callable[[View], dict[str, Any]]:
    """The Video object as a webhook carries it."""

    def shown(view: View) -> dict[str, Any]:
        return video_object(view, catalogue, keep_clips=keep_clips).model_dump(mode="json")

    return shown


def _event_id(job: Job) -> str:
    """The same at every try, so that a receiver can tell a repetition."""
    return f"evt_{job.id.removeprefix('video_')}"
