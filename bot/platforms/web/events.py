"""Event streams: of one video, and of everything that its caller has going on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import Response, StreamingResponse

from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of
from bot.platforms.web.openapi import errors, stream
from bot.platforms.web.sse import Streams, stream_of
from bot.platforms.web.videos import VideoId
from generation.dispatch.service import AnimationService

LastEvent = Annotated[str | None, Header(alias="Last-Event-ID", max_length=64)]


class Events:
    def __init__(self, service: AnimationService, identity: Identity, streams: Streams) -> None:
        self._service = service
        self._identity = identity
        self._streams = streams

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1", tags=["events"], responses=errors(401, 405))
        router.add_api_route(
            "/videos/{video_id}/events",
            self.of_one,
            methods=["GET"],
            response_class=StreamingResponse,
            responses={**stream("Events until the job has ended."), **errors(400, 404)},
        )
        router.add_api_route(
            "/events",
            self.of_all,
            methods=["GET"],
            response_class=StreamingResponse,
            responses={**stream("Events of all jobs, without an end."), **errors(400)},
        )
        return router

    async def of_one(self, request: Request, video_id: VideoId) -> Response:
        """Server-Sent Events: queued, progress, then completed, failed or cancelled."""
        caller = self._identity.caller(request)
        await self._service.job(video_id, caller.requester)
        return stream_of(request, self._streams.job(video_id, catalogue_of(request)))

    async def of_all(self, request: Request, last: LastEvent = None) -> Response:
        """The same of all the caller's videos, each with its `video_id`: what is going on first.

        Of those that have ended also `marked` and `deleted`. Who comes back with `Last-Event-ID` is
        told the ends and deletions that were missed meanwhile.
        """
        caller = self._identity.caller(request)
        events = self._streams.all(caller.requester, catalogue_of(request), last)
        return stream_of(request, events)
