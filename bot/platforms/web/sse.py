"""A job as Server-Sent Events: what the page listens to."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed, noted
from bot.platforms.web.reads import HEAD_ONLY
from generation.dispatch.service import AnimationService
from generation.events import (
    Cancelled,
    Failed,
    Finished,
    JobEvent,
    Outcome,
    Running,
    Succeeded,
    Waiting,
)

QUIET = 15.0
"""Seconds of silence after which a comment is sent: proxies cut connections that look dead."""

PACE = 0.2
"""Seconds between two reports of progress: smooth to the eye, light for a hundred watchers."""


HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""nginx holds back what does not tell it not to."""


def stream_of(request: Request, events: AsyncGenerator[bytes]) -> Response:
    """Whatever can be refused is refused before: a stream that has begun can only end."""
    if request.scope.get(HEAD_ONLY):
        return Response(media_type="text/event-stream", headers=HEADERS)
    return StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)


class Streams:
    """Every open stream ends at once with `restarting` when the program stops."""

    def __init__(self, service: AnimationService, *, quiet: float = QUIET) -> None:
        self._service = service
        self._quiet = quiet
        self._closing = asyncio.Event()

    def close(self) -> None:
        self._closing.set()

    async def job(self, job_id: str, catalogue: Catalogue) -> AsyncGenerator[bytes]:
        """The stream of one job, as bytes on the wire."""
        async with aclosing(self._service.watch(job_id)) as events:
            async for item in self._until_closing(events):
                yield b": still here\n\n" if item is None else _wire(item, catalogue)
                if isinstance(item, Running):
                    await asyncio.sleep(PACE * random.uniform(0.75, 1.25))  # not all at once
        if self._closing.is_set():
            yield _frame("restarting", {})

    async def _until_closing(
        self, events: AsyncGenerator[JobEvent]
    ) -> AsyncGenerator[JobEvent | None]:
        """Events as they come, `None` after a silence; ends with the job or at closing."""
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


async def _next(events: AsyncGenerator[JobEvent]) -> JobEvent | None:
    return await anext(events, None)


def _wire(event: JobEvent, catalogue: Catalogue) -> bytes:
    match event:
        case Waiting(position=position, eta_seconds=eta):
            return _frame("queued", {"position": position, "eta_seconds": _rounded(eta)})
        case Running(phase, step, steps, eta, preview):
            progress = {"step": step, "steps": steps, "eta_seconds": _rounded(eta)}
            shown = {} if preview is None else {"preview": _data_url(preview)}
            return _frame("progress", {**progress, "phase": phase.value, **shown})
        case Finished(outcome):
            return _ending(outcome, catalogue)


def _ending(outcome: Outcome, catalogue: Catalogue) -> bytes:
    match outcome:
        case Succeeded(clip, notes):
            said = {"notes": noted(catalogue, notes), "note_codes": [note.code for note in notes]}
            size = f"{clip.width}x{clip.height}"
            return _frame("completed", {"size": size, "bytes": clip.size, **said})
        case Failed():
            error = {"code": outcome.code, "message": failed(catalogue, outcome)}
            return _frame("failed", {"error": error})
        case Cancelled():
            return _frame("cancelled", {})


def _frame(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
