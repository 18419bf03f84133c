"""Jobs as Server-Sent Events, one or all of somebody's: what the page listens to."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import lru_cache
from typing import Any, TypeVar

from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.requests import Request
from starlette.responses import Response

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed, noted
from bot.platforms.web.reads import HEAD_ONLY, head_of_stream
from generation.dispatch.service import AnimationService
from generation.events import (
    Afterwards,
    Cancelled,
    Failed,
    Finished,
    JobDeleted,
    JobEvent,
    JobMarked,
    Outcome,
    Running,
    Succeeded,
    Waiting,
)
from generation.jobs import Requester

QUIET = 15.0
"""Seconds of silence after which a comment is sent: proxies cut connections that look dead."""

PACE = 0.2
"""Seconds between two reports of progress: smooth to the eye, light for a hundred watchers."""


OVERLAP = 2.0
"""Seconds before an event that are told again: what ended in them may not have arrived."""

EVENT_ID = re.compile(r"\d{1,12}\.\d{3}")
"""The epoch second in which it was told, so that a new connection knows what it missed."""

RESTARTING = format_sse_event(event="restarting", data_str="{}")

News = TypeVar("News")

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""nginx holds back what does not tell it not to."""


def stream_of(request: Request, events: AsyncGenerator[bytes]) -> Response:
    """Whatever can be refused is refused before: a stream that has begun can only end."""
    if request.scope.get(HEAD_ONLY):
        return head_of_stream(EventSourceResponse.media_type, HEADERS)
    return EventSourceResponse(events, headers=HEADERS)


class Streams:
    """Every open stream ends at once with `restarting` when the program stops."""

    def __init__(
        self,
        service: AnimationService,
        *,
        quiet: float = QUIET,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._quiet = quiet
        self._clock = clock
        self._closing = asyncio.Event()

    def close(self) -> None:
        self._closing.set()

    async def job(self, job_id: str, catalogue: Catalogue) -> AsyncGenerator[bytes]:
        """The stream of one job, as bytes on the wire."""
        async with aclosing(self._service.watch(job_id)) as events:
            async for item in self._until_closing(events):
                yield b": still here\n\n" if item is None else _wire(item, catalogue)
                if isinstance(item, Running):
                    await _pace()
        if self._closing.is_set():
            yield RESTARTING

    async def all(
        self, requester: Requester, catalogue: Catalogue, last: str | None
    ) -> AsyncGenerator[bytes]:
        """The stream of all jobs of somebody; `last` is the id of the last event they got."""
        told_at, now = _moment(last), self._clock()
        begun = (
            "" if told_at is not None else f"id: {now:.3f}\n"
        )  # who hears nothing comes back too
        yield f"retry: 1500\n{begun}: everything of yours\n\n".encode()
        since = None if told_at is None else (told_at - OVERLAP if told_at <= now else 0.0)
        async with aclosing(self._service.watch_all(requester, since=since)) as events:
            async for news in self._until_closing(events):
                moment = f"{self._clock():.3f}"
                if news is None:
                    yield b": still here\n\n"
                    continue
                for job_id, event in news.items():
                    yield _wire(event, catalogue, job_id=job_id, moment=moment)
                if all(isinstance(event, Running) for event in news.values()):
                    await _pace()
        yield RESTARTING

    async def _until_closing(self, events: AsyncGenerator[News]) -> AsyncGenerator[News | None]:
        """Events as they come, `None` after a silence; ends with them or at closing."""
        closing = asyncio.create_task(self._closing.wait())
        upcoming = asyncio.create_task(_next(events))
        try:
            while not closing.done():
                waits: set[asyncio.Task[Any]] = {upcoming, closing}
                await asyncio.wait(waits, timeout=self._quiet, return_when=asyncio.FIRST_COMPLETED)
                if not upcoming.done():
                    yield None
                    continue
                event = upcoming.result()
                if event is None:
                    return
                yield event
                upcoming = asyncio.create_task(_next(events))
        finally:
            closing.cancel()
            upcoming.cancel()
            await asyncio.gather(closing, upcoming, return_exceptions=True)


async def _next(events: AsyncGenerator[News]) -> News | None:
    return await anext(events, None)


async def _pace() -> None:
    await asyncio.sleep(PACE * random.uniform(0.75, 1.25))  # not all at once


def _moment(event_id: str | None) -> float | None:
    """When the event with this id was told; `None` for what was never one of ours."""
    if event_id is None or EVENT_ID.fullmatch(event_id) is None:
        return None
    return float(event_id)


def _wire(
    event: JobEvent | Afterwards,
    catalogue: Catalogue,
    *,
    job_id: str | None = None,
    moment: str | None = None,
) -> bytes:
    name, text = _written(event, catalogue, job_id)
    return format_sse_event(event=name, data_str=text, id=moment)


@lru_cache(maxsize=256)
def _written(
    event: JobEvent | Afterwards, catalogue: Catalogue, job_id: str | None
) -> tuple[str, str]:
    """Name and data, written once for all who watch; of many jobs, each event says of which."""
    name, data = _said(event, catalogue)
    whose = {} if job_id is None else {"video_id": job_id}
    return name, json.dumps({**whose, **data})


def _said(event: JobEvent | Afterwards, catalogue: Catalogue) -> tuple[str, dict[str, Any]]:
    match event:
        case Waiting(position=position, eta_seconds=eta):
            return "queued", {"position": position, "eta_seconds": _rounded(eta)}
        case Running(phase, step, steps, eta, preview, scene, scenes):
            progress = {"step": step, "steps": steps, "eta_seconds": _rounded(eta)}
            shown = {} if preview is None else {"preview": _data_url(preview)}
            of_film = {"scene": scene, "scenes": scenes} if scenes else {}
            return "progress", {**progress, "phase": phase.value, **of_film, **shown}
        case Finished(outcome):
            return _ending(outcome, catalogue)
        case JobMarked(favorite):
            return "marked", {"favorite": favorite}
        case JobDeleted():
            return "deleted", {}


def _ending(outcome: Outcome, catalogue: Catalogue) -> tuple[str, dict[str, Any]]:
    match outcome:
        case Succeeded(clip, notes):
            said = {"notes": noted(catalogue, notes), "note_codes": [note.code for note in notes]}
            size = f"{clip.width}x{clip.height}"
            return "completed", {"size": size, "bytes": clip.size, **said}
        case Failed():
            error = {"code": outcome.code, "message": failed(catalogue, outcome)}
            return "failed", {"error": error}
        case Cancelled():
            return "cancelled", {}


def _data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
